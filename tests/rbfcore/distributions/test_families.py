"""One battery for all input distributions: each against enumeration or quadrature, near and at the limits."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor

import rbfcore as rc
from rbfcore.distributions import base
from rbfcore.distributions import empirical as empirical_module
from tests import reference

# A closed form has only rounding to lose: exponents up to 700 times 1e-16, plus the sums over inputs.
CLOSED_FORM = 1e-10
# Single precision carries 6e-8, times exponents up to 87 and a few inputs.
FLOAT32 = 1e-4
# Values below are subnormal in the given precision and hold few digits.
SMALLEST_LOG = {torch.float64: -700.0, torch.float32: -80.0}

Logs = Callable[[NDArray, NDArray, NDArray, NDArray], NDArray]


@dataclass(frozen=True)
class Case:
    """A distribution over D inputs and the log of its expectation from the reference."""

    p: rc.InputDistribution
    logs: Logs


def independent(p: rc.InputDistribution, inputs: list[reference.Input]) -> Case:
    return Case(p, lambda k, u, r, v: reference.log_expectation(inputs, k, u, r, v))


def enumerated(p: rc.InputDistribution, inputs: list[reference.Input]) -> Case:
    return Case(p, lambda k, u, r, v: reference.log_expectation_enumerated(inputs, k, u, r, v))


def atoms(values: NDArray, chances: NDArray) -> list[reference.Input]:
    return [[("atoms", tuple(a), tuple(c))] for a, c in zip(values, chances, strict=True)]


def on_sites(q: NDArray) -> list[reference.Input]:
    return atoms(np.tile([-1.0, 1.0], (len(q), 1)), np.stack([1 - q, q], 1))


def normal(d: int) -> Case:
    return independent(rc.Normal(0.3, 1.4), [[("normal", 1.0, 0.3, 1.4**2)]] * d)


def normal_per_input(d: int) -> Case:
    mean, std = np.linspace(-1, 2, d), np.linspace(0.2, 3, d)
    return independent(rc.Normal(mean, std), [[("normal", 1.0, m, s**2)] for m, s in zip(mean, std, strict=True)])


def gaussian_mixture(d: int) -> Case:
    draw = np.random.default_rng(d)
    weights, means, variances = draw.dirichlet(np.ones(3), d), draw.normal(0, 2, (d, 3)), draw.uniform(0.01, 4, (d, 3))
    inputs = [
        [("normal", *piece) for piece in zip(w, m, s, strict=True)]
        for w, m, s in zip(weights, means, variances, strict=True)
    ]
    return independent(rc.GaussianMixture(weights, means, variances), inputs)


def uniform(d: int) -> Case:
    return independent(rc.Uniform(-4, 4), [[("uniform", 1.0, -4.0, 4.0)]] * d)


def uniform_per_input(d: int) -> Case:
    low = np.linspace(-2, 1, d)
    high = low + np.geomspace(0.01, 5, d)
    return independent(rc.Uniform(low, high), [[("uniform", 1.0, a, b)] for a, b in zip(low, high, strict=True)])


def truncated_normal(d: int) -> Case:
    return independent(rc.TruncatedNormal(0.3, 1.4, -2, 3), [[("truncated", 1.0, 0.3, 1.4**2, -2.0, 3.0)]] * d)


def truncated_normal_per_input(d: int) -> Case:
    """Cut in the middle, on one side of the mean, hardly at all, and so narrowly that it is nearly uniform."""
    kinds = [(0.0, 1.0, 0.5, 4.0), (-3.0, 1.0, 0.0, 1.5), (0.5, 0.1, -6.0, 7.0), (0.3, 50.0, -0.5, 0.6)]
    chosen = [kinds[number % len(kinds)] for number in range(d)]
    mean, std, low, high = (np.array(column) for column in zip(*chosen, strict=True))
    inputs = [[("truncated", 1.0, m, s**2, a, b)] for m, s, a, b in chosen]
    return independent(rc.TruncatedNormal(mean, std, low, high), inputs)


def bernoulli(d: int) -> Case:
    return enumerated(rc.Bernoulli(0.5), on_sites(np.full(d, 0.5)))


def bernoulli_per_input(d: int) -> Case:
    q = np.linspace(0.03, 0.97, d)
    return enumerated(rc.Bernoulli(q), on_sites(q))


def three_letters(d: int) -> Case:
    chances = np.random.default_rng(d).dirichlet(np.ones(3), d)
    values = np.tile([-1.0, 0.0, 1.0], (d, 1))
    return enumerated(rc.Finite([-1, 0, 1], chances), atoms(values, chances))


def mixed_product(d: int) -> Case:
    kinds = [
        (rc.Bernoulli(0.3), on_sites(np.array([0.3]))[0]),
        (rc.Bernoulli(0.8), on_sites(np.array([0.8]))[0]),
        (rc.Uniform(-1, 2), [("uniform", 1.0, -1.0, 2.0)]),
        (rc.Finite([0, 1, 5], [0.2, 0.3, 0.5]), [("atoms", (0.0, 1.0, 5.0), (0.2, 0.3, 0.5))]),
        (rc.Normal(1, 0.5), [("normal", 1.0, 1.0, 0.25)]),
    ]
    chosen = [kinds[number % len(kinds)] for number in range(d)]
    return independent(rc.Product([p for p, _ in chosen]), [density for _, density in chosen])


def mixture(d: int) -> Case:
    q, weights = np.array([np.linspace(0.05, 0.6, d), np.linspace(0.9, 0.2, d)]), np.array([0.3, 0.7])
    p = rc.Mixture(weights, [rc.Bernoulli(row) for row in q])

    def logs(k: NDArray, u: NDArray, r: NDArray, v: NDArray) -> NDArray:
        parts = [reference.log_expectation_enumerated(on_sites(row), k, u, r, v) for row in q]
        return np.logaddexp(*(part + np.log(np.longdouble(w)) for part, w in zip(parts, weights, strict=True)))

    return Case(p, logs)


def empirical(d: int) -> Case:
    points = np.random.default_rng(d).normal(0, 1.5, (40, d))
    chances = np.full(40, np.longdouble(1) / 40)
    return Case(rc.Empirical(points), lambda k, u, r, v: reference.log_mean_over_points(points, chances, k, u, r, v))


FAMILIES = [
    normal,
    normal_per_input,
    gaussian_mixture,
    uniform,
    uniform_per_input,
    truncated_normal,
    truncated_normal_per_input,
    bernoulli,
    bernoulli_per_input,
    three_letters,
    mixed_product,
    mixture,
    empirical,
]
every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)


def worst_error(value: Tensor, logs: NDArray) -> float:
    """Largest relative error where the true value is a normal number; what is below must be next to nothing."""
    smallest = SMALLEST_LOG[value.dtype]
    shown = value.detach().numpy().astype(np.longdouble)
    assert not np.isnan(shown).any()
    assert (shown >= 0).all()
    assert (shown <= 1 + 1e-6).all()
    assert (shown[logs < smallest] <= np.exp(smallest + 1)).all()
    normal_numbers = logs >= smallest
    error = np.abs(shown[normal_numbers] / np.exp(logs[normal_numbers]) - 1)
    return float(error.max(initial=0))


def centroids(seed: int, rows: int, d: int, reach: float) -> NDArray:
    return np.random.default_rng(seed).normal(0, reach, (rows, d))


widths = st.one_of(st.just(0.0), st.floats(-4, 3).map(lambda power: 10.0**power))


@every_family
@pytest.mark.parametrize("d", [1, 3, 8])
@settings(max_examples=12, deadline=None, derandomize=True)
@given(k=widths, r=widths, reach=st.sampled_from([0.1, 1.0, 4.0, 30.0, 1000.0]), seed=st.integers(0, 2**16))
def test_expectation_matches_the_slow_answer(
    family: Callable[[int], Case], d: int, k: float, r: float, reach: float, seed: int
) -> None:
    """Theorem 1 against enumeration or quadrature, with centroids near and far and widths from 0 to 1e3."""
    case = family(d)
    u, v = centroids(seed, 2, d, reach), centroids(seed + 1, 2, d, reach)
    v[0] = u[0] + 0.01  # a pair that is close together, so that some value is not tiny
    value = case.p.expectation(k, u, r, v)
    assert value.shape == (2, 2)
    assert worst_error(value, case.logs(np.array(k), u, np.array(r), v)) < CLOSED_FORM


@every_family
@pytest.mark.parametrize("d", [1, 3, 8])
def test_a_width_per_row(family: Callable[[int], Case], d: int) -> None:
    """k (K,) and r (M,): the paper's future work costs nothing."""
    case = family(d)
    u, v = centroids(5, 4, d, 1.5), centroids(6, 3, d, 1.5)
    k, r = np.array([0.0, 1e-4, 0.3, 20.0]), np.array([0.05, 2.0, 1e-3])
    assert worst_error(case.p.expectation(k, u, r, v), case.logs(k, u, r, v)) < CLOSED_FORM
    assert worst_error(case.p.feature_mean(k, u)[:, None], case.logs(k, u, np.array(0.0), u[:1])) < CLOSED_FORM


