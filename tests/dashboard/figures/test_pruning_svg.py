"""The curve of a pruning: read back from the picture by its own axis."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from dashboard.figures.pruning_svg import pruning_html
from tests.dashboard.figures.reading import SVG, drawn, y_labels


def points(line: ET.Element) -> np.ndarray:
    return np.array([[float(part) for part in point.split(",")] for point in line.get("points", "").split()])


def x_labels(svg: ET.Element) -> np.ndarray:
    """(value, place) of the labels of the x axis."""
    labels = [node for node in svg.iter(f"{SVG}text") if node.get("text-anchor") == "middle"]
    return np.array([(float(node.text or ""), float(node.get("x", ""))) for node in labels])


@pytest.mark.parametrize("last", [0.08, 0.004], ids=["linear", "logarithmic"])
def test_lines_stand_where_the_axes_say(last: float) -> None:
    gaps = np.stack([np.geomspace(0.2, last, 40), np.geomspace(0.3, 1.5 * last, 40)])
    html = pruning_html([(step + 1, *column) for step, column in enumerate((gaps**2).T)], "eV")
    svg = drawn(html)
    first, second, best = (points(line) for line in svg.iter(f"{SVG}polyline"))
    assert (best == first).all()
    value, place = y_labels(svg).T
    scale = np.log if last < 0.01 else np.asarray
    slope, offset = np.polyfit(place - 4, scale(value), 1)  # a label stands 4 below its line
    for line, gap in ((first, gaps[0]), (second, gaps[1])):
        assert slope * line[:, 1] + offset == pytest.approx(scale(gap), abs=0.01)
    step, place = x_labels(svg).T
    assert np.interp(best[:, 0], place, step)[:20] == pytest.approx(np.arange(1, 21), abs=0.05)
    assert f"to {last:.4f} eV in 40 steps; the restarts are between {last:.4f} and {1.5 * last:.4f}" in html


def test_a_run_that_has_hardly_begun_is_drawn_too() -> None:
    assert len(points(next(drawn(pruning_html([(1, 0.0)], "")).iter(f"{SVG}polyline")))) == 1


def test_the_mouse_finds_each_step_where_it_is_drawn() -> None:
    """Strip by strip, the step told is the one whose point of the curve lies under the middle of the strip."""
    gaps = np.stack([np.geomspace(0.2, 0.08, 240), np.geomspace(0.3, 0.1, 240)])
    html = pruning_html([(step + 1, *column) for step, column in enumerate((gaps**2).T)], "eV")
    best = points(list(drawn(html).iter(f"{SVG}polyline"))[-1])
    found = re.search(r"inset:([\d.]+)% ([\d.]+)% ([\d.]+)% ([\d.]+)%", html)
    assert found is not None
    _, right, _, left = (float(edge) / 100 for edge in found.groups())
    told = re.findall(r'title="step (\d+): best ([\d.]+), restarts to ([\d.]+) eV"', html)
    middles = 900 * (left + (1 - left - right) * (np.arange(len(told)) + 0.5) / len(told))
    for middle, (step, lowest, highest) in zip(middles, told, strict=True):
        under = int(np.abs(best[:, 0] - middle).argmin())
        assert abs(int(step) - 1 - under) <= 1
        assert (float(lowest), float(highest)) == pytest.approx(gaps[:, int(step) - 1], abs=5e-5)
