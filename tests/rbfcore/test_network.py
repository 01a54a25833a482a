"""Eq. (2) against a plain loop, and the doors of the constructor."""

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from rbfcore.network import RBFN, rescaled


def plain(network: RBFN, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Eq. (2) centroid by centroid, in numpy."""
    p = network.plain()
    gamma = np.broadcast_to(p.gamma, (p.n_centroids,))
    terms = [
        b * np.exp(-g * np.square(x - theta).sum(1)) for b, g, theta in zip(p.beta, gamma, p.centroids, strict=True)
    ]
    return p.alpha + np.sum(terms, axis=0)


@pytest.mark.parametrize("per_centroid_gamma", [False, True])
@pytest.mark.parametrize("shift", [0.0, 1e4])
def test_forward_matches_a_loop_even_far_from_zero(per_centroid_gamma: bool, shift: float) -> None:
    network = RBFN(4, 9, per_centroid_gamma=per_centroid_gamma, generator=torch.Generator().manual_seed(0))
    shifted = RBFN.from_parameters(
        network.alpha, network.beta, network.gamma, network.centroids.detach().double() + shift
    )
    x = np.random.default_rng(0).normal(size=(50, 4))
    np.testing.assert_allclose(shifted.predict(x + shift), plain(shifted, x + shift), rtol=0, atol=1e-9)
    np.testing.assert_allclose(network.predict(x), plain(network, x), rtol=0, atol=1e-5)


def test_prediction_does_not_depend_on_the_chunk() -> None:
    network = RBFN(26, 64, generator=torch.Generator().manual_seed(0))
    x = np.sign(np.random.default_rng(1).normal(size=(70, 26)))
    np.testing.assert_allclose(network.predict(x, chunk=7), network.predict(x), rtol=1e-5, atol=1e-6)
    assert network.predict(x[:0]).shape == (0,)


def test_centroid_order_does_not_matter() -> None:
    network = RBFN(5, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    order = torch.randperm(8, generator=torch.Generator().manual_seed(1))
    other = RBFN.from_parameters(network.alpha, network.beta[order], network.gamma, network.centroids[order])
    x = torch.randn(20, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    torch.testing.assert_close(other(x), network(x))


def test_start_is_the_papers() -> None:
    """alpha, beta, theta within +-2 and log gamma within +-0.1 of -log D; the same seed gives the same start."""
    one, two = (RBFN(26, 2000, generator=torch.Generator().manual_seed(5)) for _ in range(2))
    assert one.plain().fingerprint() == two.plain().fingerprint()
    assert float(one.centroids.detach().abs().max()) == pytest.approx(2, abs=1e-2)
    assert float(one.beta.detach().abs().max()) <= 2
    assert float(one.log_gamma.detach()) == pytest.approx(-math.log(26), abs=0.1)


def test_rescaling_folds_back_mean_and_scale() -> None:
    network = RBFN(3, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    x = np.random.default_rng(0).normal(size=(10, 3))
    np.testing.assert_allclose(rescaled(network, 0.4, 0.25).predict(x), 0.4 + 0.25 * network.predict(x), rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"beta": [1.0, 2.0]}, r"beta must be \(3,\)"),
        ({"gamma": [1.0, 2.0]}, r"gamma must be one number or \(3,\)"),
        ({"gamma": -1.0}, "gamma must be > 0"),
        ({"centroids": [1.0, 2.0]}, "centroids must be"),
        ({"alpha": float("nan")}, "alpha must be finite"),
        ({"alpha": [1.0, 2.0]}, "alpha must be one number"),
    ],
)
def test_impossible_parameters_are_refused(change: dict[str, object], message: str) -> None:
    parts: dict[str, object] = {"alpha": 0.0, "beta": [1.0, 2.0, 3.0], "gamma": 0.5, "centroids": np.zeros((3, 2))}
    with pytest.raises(ValueError, match=message):
        RBFN.from_parameters(**{**parts, **change})  # type: ignore[arg-type] # wrong on purpose


def test_wrong_input_is_refused() -> None:
    network = RBFN(26, 3)
    with pytest.raises(ValueError, match=r"x must be \(N, 26\), got \(5, 25\): one column per input"):
        network.predict(np.zeros((5, 25)))
    with pytest.raises(ValueError, match="n_centroids must be a whole number >= 1"):
        RBFN(26, 0)