@every_family
@pytest.mark.parametrize("d", [1, 3, 8])
@pytest.mark.parametrize("k", [1e-4, 0.04, 1.0, 30.0])
def test_single_precision(family: Callable[[int], Case], d: int, k: float) -> None:
    """The reference takes the same rounded centroids; both large and small exponents hold in float32."""
    case = family(d)
    u, v = (centroids(seed, 3, d, 1.5).astype(np.float32) for seed in (1, 2))
    width = np.float32(k)
    value = case.p.expectation(width, u, width, v)
    assert value.dtype == torch.float32
    logs = case.logs(np.float64(width), u.astype(np.float64), np.float64(width), v.astype(np.float64))
    assert worst_error(value, logs) < FLOAT32


@every_family
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_zero_widths_give_one(family: Callable[[int], Case], dtype: torch.dtype) -> None:
    """E[1] = 1, whatever the centroids."""
    u = torch.tensor(centroids(0, 4, 3, 100.0), dtype=dtype)
    torch.testing.assert_close(family(3).p.expectation(0.0, u, 0.0, u), torch.ones(4, 4, dtype=dtype))


@every_family
def test_swapping_both_sides_transposes(family: Callable[[int], Case]) -> None:
    """(k, u) and (r, v) play the same part."""
    p = family(3).p
    u, v = centroids(1, 4, 3, 1.0), centroids(2, 5, 3, 1.0)
    torch.testing.assert_close(p.expectation(0.3, u, 0.7, v), p.expectation(0.7, v, 0.3, u).T, rtol=CLOSED_FORM, atol=0)


