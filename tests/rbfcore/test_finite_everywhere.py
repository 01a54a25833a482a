"""No NaN anywhere for slopes |4 gamma z| up to 1e3: every distribution, pruning method and explanation, both dtypes."""

import numpy as np
import pytest
import torch

import rbfcore as rc
from rbfcore.lattice import environment
from rbfcore.parameters import peaks

D = 4
GAMMA = 0.5
REACH = 1e3 / (4 * GAMMA)  # of centroids: |4 gamma z| = 1e3
DISTRIBUTIONS = {
    "normal": rc.Normal(),
    "gaussian mixture": rc.GaussianMixture([0.4, 0.6], [-1.0, 1.0], [0.5, 0.1]),
    "uniform": rc.Uniform(-4, 4),
    "bernoulli": rc.Bernoulli(0.3),
    "finite": rc.Finite([-1.0, 0.0, 1.0], [0.2, 0.3, 0.5]),
    "product": rc.Product([rc.Bernoulli(0.5), rc.Normal(), rc.Uniform(-1, 1), rc.Finite([0.0, 2.0], [0.5, 0.5])]),
    "mixture": rc.Mixture([0.5, 0.5], [rc.Bernoulli(0.2), rc.Bernoulli(0.8)]),
    "empirical": rc.Empirical(np.array([[1.0, -1, 1, -1], [-1, -1, 1, 1], [1, 1, 1, 1]])),
}
DTYPES = (torch.float64, torch.float32)


def centroids(n: int, d: int, dtype: torch.dtype) -> torch.Tensor:
    """Some among the data, most far outside, on both sides; the farthest at the limit."""
    generator = torch.Generator().manual_seed(0)
    scale = torch.logspace(-1, float(np.log10(REACH)), n, dtype=torch.float64)[:, None]
    z = scale * (2 * torch.rand(n, d, generator=generator, dtype=torch.float64) - 1)
    z[-1] = REACH
    z[-2] = -REACH
    return z.to(dtype)


def network(dtype: torch.dtype, d: int = D) -> rc.RBFN:
    """Twelve centroids with weights of order one."""
    beta = torch.linspace(-1, 1, 12, dtype=dtype)
    return rc.RBFN.from_parameters(torch.tensor(0.5, dtype=dtype), beta, GAMMA, centroids(12, d, dtype))


def assert_finite(*values: object) -> None:
    for value in values:
        assert bool(torch.isfinite(torch.as_tensor(value)).all())


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_expectations_and_their_gradients(name: str, dtype: torch.dtype) -> None:
    u = centroids(12, D, dtype).requires_grad_()
    v = centroids(9, D, dtype).flip(0).requires_grad_()
    k = torch.full((12,), GAMMA, dtype=dtype, requires_grad=True)
    p = DISTRIBUTIONS[name]
    values = p.expectation(k, u, GAMMA, v)
    means = p.feature_mean(k, u)
    assert_finite(values.detach(), means.detach())
    assert float(values.detach().min()) >= 0
    assert float(values.detach().max()) <= 1 + 1e-6
    for result in (values.sum(), means.sum()):
        assert_finite(*torch.autograd.grad(result, [k, u], retain_graph=True))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_loss_and_explanations(name: str, dtype: torch.dtype) -> None:
    net, p = network(dtype), DISTRIBUTIONS[name]
    other = network(dtype)
    with torch.no_grad():
        other.centroids.mul_(0.9)
    loss = rc.pruning_loss(net, other, p)
    loss.backward()
    assert_finite(loss.detach(), *(part.grad for part in other.parameters() if part.grad is not None))
    assert_finite(rc.pruning_loss(net, net, p).detach())
    if name not in ("mixture", "empirical"):  # inputs must be independent
        found = rc.sobol(net, p)
        assert_finite(found.first, found.total, found.pairs, found.variance)
        assert_finite(rc.shapley_effects(net, p), rc.interaction_orders(net, p))
        assert_finite(rc.shapley_values(net, p, p.sample(3, seed=0, n_inputs=D)))
    assert_finite(rc.contributions(net, np.ones((2, D))))


@pytest.mark.parametrize(
    ("method", "name"),
    [*((method, name) for method in ("adam", "lbfgs") for name in DISTRIBUTIONS), ("gauss-newton", "bernoulli")],
)
def test_pruning(method: str, name: str) -> None:
    """In float64 whatever the network's precision."""
    p = DISTRIBUTIONS[name]
    steps = list(rc.prune_steps(network(torch.float32), p, 3, restarts=2, method=method, max_iterations=8))
    for step in steps:
        assert_finite(step.losses, step.network.beta, step.network.centroids, step.network.gamma, step.network.alpha)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_tables_symmetry_and_prototypes(dtype: torch.dtype) -> None:
    net = network(dtype)
    assert_finite(rc.enumerate_binary(net), rc.table_comparison(net, net).rms, peaks(net))
    table = rc.prototypes(net)
    assert_finite(table.select_dtypes("number").to_numpy(dtype=np.float64))
    env, half = environment("fcc", 2), rc.Bernoulli(0.5)
    wide = network(dtype, 26)
    assert_finite(rc.invariance_gap(wide, env, half), rc.symmetrize(wide, env).predict(np.ones((2, 26))))
    assert_finite(rc.symmetry_scores(wide, env, half).overall, rc.match_prototypes(wide, wide, env, half).similarity)
