"""What a prototype is said to be, against its definition and against every environment."""

from itertools import product

import numpy as np
import pytest

from rbfcore.explain.prototypes import gauge_free_opacity, prototypes, site_opacity
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters, peaks

THETA = np.array([[0.5, -1.0, 4.0, 0.0], [-2.0, 0.1, 0.3, -0.2]])


def pruned(scale: float = 1.0) -> Parameters:
    """Two prototypes; `scale` moves along the gauge: theta times scale, gamma divided by it, same function."""
    theta = THETA * scale
    gamma = 0.2 / scale
    moved = gamma * (np.square(theta).sum(1) + 4) - 0.2 * (np.square(THETA).sum(1) + 4)
    return Parameters.checked(0.3, np.array([1.5, -0.7]) * np.exp(moved), gamma, theta)


def test_table_says_what_the_paper_draws() -> None:
    table = prototypes(pruned())
    assert table["opacity"].tolist() == pytest.approx([0.25, 0.5, 1.0, 0.0, 1.0, 0.05, 0.15, 0.1])
    assert table["sign"].tolist() == ["+", "-", "+", "0", "-", "+", "+", "-"]
    assert table["site"].tolist() == ["1", "2", "3", "4"] * 2
    assert table["prototype"].tolist() == [1] * 4 + [2] * 4
    assert table["slope"].to_numpy() == pytest.approx((2 * 0.2 * THETA).ravel())
    assert set(table.loc[table["prototype"] == 2, "weight"]) == {-0.7}


def test_gauge_changes_beta_and_opacity_but_not_function_slope_and_peak() -> None:
    one, two = pruned(), pruned(1.7)
    x = np.array(list(product((-1.0, 1.0), repeat=4)))
    same = [RBFN.from_plain(p).predict(x) for p in (one, two)]
    np.testing.assert_allclose(same[1], same[0], rtol=1e-12)
    np.testing.assert_allclose(gauge_free_opacity(two), gauge_free_opacity(one), rtol=1e-12)
    np.testing.assert_allclose(peaks(two), peaks(one), rtol=1e-12)
    assert not np.allclose(two.beta, one.beta)
    assert not np.allclose(site_opacity(two).mean, site_opacity(one).mean)


def test_peak_is_the_largest_contribution_over_all_environments() -> None:
    plain = pruned()
    x = np.array(list(product((-1.0, 1.0), repeat=4)))
    features = np.exp(-0.2 * np.square(x[:, None] - plain.centroids).sum(2)) * plain.beta
    largest = features[np.abs(features).argmax(0), range(2)]
    np.testing.assert_allclose(peaks(plain), largest, rtol=1e-12)


def test_site_opacity_is_mean_and_spread_over_prototypes() -> None:
    found = site_opacity(pruned())
    assert found.mean.tolist() == pytest.approx([0.625, 0.275, 0.575, 0.05])
    assert found.std.tolist() == pytest.approx([0.375, 0.225, 0.425, 0.05])
    assert site_opacity(pruned(), normalised=True).mean.max() == pytest.approx(1)


def test_wrong_number_of_names_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 4 site names, one per input, got 3"):
        prototypes(pruned(), ("a", "b", "c"))