@every_family
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("k", [0.0, 1e-12, 1e-4, 1.0, 1e3])
@pytest.mark.parametrize("reach", [0.0, 1.0, 250.0])
def test_gradients_are_finite(family: Callable[[int], Case], dtype: torch.dtype, k: float, reach: float) -> None:
    """Centroids at the data, outside it and far away (|4 gamma theta| up to 1e6), in both precisions."""
    u, v = (torch.tensor(centroids(seed, 3, 3, reach), dtype=dtype, requires_grad=True) for seed in (1, 2))
    width, other = (torch.tensor(k, dtype=dtype, requires_grad=True) for _ in range(2))
    value = family(3).p.expectation(width, u, other, v)
    assert torch.isfinite(value).all()
    for gradient in torch.autograd.grad(value.sum(), [width, u, other, v]):
        assert torch.isfinite(gradient).all()


@every_family
@pytest.mark.parametrize("d", [1, 4])
@pytest.mark.parametrize("k", [1e-5, 0.2, 3.0])
def test_gradients_match_finite_differences(family: Callable[[int], Case], d: int, k: float) -> None:
    """Of the reference, in long double, by central differences in every argument."""
    if d == 4 and family is empirical:
        d = 2
    case = family(d)
    u, v = centroids(1, 2, d, 1.0), centroids(2, 2, d, 1.0)
    arguments = [np.full(2, k), u, np.full(2, 0.7 * k), v]
    tensors = [torch.tensor(argument, requires_grad=True) for argument in arguments]
    gradients = torch.autograd.grad(case.p.expectation(*tensors).sum(), tensors)
    step = 1e-6
    for number, gradient in enumerate(gradients):
        for place in np.ndindex(arguments[number].shape):
            ends = []
            for sign in (1, -1):
                moved = [argument.astype(np.longdouble) for argument in arguments]
                moved[number][place] += sign * step
                ends.append(np.exp(case.logs(*moved)).sum())
            slope = float((ends[0] - ends[1]) / (2 * np.longdouble(step)))
            assert float(gradient[place]) == pytest.approx(slope, rel=1e-7, abs=1e-12)


@every_family
def test_gradient_in_the_width_at_zero(family: Callable[[int], Case]) -> None:
    """The slope at k = r = 0 is -E|x - u|^2, where the printed form of Theorem 1.2 is 0/0."""
    case = family(2)
    u, v = centroids(1, 1, 2, 2.0), centroids(2, 1, 2, 2.0)
    width = torch.zeros((), dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(case.p.expectation(width, u, 0.0, v).sum(), width)
    step = 1e-5
    ends = [float(np.exp(case.logs(np.array(sign * step), u, np.array(0.0), v))[0, 0]) for sign in (1, -1)]
    assert float(slope) == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)


