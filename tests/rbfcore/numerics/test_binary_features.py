"""The canonical form of features against their values on every input, in numpy and in torch."""

from itertools import product

import numpy as np
import pytest
import torch

from rbfcore.numerics.binary_features import feature_coefficients, log_feature_mean, product_excess, slopes
from tests.test_package import loaded_after

ENUMERATED = {"rtol": 1e-12, "atol": 1e-14}  # both sides are sums and products in float64
TWO_LIBRARIES = {"rtol": 1e-14, "atol": 0.0}  # the same operations; the last digit of tanh and log may differ
Q = np.array([0.5, 0.1, 0.93, 0.4])


def features(k: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """gamma (K,) and theta (K, D), some of them outside the data."""
    random = np.random.default_rng(0)
    return random.uniform(0.05, 0.6, k), 2 * random.normal(size=(k, len(Q)))


def test_a_feature_is_its_mean_times_factors_of_the_standardised_inputs() -> None:
    gamma, theta = features()
    x = np.array(list(product((-1.0, 1.0), repeat=len(Q))))
    chance = np.where(x > 0, Q, 1 - Q).prod(1)
    phi = np.exp(-gamma * np.square(x[:, None] - theta).sum(2))  # (2**D, K)
    mean, t = np.exp(log_feature_mean(gamma, theta, Q)), feature_coefficients(gamma, theta, Q)
    standardised = (x - (2 * Q - 1)) / (2 * np.sqrt(Q * (1 - Q)))
    np.testing.assert_allclose(mean, chance @ phi, **ENUMERATED)
    np.testing.assert_allclose(mean * (1 + t * standardised[:, None]).prod(2), phi, **ENUMERATED)
    covariance = (chance @ (phi[:, 0] * phi[:, 1])) / (mean[0] * mean[1]) - 1
    np.testing.assert_allclose(product_excess(t[0] * t[1]), covariance, **ENUMERATED)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_arrays_and_tensors_give_the_same_numbers(shape: tuple[int, ...]) -> None:
    random = np.random.default_rng(1)
    gamma, theta = np.asarray(random.uniform(0.1, 1, shape)), random.normal(size=(*shape, len(Q)))
    tensors = [torch.from_numpy(part) for part in (gamma, theta, Q)]
    np.testing.assert_allclose(slopes(*tensors[:2]).numpy(), slopes(gamma, theta), **TWO_LIBRARIES)
    for formula in (feature_coefficients, log_feature_mean):
        np.testing.assert_allclose(formula(*tensors).numpy(), formula(gamma, theta, Q), **TWO_LIBRARIES)
    t = 0.9 * np.tanh(theta)
    np.testing.assert_allclose(product_excess(torch.from_numpy(t)).numpy(), product_excess(t), **TWO_LIBRARIES)


def test_an_excess_keeps_its_digits_and_its_limits() -> None:
    tiny, opposite = np.full(4, 1e-17), np.array([-1.0 - 1e-15, 0.5])
    assert product_excess(tiny) == pytest.approx(4e-17, rel=1e-12)
    assert product_excess(opposite) == -1


def test_numpy_needs_no_torch() -> None:
    code = (
        "import numpy as np; from rbfcore.numerics.binary_features import log_feature_mean; "
        "log_feature_mean(np.ones(2), np.ones((2, 3)), np.full(3, 0.5))"
    )
    assert "torch" not in loaded_after(code)
