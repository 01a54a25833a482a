"""The toy problem of Section 3.1."""

import math

import numpy as np
import pytest

from rbfcore.data.toy import toy_dataset, toy_function


@pytest.mark.parametrize(
    ("x", "value"),
    [
        (0.0, 1.2),
        (math.pi / 4, math.exp(-(math.pi**2) / 16) - 0.2),
        (math.pi / 2, math.exp(-(math.pi**2) / 4) + 0.2),
        (-1.0, 1 / math.e + 0.2 * math.cos(4)),
        (10.0, 0.2 * math.cos(40)),
    ],
)
def test_values_by_hand(x: float, value: float) -> None:
    assert toy_function(x) == pytest.approx(value, abs=1e-15)


def test_thousand_points_uniform_on_minus_four_to_four() -> None:
    data = toy_dataset()
    assert data.x.shape == (1000, 1)
    assert data.x.dtype == np.float32
    assert (np.abs(data.x) <= 4).all()
    counts, _ = np.histogram(data.x, bins=8, range=(-4, 4))
    assert (np.abs(counts - 125) < 5 * math.sqrt(125)).all()
    np.testing.assert_array_equal(data.y, toy_function(data.x[:, 0]))
    assert data.coding == "real"


def test_the_seed_fixes_the_points() -> None:
    np.testing.assert_array_equal(toy_dataset(20, seed=3).x, toy_dataset(20, seed=3).x)
    assert (toy_dataset(20, seed=3).x != toy_dataset(20, seed=4).x).any()


def test_no_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="n_samples must be >= 1, got 0"):
        toy_dataset(0)
