"""The benchmark's baseline is the log-sum form, and the same function as the package's own kernels."""

import pytest
import torch

from rbfcore.bench.pruning import LogSumBernoulli
from rbfcore.distributions.finite import Bernoulli
from rbfcore.network import RBFN
from rbfcore.pruning.objective import PruningLoss


def test_baseline_takes_its_own_form_and_gives_the_same_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    large = RBFN(6, 20, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    small = RBFN(6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    q = torch.full((6,), 0.3, dtype=torch.float64)
    calls = []
    plain = LogSumBernoulli._expectation
    monkeypatch.setattr(LogSumBernoulli, "_expectation", lambda *a: (calls.append(1), plain(*a))[1])
    arguments = (
        small.gamma.detach().expand(1, 3),
        small.alpha.detach()[None],
        small.beta.detach()[None],
        small.centroids.detach()[None],
    )
    ours = PruningLoss(large, Bernoulli(q))(*arguments)
    theirs = PruningLoss(large, LogSumBernoulli(q))(*arguments)
    assert calls
    torch.testing.assert_close(theirs, ours, rtol=1e-10, atol=0)
