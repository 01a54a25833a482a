"""What a data set holds, as SVG pictures: its responses, and how often each site is filled."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dashboard.figures.colours import AMBER, GREY, TEAL
from dashboard.figures.svg_axes import caption, nice_step, rule
from dashboard.figures.svg_image import ink, svg_image, with_notes

_WIDTH, _HEIGHT = 380, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 6, 26, 38
_BINS = 60
_NAME_WIDTH = 20  # least distance of two names below the bars


def response_html(y: NDArray[np.float64], unit: str, *, dark: bool = False) -> str:
    """How often responses occur, their mean marked, as an HTML element that tells the rows under the mouse."""
    count, edges = np.histogram(y, bins=_BINS)
    suffix = f" {unit}" if unit else ""
    low, high = float(edges[0]), float(edges[-1])

    def x(value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (value - low) / (high - low)

    step = nice_step((high - low) / 6)
    marks = [i * step for i in range(math.ceil(low / step), math.floor(high / step) + 1)]
    ticks = [(x(mark), f"{mark:.10g}".replace("-", "−")) for mark in marks]
    mean = float(y.mean())
    look = f'stroke="{AMBER}" stroke-width="2" stroke-dasharray="3 3"'
    over = [
        f'<path d="M{x(mean):.1f} {_TOP} V{_HEIGHT - _BOTTOM}" {look}/>',
        caption(x(mean) + 4, _TOP + 10, "mean", "start"),
    ]
    titles = "rows", f"response{f' ({unit})' if unit else ''}"
    told = f"Histogram of {len(y):,} responses from {low:.3f} to {high:.3f}{suffix}, mean {mean:.3f}."
    notes = [f"{a:.3f} to {b:.3f}{suffix}: {n:,} rows" for a, b, n in zip(edges, edges[1:], count, strict=False)]
    return _chart(count, float(count.max()), ticks, over, titles, told, notes, dark)


def filling_html(share: NDArray[np.float64], names: Sequence[str], *, dark: bool = False) -> str:
    """Share of rows with each site filled, (D,) in the order of `names`, as an HTML element."""
    width = (_WIDTH - _LEFT - _RIGHT) / len(share)
    every = max(1, round(_NAME_WIDTH / width + 0.49))
    ticks = [(_LEFT + (i + 0.5) * width, names[i]) for i in range(0, len(names), every)]
    half = (_TOP + _HEIGHT - _BOTTOM) / 2
    over = [f'<path d="M{_LEFT} {half} H{_WIDTH - _RIGHT}" stroke="{GREY}" stroke-width="2" stroke-dasharray="3 3"/>']
    notes = [f"site {name}: filled in {100 * one:.1f} % of the rows" for name, one in zip(names, share, strict=True)]
    told = f"Share of rows with each site filled: from {share.min():.2f} to {share.max():.2f}, mean {share.mean():.2f}."
    return _chart(share, 1.0, ticks, over, ("share of rows filled", "site"), told, notes, dark)


def _chart(
    heights: NDArray[np.generic],
    top: float,
    ticks: Sequence[tuple[float, str]],
    over: Sequence[str],
    titles: tuple[str, str],
    told: str,
    notes: Sequence[str],
    dark: bool,
) -> str:
    """Bars side by side with their axes; `over` lies over them, `titles` are those of the axes, y first."""
    width, room = (_WIDTH - _LEFT - _RIGHT) / len(heights), _HEIGHT - _TOP - _BOTTOM
    parts = []
    step = nice_step(top / 4)
    for i in range(int(top / step + 1e-9) + 1):
        y = _HEIGHT - _BOTTOM - room * i * step / top
        parts.append(rule(_LEFT, y, _WIDTH - _RIGHT, y, 0.14 if i else 0.5))
        parts.append(caption(_LEFT - 6, y + 4, f"{i * step:,.10g}", "end"))
    for i, height in enumerate(np.asarray(heights, dtype=np.float64)):
        tall = room * height / top
        parts.append(
            f'<rect x="{_LEFT + i * width + 0.4:.1f}" y="{_HEIGHT - _BOTTOM - tall:.1f}" width="{width - 0.8:.1f}" '
            f'height="{tall:.1f}" fill="{TEAL}"/>'
        )
    parts += [caption(place, _HEIGHT - _BOTTOM + 15, text, "middle") for place, text in ticks]
    parts += [*over, caption(0, 10, titles[0], "start"), caption(_WIDTH - _RIGHT, _HEIGHT - 6, titles[1], "end")]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" color="{ink(dark=dark)}" '
        f'style="font:12px system-ui,sans-serif">{"".join(parts)}</svg>'
    )
    edges = _TOP / _HEIGHT, _RIGHT / _WIDTH, _BOTTOM / _HEIGHT, _LEFT / _WIDTH
    return with_notes(svg_image(svg, told), notes, edges)
