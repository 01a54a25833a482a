"""The heat map says in colour, hatching and words what the prototypes hold."""

from xml.etree import ElementTree

import pytest

from dashboard.components.heat_map import heat_map_svg
from rbfcore.explain.prototypes import opacity
from tests.dashboard.tiny import tiny_network

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("inputs", [3, 58])
def test_one_cell_per_value(inputs: int) -> None:
    network = tiny_network(4, inputs)
    root = ElementTree.fromstring(heat_map_svg(network, palette="orange-blue"))
    cells = root.findall(f"{SVG}g")
    assert len(cells) == 4 * inputs
    strengths = opacity(network.centroids).ravel()
    for cell, theta, strength in zip(cells, network.centroids.ravel(), strengths, strict=True):
        rectangles = cell.findall(f"{SVG}rect")
        assert rectangles[0].get("fill") == ("#e07b00" if theta > 0 else "#1c55a8")
        assert float(rectangles[0].get("fill-opacity") or 0) == pytest.approx(strength, abs=1e-3)
        assert len(rectangles) == (2 if theta < 0 else 1)  # a minus is hatched too
    assert "prototypes over" in (root.get("aria-label") or "")


def test_names_are_escaped_and_counted() -> None:
    text = heat_map_svg(tiny_network(2, 3), ["age", "<b>dose</b>", "a very long name indeed"])
    assert "<b>" not in text
    assert "age" in text
    ElementTree.fromstring(text)
    with pytest.raises(ValueError, match="expected 3 names"):
        heat_map_svg(tiny_network(2, 3), ["age"])
