"""Bars side by side as an SVG picture, with what they stand for under the mouse. Light enough for any page."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from dashboard.drawing.colours import AMBER, GREY, TEAL
from dashboard.figures.svg_axes import caption, even_marks, rule
from dashboard.figures.svg_image import ink, scalable, svg_image, with_notes

_LEFT, _RIGHT, _BOTTOM = 52, 6, 38
_HEAD, _LINE = 26, 18  # height of the first line over the bars, and of each line of a legend
_LETTER = 6.8
_SHORTEST = 4  # letters that are left of a name
_HATCHING = {  # lines in a tile of 6 x 6
    "": "",
    "/": "M-1 1 L1 -1 M0 6 L6 0 M5 7 L7 5",
    "\\": "M-1 5 L1 7 M0 0 L6 6 M5 -1 L7 1",
    "x": "M0 6 L6 0 M0 0 L6 6",
    "+": "M3 0 V6 M0 3 H6",
    ".": "M2.2 3 H3.8",
}


@dataclass(frozen=True, eq=False)
class Series:
    """Bars of one kind: (N,) heights, with a colour and one of the hatchings "", "/", "\\\\", "x", "+", "."."""

    name: str
    heights: NDArray[np.float64]
    colour: str = TEAL
    hatching: str = ""


@dataclass(frozen=True, eq=False)
class BarChart:
    """N groups of bars over an axis.

    Attributes:
        series: one bar of each stands in every group; a legend names them when there are several.
        top: value at the upper end of the axis, > 0.
        labels: (place along the axis in groups, text): .5 is the middle of the first group.
        titles: of the axes, y first.
        told: what the picture shows, for somebody who does not see it.
        notes: (N,) what each group stands for.
        mark: place along the axis in groups, and name, of a dotted line across; level: value of one along the axis.
        texts: (N,) written over the first bar of each group.
        gap: share of a group that is left free.
        size: width and height; the width is scaled to the page.
    """

    series: Sequence[Series]
    top: float
    labels: Sequence[tuple[float, str]]
    titles: tuple[str, str]
    told: str
    notes: Sequence[str]
    mark: tuple[float, str] | None = None
    level: float | None = None
    texts: Sequence[str] = ()
    gap: float = 0.08
    size: tuple[int, int] = (380, 200)


def bars_html(chart: BarChart, *, dark: bool = False) -> str:
    """The picture as an HTML element with its alt text and the notes for the mouse."""
    width, height = chart.size
    legend, lines = _legend(chart, width)
    top = _HEAD + _LINE * lines
    group = (width - _LEFT - _RIGHT) / len(chart.notes)
    room = height - top - _BOTTOM

    def x(place: float) -> float:
        return _LEFT + group * place

    def y(value: float) -> float:
        return height - _BOTTOM - room * value / chart.top

    parts = [*_patterns(chart.series), *legend]
    for value in even_marks(chart.top, 6.5):
        parts.append(rule(_LEFT, y(value), width - _RIGHT, y(value), 0.14 if value else 0.5))
        parts.append(caption(_LEFT - 6, y(value) + 4, f"{value:,.10g}", "end"))
    bar = (1 - chart.gap) / len(chart.series)
    for number, series in enumerate(chart.series):
        for i, value in enumerate(series.heights.tolist()):
            left = x(i + chart.gap / 2 + number * bar)
            box = f'x="{left:.1f}" y="{y(value):.1f}" width="{group * bar:.1f}" height="{y(0) - y(value):.1f}"'
            parts.append(f'<rect {box} fill="{series.colour}"/>')
            if series.hatching:
                parts.append(f'<rect class="over" {box} fill="url(#hatching{number})"/>')
    for i, text in enumerate(chart.texts):
        parts.append(caption(x(i + 0.5), y(float(chart.series[0].heights[i])) - 5, text, "middle"))
    parts += [caption(x(place), height - _BOTTOM + 15, text, "middle") for place, text in chart.labels]
    dotted = 'stroke-width="2" stroke-dasharray="3 3"'
    if chart.mark is not None:
        at = x(chart.mark[0])
        parts.append(f'<path d="M{at:.1f} {top} V{height - _BOTTOM}" stroke="{AMBER}" {dotted}/>')
        parts.append(caption(at + 4, top + 10, chart.mark[1], "start"))
    if chart.level is not None:
        parts.append(f'<path d="M{_LEFT} {y(chart.level):.1f} H{width - _RIGHT}" stroke="{GREY}" {dotted}/>')
    parts.append(caption(0, top - 14, chart.titles[0], "start"))
    parts.append(caption(width - _RIGHT, height - 6, chart.titles[1], "end"))
    svg = scalable(parts, chart.size, ink(dark=dark), 12)
    return with_notes(svg_image(svg, chart.told), chart.notes, (top / height, _RIGHT / width, 0, _LEFT / width))


def names_below(names: Sequence[str], size: tuple[int, int]) -> list[tuple[float, str]]:
    """Labels of groups: all of them, cut short where they are long, or as many as there is room for."""
    room = (size[0] - _LEFT - _RIGHT) / len(names)
    letters = max(_SHORTEST, int((room - 4) / _LETTER))
    short = [name if len(name) <= letters else f"{name[: letters - 1]}…" for name in names]
    every = math.ceil((_LETTER * max(map(len, short)) + 4) / room)
    return [(i + 0.5, short[i]) for i in range(0, len(names), every)]


def _patterns(series: Sequence[Series]) -> list[str]:
    return [
        f'<pattern id="hatching{number}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<path d="{_HATCHING[one.hatching]}" stroke="#ffffff" stroke-width="0.9" stroke-opacity="0.8"/></pattern>'
        for number, one in enumerate(series)
        if one.hatching
    ]


def _legend(chart: BarChart, width: int) -> tuple[list[str], int]:
    """Swatches and names in lines from the upper left, and how many lines; none for bars of one kind."""
    if len(chart.series) == 1:
        return [], 0
    parts: list[str] = []
    at, line = float(_LEFT), 1
    for number, one in enumerate(chart.series):
        needed = 20 + _LETTER * len(one.name) + 14
        if at + needed > width and at > _LEFT:
            at, line = float(_LEFT), line + 1
        y = _LINE * (line - 1) + 2
        for fill in (one.colour, f"url(#hatching{number})" if one.hatching else "none"):
            parts.append(f'<rect class="key" x="{at:.1f}" y="{y}" width="13" height="13" fill="{fill}"/>')
        parts.append(f'<text x="{at + 19:.1f}" y="{y + 11}" fill="currentColor">{escape(one.name)}</text>')
        at += needed
    return parts, line
