"""The plateau rule against the library's scheduler, and the cosine against its definition."""

import math
from itertools import pairwise

import pytest
import torch

from rbfcore.numerics.schedule import Plateau, cosine_rate


@pytest.mark.parametrize("seed", range(5))
def test_plateau_matches_the_library_scheduler(seed: int) -> None:
    """torch's ReduceLROnPlateau with threshold 0 is what the paper's program uses."""
    parameter = torch.nn.Parameter(torch.zeros(()))
    optimiser = torch.optim.SGD([parameter], lr=1e-2)
    reference = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimiser, factor=0.1, patience=3, cooldown=2, threshold=0, threshold_mode="abs"
    )
    ours = Plateau(1e-2, patience=3, cooldown=2, stop_below=1e-4)
    losses = torch.rand(200, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    for loss in losses:
        if not bool(ours.running[0]):
            break
        ours.step(loss[None])
        reference.step(float(loss))
        assert float(ours.rate[0]) == pytest.approx(optimiser.param_groups[0]["lr"], rel=1e-12)
    assert not bool(ours.running[0])
    assert float(ours.rate[0]) == pytest.approx(1e-5)


def test_runs_of_a_plateau_do_not_touch_each_other() -> None:
    """Three runs at once do what each would do alone."""
    generator = torch.Generator().manual_seed(1)
    losses = torch.rand(80, 3, generator=generator, dtype=torch.float64)
    together = Plateau(1e-3, patience=4, cooldown=3, stop_below=1e-5, runs=3)
    alone = [Plateau(1e-3, patience=4, cooldown=3, stop_below=1e-5) for _ in range(3)]
    for row in losses:
        together.step(row)
        for plateau, loss in zip(alone, row, strict=True):
            plateau.step(loss[None])
        torch.testing.assert_close(together.rate, torch.cat([plateau.rate for plateau in alone]))
        torch.testing.assert_close(together.best, torch.cat([plateau.best for plateau in alone]))


def test_the_last_rate_of_the_paper_is_used() -> None:
    """1e-2 times 0.1 twice is 1e-4 but for rounding: "stop below 1e-4" still trains at 1e-4."""
    plateau = Plateau(1e-2, patience=0, cooldown=0)
    plateau.step(torch.zeros(1))
    for _ in range(2):
        plateau.step(torch.ones(1))
    assert float(plateau.rate[0]) == pytest.approx(1e-4)
    assert bool(plateau.running[0])
    plateau.step(torch.ones(1))
    assert not bool(plateau.running[0])


def test_cosine_rate_rises_and_falls() -> None:
    rates = [cosine_rate(step, 100, 2.0) for step in range(100)]
    assert rates[4] == max(rates) == 2.0
    assert rates[52] == pytest.approx(1 + math.cos(math.pi * 47 / 95))
    assert all(later < earlier for earlier, later in pairwise(rates[5:]))
    assert 0 < rates[-1] < 1e-2
