"""What a data set holds, as SVG pictures: its responses, and how often each site is filled."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dashboard.figures.svg_axes import nice_step
from dashboard.figures.svg_bars import BarChart, Series, bars_html, names_below

_SIZE = 380, 200
_BINS = 60


def response_html(y: NDArray[np.float64], unit: str, *, dark: bool = False) -> str:
    """How often responses occur, their mean marked, as an HTML element that tells the rows under the mouse."""
    count, edges = np.histogram(y, bins=_BINS)
    suffix = f" {unit}" if unit else ""
    low, high, mean = float(edges[0]), float(edges[-1]), float(y.mean())
    step = nice_step((high - low) / 6)
    marks = [i * step for i in range(math.ceil(low / step), math.floor(high / step) + 1)]

    def place(value: float) -> float:
        return _BINS * (value - low) / (high - low)

    chart = BarChart(
        series=[Series("rows", count.astype(np.float64))],
        top=float(count.max()),
        labels=[(place(mark), f"{mark:.10g}".replace("-", "−")) for mark in marks],
        titles=("rows", f"response{f' ({unit})' if unit else ''}"),
        told=f"Histogram of {len(y):,} responses from {low:.3f} to {high:.3f}{suffix}, mean {mean:.3f}.",
        notes=[f"{a:.3f} to {b:.3f}{suffix}: {n:,} rows" for a, b, n in zip(edges, edges[1:], count, strict=False)],
        mark=(place(mean), "mean"),
        size=_SIZE,
    )
    return bars_html(chart, dark=dark)


def filling_html(share: NDArray[np.float64], names: Sequence[str], *, dark: bool = False) -> str:
    """Share of rows with each site filled, (D,) in the order of `names`, as an HTML element."""
    chart = BarChart(
        series=[Series("filled", share)],
        top=1.0,
        labels=names_below(names, _SIZE),
        titles=("share of rows filled", "site"),
        told=f"Share of rows with each site filled: {share.min():.2f} to {share.max():.2f}, mean {share.mean():.2f}.",
        notes=[f"site {name}: filled in {100 * one:.1f} % of the rows" for name, one in zip(names, share, strict=True)],
        level=0.5,
        size=_SIZE,
    )
    return bars_html(chart, dark=dark)
