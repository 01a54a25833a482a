"""The extended-precision loss against enumeration in differences, which loses no digits."""

import numpy as np
import pytest
import torch

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.empirical import Empirical
from rbfcore.distributions.finite import Bernoulli, Finite
from rbfcore.distributions.gaussian_mixture import Normal
from rbfcore.distributions.mixture import Mixture
from rbfcore.distributions.product import Product
from rbfcore.network import RBFN
from rbfcore.pruning.extended_precision import extended_precision_loss
from rbfcore.pruning.objective import PruningLoss, pruning_loss

EXTENDED = np.finfo(np.longdouble).eps < 1e-18
# Relative errors at J / V of about 1e-2, 1e-4, ... 1e-10 that the digits of the sums allow.
PRECISE = (1e-11, 1e-11, 1e-10, 1e-9, 1e-7) if EXTENDED else (1e-10, 1e-8, 1e-6, 1e-4, 1e-2)
# Plain float64 serves until 1e-4 of the variance, extended precision takes over below.
ROUTED = (1e-11, 1e-9, 1e-9, 1e-9, 1e-7) if EXTENDED else (1e-11, 1e-9, 1e-7, 1e-5, 1e-3)


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
    assert extended_precision_loss(large, near, p) == pytest.approx(expected, rel=PRECISE[order])
    assert float(pruning_loss(large, near, p).detach()) == pytest.approx(expected, rel=ROUTED[order])
    assert extended_precision_loss(large, large, p) <= (1e-17 if EXTENDED else 1e-13)  # rounding only


TWO, THREE = Finite([-1.0, 1.0], [0.3, 0.7]), Finite([-1.0, 0.2, 1.5], [0.5, 0.2, 0.3])
GRID = np.array([[-1.0, 0.5, 2.0], [0.3, -0.2, 1.0], [1.0, 1.0, -1.0], [0.0, 2.0, 0.1]])


def _states(alphabets: list[Finite]) -> tuple[torch.Tensor, torch.Tensor]:
    values = [alphabet.values.flatten() for alphabet in alphabets]
    chances = [alphabet.probabilities.flatten() for alphabet in alphabets]
    return torch.cartesian_prod(*values), torch.cartesian_prod(*chances).prod(1)


@pytest.mark.parametrize(
    ("p", "states"),
    [
        (THREE, _states([THREE] * 3)),
        (Product([TWO, THREE, Bernoulli(0.2)]), _states([TWO, THREE, Finite([-1.0, 1.0], [0.8, 0.2])])),
        (
            Mixture([0.25, 0.75], [TWO.for_inputs(3), THREE.for_inputs(3)]),
            tuple(
                torch.cat([scale * part if which else part for scale, part in zip((0.25, 0.75), parts, strict=True)])
                for which, parts in enumerate(zip(_states([TWO] * 3), _states([THREE] * 3), strict=True))
            ),
        ),
        (Empirical(GRID), (torch.from_numpy(GRID), torch.full((4,), 0.25, dtype=torch.float64))),
    ],
    ids=["three letters", "product", "mixture", "points"],
)
def test_other_discrete_distributions(p: InputDistribution, states: tuple[torch.Tensor, torch.Tensor]) -> None:
    """Public loss at J / V of about 1e-8 against the sum over all states, in differences."""
    large = RBFN(3, 40, dtype=torch.float64, generator=torch.Generator().manual_seed(9))
    noise = torch.randn(40, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    near = RBFN.from_parameters(large.alpha, large.beta, large.gamma, large.centroids.detach() + 1e-4 * noise)
    x, chance = states
    gap = torch.zeros(len(x), dtype=torch.float64)
    for beta, one, other in zip(large.beta.detach(), large.centroids.detach(), near.centroids.detach(), strict=True):
        further = ((one - other) * (2 * x - one - other)).sum(1)
        feature = torch.exp(-large.gamma.detach() * (x - one).square().sum(1))
        gap += beta * feature * -torch.expm1(-large.gamma.detach() * further)
    expected = float(chance @ gap.square())
    assert expected < 1e-6 * float(PruningLoss(large, p).variance)
    found = pruning_loss(large, near, p)
    assert float(found.detach()) == pytest.approx(expected, rel=1e-9 if EXTENDED else 1e-4)
    found.backward()  # the value comes from elsewhere, the gradient does not
    assert near.beta.grad is not None
    assert bool(torch.isfinite(near.beta.grad).all())


def test_densities_have_no_precise_form() -> None:
    network = RBFN(3, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    assert extended_precision_loss(network, network, Normal()) is None
    assert extended_precision_loss(network, network, Product([Normal(), TWO, TWO])) is None
