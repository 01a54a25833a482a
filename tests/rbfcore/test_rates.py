"""Eq. (1)."""

import numpy as np
import pytest

import rbfcore as rc


def test_a_small_error_in_the_barrier_is_a_large_one_in_the_rate() -> None:
    """0.04 eV is a factor 4.7 at 300 K and 1.6 at 1000 K."""
    ratio = rc.rate(0.4, [300, 1000], 1e13) / rc.rate(0.44, [300, 1000], 1e13)
    np.testing.assert_allclose(ratio, [4.7, 1.59], rtol=5e-3)
    assert rc.rate(0.0, 300, 1e12) == 1e12


def test_impossible_conditions_are_refused() -> None:
    with pytest.raises(ValueError, match="temperature_K must be > 0"):
        rc.rate(0.4, 0, 1e13)
    with pytest.raises(ValueError, match="prefactor_Hz must be > 0"):
        rc.rate(0.4, 300, -1)
