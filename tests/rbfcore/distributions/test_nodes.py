"""Continuous inputs as finite alphabets: Gauss nodes give the closed form where the features are not narrow."""

import numpy as np
import pytest
import torch

import rbfcore as rc

SMOOTH = 1e-9  # 48 nodes against features about as wide as the distribution


@pytest.mark.parametrize(
    "p",
    [
        rc.Uniform(-2, 1),
        rc.Uniform([-2, 0, 1], [1, 0.5, 2]),
        rc.Normal(0.3, 0.8),
        rc.GaussianMixture([0.3, 0.7], [-1, 1], [0.2, 0.5]),
    ],
)
def test_nodes_match_the_closed_form(p: rc.Uniform | rc.GaussianMixture) -> None:
    draw = np.random.default_rng(0)
    u, v = draw.normal(size=(4, 3)), draw.normal(size=(5, 3))
    torch.testing.assert_close(
        p.nodes(48).expectation(0.4, u, 0.7, v), p.expectation(0.4, u, 0.7, v), rtol=SMOOTH, atol=0
    )
