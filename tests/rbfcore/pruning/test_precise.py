"""The extended-precision loss against enumeration in differences, which loses no digits."""

import numpy as np
import pytest
import torch

from rbfcore.distributions.finite import Bernoulli
from rbfcore.network import RBFN
from rbfcore.pruning.objective import PruningLoss, pruning_loss
from rbfcore.pruning.precise import precise_bernoulli_loss

EXTENDED = np.finfo(np.longdouble).eps < 1e-18
# Relative errors at J / V of about 1e-2, 1e-4, ... 1e-10 that the digits of the sums allow.
PRECISE = (1e-11, 1e-11, 1e-10, 1e-9, 1e-7) if EXTENDED else (1e-10, 1e-8, 1e-6, 1e-4, 1e-2)
FLOAT64 = (1e-11, 1e-9, 1e-7, 1e-5, 1e-3)


def gap_by_enumeration(large: RBFN, near: RBFN, q: float) -> float:
    """Sum over all inputs of the squared difference, taken feature by feature so that nothing cancels."""
    x = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0], dtype=torch.float64)] * large.n_inputs)
    chance = torch.tensor(q, dtype=torch.float64)
    weight = torch.where(x > 0, chance, 1 - chance).prod(1)
    gamma, gap = large.gamma.detach(), torch.zeros(len(x), dtype=torch.float64)
    for beta, one, other in zip(large.beta.detach(), large.centroids.detach(), near.centroids.detach(), strict=True):
        further = ((one - other) * (2 * x - one - other)).sum(1)  # |x - other|^2 - |x - one|^2
        gap += beta * torch.exp(-gamma * (x - one).square().sum(1)) * -torch.expm1(-gamma * further)
    return float((weight * gap.square()).sum())


@pytest.mark.parametrize("q", [0.5, 0.1])
@pytest.mark.parametrize("order", range(5))
def test_accuracy_where_networks_nearly_agree(order: int, q: float) -> None:
    large = RBFN(12, 200, dtype=torch.float64, generator=torch.Generator().manual_seed(9))
    noise = torch.randn(200, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    theta = large.centroids.detach() + 10.0 ** -(order + 1) * noise
    near = RBFN.from_parameters(large.alpha, large.beta, large.gamma, theta)
    p = Bernoulli(q)
    expected = gap_by_enumeration(large, near, q)
    share = expected / float(PruningLoss(large, p).variance)
    assert 10.0 ** -(2 * order + 3) < share < 10.0 ** -(2 * order + 1)
    assert precise_bernoulli_loss(large, near, p) == pytest.approx(expected, rel=PRECISE[order])
    assert float(pruning_loss(large, near, p).detach()) == pytest.approx(expected, rel=FLOAT64[order])
    assert precise_bernoulli_loss(large, large, p) >= 0
