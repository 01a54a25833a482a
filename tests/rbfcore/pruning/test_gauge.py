"""Changing the gauge on -1/+1 inputs changes no value of the function."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rbfcore.explain.prototypes import gauge_free_opacity
from rbfcore.network import RBFN
from rbfcore.parameters import peaks
from rbfcore.pruning.gauge import regauge


@settings(max_examples=30, deadline=None)
@given(st.floats(0.05, 5.0), st.booleans(), st.integers(0, 100))
def test_the_function_of_every_input_stays(gamma: float, per_centroid: bool, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    network = RBFN(6, 5, per_centroid_gamma=per_centroid, dtype=torch.float64, generator=generator)
    other = regauge(network, gamma)
    x = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0], dtype=torch.float64)] * 6)
    torch.testing.assert_close(other(x), network(x), rtol=1e-9, atol=1e-10)
    assert float(other.gamma.detach()) == pytest.approx(gamma)
    torch.testing.assert_close(peaks(other), peaks(network), rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(gauge_free_opacity(other), gauge_free_opacity(network), rtol=1e-9, atol=1e-12)


def test_there_and_back_keeps_single_precision() -> None:
    network = RBFN(26, 4, generator=torch.Generator().manual_seed(0))
    back = regauge(regauge(network, 0.1), float(network.gamma.detach()))
    assert back.centroids.dtype == torch.float32
    torch.testing.assert_close(back.centroids, network.centroids, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(back.beta, network.beta, rtol=1e-4, atol=0)


def test_what_a_precision_cannot_hold_is_refused() -> None:
    network = RBFN(26, 4, generator=torch.Generator().manual_seed(0))
    with pytest.raises(ValueError, match=r"gamma 1e-05 needs weights of e\^\d+, out of the range of float32"):
        regauge(network, 1e-5)
    with pytest.raises(ValueError, match="out of the range of float32"):
        regauge(network, 50.0)
    with pytest.raises(ValueError, match="gamma must be > 0"):
        regauge(network, 0.0)
