"""The toy networks fit their functions everywhere, so that only pruning is seen."""

import numpy as np
import pytest

from rbfcore.data.toy import toy_function
from rbfcore.network import RBFN
from rbfcore.studies.toy_networks import toy_network, toy_surface


def test_one_input() -> None:
    x = np.linspace(-4, 4, 1003)[:, None]
    assert np.abs(RBFN.from_plain(toy_network(1)).predict(x) - toy_function(x[:, 0])).max() < 1e-6


def test_two_inputs() -> None:
    x = np.random.default_rng(0).uniform(-4, 4, (4000, 2))
    assert np.abs(RBFN.from_plain(toy_network(2)).predict(x) - toy_surface(x)).max() < 5e-4


def test_no_third() -> None:
    with pytest.raises(ValueError, match="1 or 2"):
        toy_network(3)
