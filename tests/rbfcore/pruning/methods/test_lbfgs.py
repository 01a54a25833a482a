"""Pruning under every kind of distribution: exact gradients, honest losses, and better than the paper's schedule."""

import numpy as np
import pytest
import torch

from rbfcore.data.toy import toy_function
from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.empirical import Empirical
from rbfcore.distributions.finite import Bernoulli, Finite
from rbfcore.distributions.gaussian_mixture import GaussianMixture, Normal
from rbfcore.distributions.mixture import Mixture
from rbfcore.distributions.product import Product
from rbfcore.distributions.uniform import Uniform
from rbfcore.network import RBFN
from rbfcore.pruning.methods.nodes import stand_in
from rbfcore.pruning.methods.projection import ProjectedLoss
from rbfcore.pruning.objective import PruningLoss, pruning_loss
from rbfcore.pruning.prune import prune, prune_steps

D = 4
POINTS = 2.0 * torch.bernoulli(torch.full((60, D), 0.3), generator=torch.Generator().manual_seed(2)).double() - 1
CASES: dict[str, InputDistribution] = {
    "three letters": Finite([-1.0, 0.0, 1.0], [0.3, 0.2, 0.5]),
    "families side by side": Product([Bernoulli(0.3), Normal(), Uniform(-1.0, 2.0), Finite([0.0, 1.0], [0.4, 0.6])]),
    "filled layers": Mixture([0.4, 0.6], [Bernoulli([0.9, 0.8, 0.2, 0.1]), Bernoulli(0.4)]),
    "data": Empirical(POINTS),
    "normal": Normal(0.2, 0.8),
    "two humps": GaussianMixture([0.3, 0.7], [-1.0, 1.0], [0.2, 0.5]),
    "uniform": Uniform(-2.0, 1.5),
}


def network(d: int, k: int, seed: int = 0) -> RBFN:
    return RBFN(d, k, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("name", list(CASES))
def test_losses_are_closed_forms_and_better_than_greedy_starts(name: str) -> None:
    large, p = network(D, 30), CASES[name]
    steps = list(prune_steps(large, p, 4, restarts=3))
    last = steps[-1]
    assert last.done
    assert not steps[0].done
    found = RBFN.from_plain(last.network)
    assert last.loss == pytest.approx(float(pruning_loss(large, found, p).detach()), rel=1e-7)
    assert last.loss < steps[0].loss
    again = list(prune_steps(large, p, 4, restarts=3))[-1]
    np.testing.assert_array_equal(again.network.centroids, last.network.centroids)


@pytest.mark.parametrize("name", ["filled layers", "data"])
def test_gamma_is_a_gauge_on_binary_inputs_and_slopes_stay_under_the_cap(name: str) -> None:
    large = network(D, 30)
    assert CASES[name].binary_inputs
    result = prune(large, CASES[name], 3, restarts=2, slope_cap=0.6)
    assert float(result.network.gamma.detach()) == pytest.approx(float(large.gamma.detach()))
    slopes = 2 * result.network.gamma.detach() * result.network.centroids.detach()
    assert float(torch.tanh(slopes).abs().max()) <= 0.6 + 1e-9


@pytest.mark.parametrize(
    "p",
    [
        Bernoulli(0.3),
        Finite([1.0, -1.0], [0.3, 0.7]),
        Mixture([0.4, 0.6], [Bernoulli([0.9, 0.8, 0.2, 0.1, 0.5, 0.7]), Bernoulli(0.4)]),
    ],
    ids=["bernoulli", "two letters", "mixture"],
)
def test_both_fast_methods_agree_on_binary_inputs(p: InputDistribution) -> None:
    large = network(6, 40, seed=1)
    options = {"restarts": 10, "ridge": 1e-3, "offset_penalty": 1e-3, "tolerance": 1e-7}
    one = prune(large, p, 2, **options)
    named = prune(large, p, 2, method="gauss-newton", **options)
    assert named.network.plain().fingerprint() == one.network.plain().fingerprint()
    other = prune(large, p, 2, method="lbfgs", **options)
    assert other.loss == pytest.approx(one.loss, rel=1e-3)


@pytest.mark.parametrize("per_prototype", [False, True])
def test_gradients_match_differences(per_prototype: bool) -> None:
    """Envelope gradients with the weights eliminated, against central differences of the whole objective."""
    large, p = network(2, 15, seed=3), Normal()
    projected = ProjectedLoss(PruningLoss(large, p), p, 1e-2, 1e-2)
    generator = torch.Generator().manual_seed(4)
    theta = torch.randn(1, 3, 2, dtype=torch.float64, generator=generator).requires_grad_()
    gamma = torch.full((1, 3 if per_prototype else 1), 0.7, dtype=torch.float64).requires_grad_()
    ours = torch.autograd.grad(projected(gamma.expand(1, 3), theta).objective.sum(), (theta, gamma))
    for variable, gradient in zip((theta, gamma), ours, strict=True):
        for place in range(variable.numel()):
            values = []
            for sign in (1, -1):
                moved = variable.detach().clone()
                moved.view(-1)[place] += sign * 1e-5
                pair = (gamma, moved) if variable is theta else (moved, theta)
                values.append(float(projected(pair[0].expand(1, 3), pair[1]).objective.detach()))
            assert float(gradient.flatten()[place]) == pytest.approx((values[0] - values[1]) / 2e-5, rel=1e-4, abs=1e-7)


def toy_network() -> RBFN:
    """The toy function itself as a network: weights at 60 centroids by least squares."""
    theta = torch.linspace(-5, 5, 60, dtype=torch.float64)[:, None]
    x = torch.linspace(-4.5, 4.5, 400, dtype=torch.float64)[:, None]
    frame = RBFN.from_parameters(0.0, torch.zeros(60).double(), 8.0, theta)
    beta = torch.linalg.lstsq(frame.features(x).detach(), torch.from_numpy(toy_function(x[:, 0].numpy()))[:, None])
    return RBFN.from_parameters(0.0, beta.solution[:, 0], 8.0, theta)


@pytest.mark.parametrize(
    ("p", "per_prototype", "limit"),
    [
        (Normal(), False, 1.3e-3),
        (Normal(), True, 6e-4),
        (Uniform(-4, 4), False, 1.2e-2),
        (Uniform(-4, 4), True, 1.02e-2),
    ],
)
def test_toy_problem(p: InputDistribution, per_prototype: bool, limit: float) -> None:
    """Sec. 3.1 with three prototypes: the paper's schedule reaches 3.5e-3 and 1.6e-2."""
    result = prune(toy_network(), p, 3, restarts=10, per_prototype_gamma=per_prototype)
    assert result.loss <= limit
    assert result.network.log_gamma.shape == ((3,) if per_prototype else ())


def test_nodes_stand_in_only_where_they_are_exact_enough() -> None:
    wide = RBFN.from_parameters(0.0, [1.0, 2.0], 0.3, [[0.5], [-1.0]])
    narrow = RBFN.from_parameters(0.0, [1.0, 2.0], 500.0, [[0.5], [-1.0]])
    p = Uniform(-2.0, 2.0)
    nodes = stand_in(PruningLoss(wide, p))
    assert isinstance(nodes, Finite)
    assert isinstance(stand_in(PruningLoss(narrow, p)), Uniform)
    gamma, theta = torch.tensor([0.2, 1.0]).double(), torch.tensor([[0.1], [1.7]]).double()
    torch.testing.assert_close(
        nodes.expectation(gamma, theta, gamma, theta), p.expectation(gamma, theta, gamma, theta), rtol=0, atol=1e-9
    )
