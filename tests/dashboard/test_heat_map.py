"""The heat map says in colour, hatching and numbers what the prototypes hold."""

import re

import pytest

from dashboard.components.heat_map import heat_map_html
from rbfcore.explain.prototypes import opacity
from tests.dashboard.tiny import tiny_network


@pytest.mark.parametrize("inputs", [3, 58])
def test_one_cell_per_value(inputs: int) -> None:
    network = tiny_network(4, inputs)
    cells = re.findall(r"<td [^>]*>", heat_map_html(network, palette="orange-blue"))
    assert len(cells) == 4 * inputs
    strengths = opacity(network.centroids).ravel()
    for cell, theta, strength in zip(cells, network.centroids.ravel(), strengths, strict=True):
        assert f"θ {theta:+.2f}".replace("-", "−") in cell
        *colour, shown = (float(part) for part in re.findall(r"rgba\(([^)]*)\)", cell)[-1].split(","))
        assert colour == ([224, 123, 0] if theta > 0 else [28, 85, 168])
        assert shown == pytest.approx(strength, abs=1e-3)
        assert ("repeating" in cell) == (theta < 0)  # a minus is hatched too


def test_names_are_escaped_and_counted() -> None:
    text = heat_map_html(tiny_network(2, 3), ["age", "<b>dose</b>", 'a "long" name'])
    assert "<b>" not in text
    assert ">age</th>" in text
    with pytest.raises(ValueError, match="expected 3 names"):
        heat_map_html(tiny_network(2, 3), ["age"])
