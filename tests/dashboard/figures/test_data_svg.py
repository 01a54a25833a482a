"""The charts of a data set: read back from the pictures by their own axes, and from the notes under the mouse."""

import base64
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from dashboard.figures.data_svg import filling_html, response_html

SVG = "{http://www.w3.org/2000/svg}"


def read_back(html: str) -> tuple[np.ndarray, np.ndarray]:
    """Bars as (middle, height) in the units of the axes: those of the y axis, and places of the x axis in pixels."""
    found = re.search(r"base64,([^\"]+)", html)
    assert found is not None
    svg = ET.fromstring(base64.b64decode(found[1]))
    texts = [node for node in svg.iter(f"{SVG}text") if node.get("text-anchor") == "end"]
    labels = [node for node in texts if re.fullmatch(r"[\d.,]+", node.text or "")]
    values = [float((node.text or "").replace(",", "")) for node in labels]
    slope, offset = np.polyfit([float(node.get("y", "")) - 4 for node in labels], values, 1)
    bars = [[float(bar.get(name, "")) for name in ("x", "y", "width")] for bar in svg.iter(f"{SVG}rect")]
    left, top, width = np.array(bars).T
    return left + width / 2, slope * top + offset


def test_responses_are_counted_where_they_are() -> None:
    """60 bins of .02 eV from -.3 to .9, each with as many rows as it is told."""
    counts = np.random.default_rng(0).integers(0, 300, 60)
    inside = np.repeat(-0.3 + 0.02 * (np.arange(60) + 0.5), counts)
    html = response_html(np.concatenate([[-0.3, 0.9], inside]), "eV")
    counts[[0, -1]] += 1
    middles, heights = read_back(html)
    notes = re.findall(r'title="(-?[\d.]+) to (-?[\d.]+) eV: ([\d,]+) rows"', html)
    assert [int(rows.replace(",", "")) for _, _, rows in notes] == counts.tolist()
    assert [float(low) for low, _, _ in notes] == pytest.approx(-0.3 + 0.02 * np.arange(60), abs=6e-4)
    assert heights == pytest.approx(counts, abs=0.25)
    assert np.diff(middles) == pytest.approx(np.diff(middles)[0], abs=0.11)
    assert f"Histogram of {counts.sum():,} responses" in html


def test_every_site_has_its_bar_and_its_note() -> None:
    share = np.random.default_rng(1).random(58)
    html = filling_html(share, [f"s{d}" for d in range(58)])
    _, heights = read_back(html)
    assert heights == pytest.approx(share, abs=0.005)
    told = re.findall(r'title="site (s\d+): filled in ([\d.]+) % of the rows"', html)
    assert [name for name, _ in told] == [f"s{d}" for d in range(58)]
    assert [float(percent) for _, percent in told] == pytest.approx(100 * share, abs=0.051)


def test_responses_that_are_all_alike_are_drawn_too() -> None:
    assert "mean 0.250" in response_html(np.full(10, 0.25), "")
