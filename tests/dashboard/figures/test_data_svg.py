"""The charts of a data set: read back from the pictures by their own axes, and from the notes under the mouse."""

import re

import numpy as np
import pytest

from dashboard.figures.data_svg import filling_html, response_html
from tests.dashboard.figures.reading import bar_heights, bars, drawn


def test_responses_are_counted_where_they_are() -> None:
    """60 bins of .02 eV from -.3 to .9, each with as many rows as it is told."""
    counts = np.random.default_rng(0).integers(0, 300, 60)
    inside = np.repeat(-0.3 + 0.02 * (np.arange(60) + 0.5), counts)
    html = response_html(np.concatenate([[-0.3, 0.9], inside]), "eV")
    counts[[0, -1]] += 1
    svg = drawn(html)
    heights = bar_heights(svg)
    middles = np.array([float(bar.get("x", "")) + float(bar.get("width", "")) / 2 for bar in bars(svg)])
    notes = re.findall(r'title="(-?[\d.]+) to (-?[\d.]+) eV: ([\d,]+) rows"', html)
    assert [int(rows.replace(",", "")) for _, _, rows in notes] == counts.tolist()
    assert [float(low) for low, _, _ in notes] == pytest.approx(-0.3 + 0.02 * np.arange(60), abs=6e-4)
    assert heights == pytest.approx(counts, abs=0.25)
    assert np.diff(middles) == pytest.approx(np.diff(middles)[0], abs=0.11)
    assert f"Histogram of {counts.sum():,} responses" in html


def test_every_site_has_its_bar_and_its_note() -> None:
    share = np.random.default_rng(1).random(58)
    html = filling_html(share, [f"s{d}" for d in range(58)])
    assert bar_heights(drawn(html)) == pytest.approx(share, abs=0.005)
    told = re.findall(r'title="site (s\d+): filled in ([\d.]+) % of the rows"', html)
    assert [name for name, _ in told] == [f"s{d}" for d in range(58)]
    assert [float(percent) for _, percent in told] == pytest.approx(100 * share, abs=0.051)


def test_responses_that_are_all_alike_are_drawn_too() -> None:
    assert "mean 0.250" in response_html(np.full(10, 0.25), "")
