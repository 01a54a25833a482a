"""Normal inputs between two bounds: far tails, limits that are other families, nodes, draws, and wrong numbers."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

import rbfcore as rc
from tests import reference

# Logs of values near exp(-450) lose 450 times 1e-16.
CLOSED_FORM = 1e-10
NODES = 1e-9  # 48 nodes against features about as wide as the distribution

CUTS = [
    (0.0, 1.0, -2.0, 2.0),
    (0.0, 1.0, 29.0, 40.0),  # far out in the tail
    (40.0, 1.5, -3.0, -2.5),
    (0.0, 1.0, -60.0, 60.0),  # nothing is cut
    (2.0, 1e3, -0.5, 0.5),  # nearly uniform
    (0.3, 0.01, -1.0, 1.0),  # nearly a point
    (5.0, 2.0, 4.999, 5.0),
]


def density(cut: tuple[float, ...]) -> reference.Input:
    mean, std, low, high = cut
    return [("truncated", 1.0, mean, std**2, low, high)]


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("k", [0.0, 1e-6, 0.3, 50.0])
def test_tails_and_limits_match_quadrature(cut: tuple[float, ...], k: float) -> None:
    u, v = np.array([[0.2], [3.0], [-8.0]]), np.array([[0.21], [-1.0]])
    value = rc.TruncatedNormal(*cut).expectation(k, u, 0.7 * k, v).numpy()
    logs = reference.log_expectation([density(cut)], np.array(k), u, np.array(0.7 * k), v)
    shown = logs > -700
    assert (value[~shown] < 1e-300).all()
    np.testing.assert_allclose(value[shown], np.exp(logs[shown]).astype(float), rtol=CLOSED_FORM)


def test_wide_bounds_are_none_and_wide_densities_are_flat() -> None:
    draw = np.random.default_rng(0)
    u, v = draw.normal(size=(4, 3)), draw.normal(size=(5, 3))
    for limit, p in (
        (rc.TruncatedNormal(0.3, 0.8, -40, 40), rc.Normal(0.3, 0.8)),
        (rc.TruncatedNormal(0, 1e8, -2, 1), rc.Uniform(-2, 1)),
    ):
        torch.testing.assert_close(limit.expectation(0.4, u, 0.7, v), p.expectation(0.4, u, 0.7, v), rtol=1e-10, atol=0)
        x = draw.uniform(-2, 1, (6, 3))
        torch.testing.assert_close(limit.log_density(x), p.log_density(x), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("cut", CUTS)
def test_draws_and_density_follow_the_distribution(cut: tuple[float, ...]) -> None:
    """Shares of draws below a few places, against the density summed on a fine grid there."""
    p, (mean, std, low, high) = rc.TruncatedNormal(*cut), cut
    x = p.sample(4000, seed=3, n_inputs=1)[:, 0].numpy()
    assert ((x >= low) & (x <= high)).all()
    likeliest = min(max(mean, low), high)
    ends = np.linspace(max(low, likeliest - 9 * std), min(high, likeliest + 9 * std), 40_001)
    grid = (ends[1:] + ends[:-1]) / 2
    mass = p.log_density(grid[:, None]).exp().numpy() * (ends[1] - ends[0])
    assert mass.sum() == pytest.approx(1, abs=1e-5)  # midpoints of a density that falls by exp(30) per std
    for place in grid[[np.searchsorted(mass.cumsum(), share) for share in (0.1, 0.5, 0.9)]]:
        expected = mass[grid <= place].sum()
        assert (x <= place).mean() == pytest.approx(expected, abs=5 * 0.5 / 4000**0.5)
    assert p.log_density([[low - 1e-9], [high + 1e-9]]).tolist() == [-np.inf, -np.inf]


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("gamma", [1e-3, 0.3, 30.0])
def test_alphabets_are_exact_for_products_of_features(cut: tuple[float, ...], gamma: float) -> None:
    theta = torch.tensor([[0.2], [1.4], [-3.0]], dtype=torch.float64)
    p, widths = rc.TruncatedNormal(*cut), torch.full((3,), gamma, dtype=torch.float64)
    ((values, logs),) = p.alphabets(widths, theta)
    assert float(logs.logsumexp(0)) == pytest.approx(0, abs=1e-12)
    apart = -gamma * (theta - values).square()  # (3, V)
    summed = torch.logsumexp(apart[:, None] + apart[None] + logs, -1).numpy()
    exact = reference.log_expectation(
        [density(cut)], np.array(gamma), theta.numpy(), np.array(gamma), theta.numpy()
    ).astype(float)
    shown = exact > -300
    np.testing.assert_allclose(np.exp(summed[shown] - exact[shown]), 1, rtol=1e-9)


@pytest.mark.parametrize("p", [rc.TruncatedNormal(0.3, 0.8, -1, 2), rc.TruncatedNormal([0, 3, 1], 1, [-9, 0, 1], 9)])
def test_nodes_match_the_closed_form(p: rc.TruncatedNormal) -> None:
    draw = np.random.default_rng(0)
    u, v = draw.normal(size=(4, 3)), draw.normal(size=(5, 3))
    torch.testing.assert_close(
        p.nodes(48).expectation(0.4, u, 0.7, v), p.expectation(0.4, u, 0.7, v), rtol=0, atol=NODES
    )


def test_pruning_under_it_is_exact_and_both_methods_work() -> None:
    """The loss of the result against the gap summed on a grid of both inputs."""
    large = rc.RBFN(2, 20, dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    p = rc.parse_distribution("truncated_normal:0,1,-2,2;1,0.5,0,3").for_inputs(2)
    node, weight = np.polynomial.legendre.leggauss(200)
    columns = [(2 * node, weight), (1.5 + 1.5 * node, weight)]
    x = np.stack([part.ravel() for part in np.meshgrid(*(column for column, _ in columns), indexing="ij")], 1)
    chance = np.exp(-(x[:, 0] ** 2) / 2 - (x[:, 1] - 1) ** 2 / 0.5) * np.outer(weight, weight).ravel()
    for method, options in (("lbfgs", {}), ("adam", {"max_iterations": 200})):
        found = rc.prune(large, p, 3, restarts=2, method=method, **options)
        gap = large.predict(x) - found.network.predict(x)
        assert found.loss == pytest.approx(float(chance @ gap**2 / chance.sum()), rel=1e-8)
        assert found.loss < found.history[0][1]


def test_importance_under_it_is_exact() -> None:
    """Mean, variance and one first-order share against sums on a grid of both inputs."""
    net = rc.RBFN(2, 20, dtype=torch.float64, generator=torch.Generator().manual_seed(5))
    p = rc.TruncatedNormal([0.0, 1.0], [1.0, 0.5], [-2.0, 0.0], [2.0, 3.0])
    node, weight = np.polynomial.legendre.leggauss(200)
    first, second = 2 * node, 1.5 + 1.5 * node
    chances = [weight * np.exp(-(first**2) / 2), weight * np.exp(-((second - 1) ** 2) / 0.5)]
    left, right = (chance / chance.sum() for chance in chances)
    x = np.stack([part.ravel() for part in np.meshgrid(first, second, indexing="ij")], 1)
    values = net.predict(x).reshape(200, 200)
    mean = left @ values @ right
    variance = left @ values**2 @ right - mean**2
    found = rc.sobol(net, p)
    assert found.mean == pytest.approx(mean, rel=1e-10)
    assert found.variance == pytest.approx(variance, rel=1e-8)
    assert found.first[0] == pytest.approx((left @ (values @ right - mean) ** 2) / variance, rel=1e-8)
    assert rc.shapley_effects(net, p).sum() == pytest.approx(variance, rel=1e-8)
    rows = rc.shapley_values(net, p, [[0.5, 1.0], [-1.0, 2.0]])
    np.testing.assert_allclose(rows.sum(1), net.predict(np.array([[0.5, 1.0], [-1.0, 2.0]])) - mean, rtol=1e-8)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: rc.TruncatedNormal(0, 0, -1, 1), "std must be > 0, got 0"),
        (lambda: rc.TruncatedNormal(0, 1, 2, 2), "low must be smaller than high, got low = 2, high = 2"),
        (lambda: rc.TruncatedNormal(0, 1, 31, 32), "within 30 standard deviations of the mean, got 31 to 32"),
        (lambda: rc.TruncatedNormal([0, 0], 1, [-1, -40], [1, -31]), "got -40 to -31 for mean 0"),
        (lambda: rc.TruncatedNormal([0, 0], 1, [-1, 0, 1], 4), r"mean \(2,\), std \(\), low \(3,\)"),
        (lambda: rc.parse_distribution("truncated_normal:0,1"), "each input of a truncated_normal takes four numbers"),
    ],
)
def test_wrong_numbers_meet_one_clear_line(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