@every_family
def test_leading_dimensions_broadcast(family: Callable[[int], Case]) -> None:
    """Restarts in one batch are the restarts one by one, against one large network or among themselves."""
    p = family(3).p
    u = torch.tensor(centroids(1, 4, 3, 1.0))
    v = torch.tensor(centroids(2, 10, 3, 1.0)).view(2, 5, 3)
    r = torch.tensor([[0.2], [0.9]], dtype=torch.float64)
    one_by_one = torch.stack([p.expectation(0.3, u, r[i], v[i]) for i in range(2)])
    torch.testing.assert_close(p.expectation(0.3, u, r, v), one_by_one)
    torch.testing.assert_close(p.expectation(r, v, 0.3, u), one_by_one.transpose(1, 2))
    among = torch.stack([p.expectation(r[i], v[i], r[i], v[i]) for i in range(2)])
    torch.testing.assert_close(p.expectation(r, v, r, v), among)
    torch.testing.assert_close(p.feature_mean(r, v), torch.stack([p.feature_mean(r[i], v[i]) for i in range(2)]))


@every_family
def test_bounded_memory_changes_nothing(family: Callable[[int], Case], monkeypatch: pytest.MonkeyPatch) -> None:
    """Values computed again in the backward pass, and data taken in small blocks, give the same numbers."""
    p = family(3).p
    u, v = (torch.tensor(centroids(seed, 4, 3, 1.0), requires_grad=True) for seed in (1, 2))

    def answers() -> list[Tensor]:
        value = p.expectation(0.3, u, 0.7, v)
        return [value.detach(), *torch.autograd.grad(value.square().sum(), [u, v])]

    plain = answers()
    monkeypatch.setattr(base, "_KEEP_TRIPLES", 0)
    monkeypatch.setattr(empirical_module, "_BLOCK", 50)
    for one, other in zip(plain, answers(), strict=True):
        torch.testing.assert_close(one, other)


def test_where_the_printed_form_overflows() -> None:
    """Theorem 1.3 as printed is NaN in float32 at gamma = 0.5, D = 26, |theta| = 1.5."""
    u = np.where(np.random.default_rng(0).random((3, 26)) < 0.5, -1.5, 1.5).astype(np.float32)
    logs = reference.log_expectation(on_sites(np.full(26, 0.5)), np.array(0.5), u, np.array(0.5), u)
    assert worst_error(rc.Bernoulli(0.5).expectation(0.5, u, 0.5, u), logs) < FLOAT32
    assert worst_error(rc.Bernoulli(0.5).expectation(0.5, u.astype(float), 0.5, u.astype(float)), logs) < CLOSED_FORM


@every_family
def test_samples_follow_the_distribution(family: Callable[[int], Case]) -> None:
    """The mean of a feature over samples lies within five standard errors of its expectation."""
    p = family(3).p.for_inputs(3)
    x = p.sample(4000, seed=1)
    assert x.shape == (4000, 3)
    assert x.dtype == torch.float64
    assert torch.equal(x, p.sample(4000, seed=1))
    assert not torch.equal(x, p.sample(4000, seed=2))
    u = torch.tensor([[0.5, -0.3, 0.2]], dtype=torch.float64)
    features = torch.exp(-0.3 * (x - u).square().sum(1))
    expected = p.feature_mean(0.3, u)
    assert abs(features.mean() - expected) < 5 * features.std() / 4000**0.5


@every_family
def test_number_of_inputs_is_checked(family: Callable[[int], Case]) -> None:
    p = family(3).p.for_inputs(3)
    assert p.for_inputs(3) is p
    with pytest.raises(ValueError, match="over 3 inputs, the network has 26"):
        p.for_inputs(26)
    with pytest.raises(ValueError, match="over 3 inputs"):
        p.expectation(1.0, np.zeros((2, 4)), 1.0, np.zeros((2, 4)))


@every_family
def test_fingerprints_name_the_numbers(family: Callable[[int], Case]) -> None:
    p = family(3).p.for_inputs(3)
    assert p.fingerprint() == family(3).p.for_inputs(3).fingerprint()
    others = {other(3).p.for_inputs(3).fingerprint() for other in FAMILIES}
    assert len(others) == len(FAMILIES)
    assert p.describe() in repr(p)
