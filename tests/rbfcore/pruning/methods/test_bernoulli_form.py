"""Distributions on -1/+1 inputs as mixtures of independent sites, against probabilities of every input."""

import pytest
import torch

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.empirical import Empirical
from rbfcore.distributions.finite import Bernoulli, Finite
from rbfcore.distributions.gaussian_mixture import Normal
from rbfcore.distributions.mixture import Mixture
from rbfcore.distributions.product import Product
from rbfcore.network import RBFN
from rbfcore.pruning.methods.bernoulli_form import binary_sites
from rbfcore.pruning.methods.slopes import SlopeProblem
from rbfcore.pruning.objective import PruningLoss
from rbfcore.pruning.prune import prune

D = 4
X = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0], dtype=torch.float64)] * D)
LAYERS = Mixture([0.4, 0.6], [Bernoulli([0.9, 0.8, 0.2, 0.1]), Bernoulli(0.4)])
KNOWN: dict[str, InputDistribution] = {
    "bernoulli": Bernoulli([0.1, 0.9, 0.5, 0.3]),
    "two letters": Finite([1.0, -1.0], [0.3, 0.7]),
    "side by side": Product([Bernoulli([0.2, 0.7]), Finite([-1.0, 1.0], [0.4, 0.6]), Bernoulli(0.9)]),
    "mixture": LAYERS,
    "mixture of mixtures": Mixture([0.3, 0.7], [LAYERS, Bernoulli(0.2)]),
    "a component without weight": Mixture([0.0, 1.0], [Normal(), Bernoulli(0.2)]),
    "sites that are always filled in one component": Mixture(
        [0.5, 0.5], [Finite([-1.0, 1.0], [[0.0, 1.0]] * D), Bernoulli(0.3)]
    ),
}
OTHERS: dict[str, InputDistribution] = {
    "data": Empirical(X[:5]),
    "continuous": Mixture([0.5, 0.5], [Normal(), Bernoulli(0.2)]),
    "three letters": Finite([-1.0, 0.0, 1.0], [0.3, 0.3, 0.4]),
    "always filled": Finite([-1.0, 1.0], [0.0, 1.0]),
    "a mixture beside others": Product([LAYERS, Bernoulli(0.2)]),
}


@pytest.mark.parametrize("name", KNOWN)
def test_every_input_has_its_probability(name: str) -> None:
    p = KNOWN[name].for_inputs(D)
    sites = binary_sites(p)
    assert sites is not None
    each = torch.where(X[:, None] > 0, sites.q, 1 - sites.q).prod(-1)
    torch.testing.assert_close(each @ sites.weights, p.log_density(X).exp())


@pytest.mark.parametrize("name", KNOWN)
def test_a_pruning_starts_and_ends_with_exact_losses(name: str) -> None:
    """The state of the solver and its result, against the gap over all inputs."""
    large = RBFN(D, 30, dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    p = KNOWN[name].for_inputs(D)
    chance = p.log_density(X).exp()
    problem = SlopeProblem(PruningLoss(large, p), 0.8, 1e-3, 1e-3)
    state = problem.evaluate(problem.starts(3, 2, seed=0))
    gamma, alpha, beta, theta = problem.network(state)
    for run in range(2):
        small = RBFN.from_parameters(alpha[run], beta[run], gamma[run], theta[run])
        gap = (large(X) - small(X)).detach()
        assert float(state.loss[run]) == pytest.approx(float(chance @ gap.square()), rel=1e-8)
    found = prune(large, p, 3, restarts=3)
    gap = (large(X) - found.network(X)).detach()
    assert found.loss == pytest.approx(float(chance @ gap.square()), rel=1e-7)
    assert found.loss < float(state.loss.min())


@pytest.mark.parametrize("name", OTHERS)
def test_other_distributions_have_no_such_form(name: str) -> None:
    assert binary_sites(OTHERS[name].for_inputs(5 if "beside" in name else D)) is None
