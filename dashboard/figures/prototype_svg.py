"""Prototypes from their viewpoints as SVG text with true opacity: for print, slides and the README."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from dashboard.drawing.palettes import lighter
from dashboard.drawing.scene import scene
from rbfcore.lattice import Environment, Viewpoint
from rbfcore.parameters import Parameters

_INK = "#31333f"
_HEADER, _GAP, _LEGEND = 24, 16, 44
_MARGIN = 1.04
_DASHES = 9
_SWATCHES = (0.0, 0.25, 0.5, 0.75, 1.0)


def prototypes_svg(
    prototypes: Parameters,
    env: Environment | None,
    *,
    palette: str = "red-blue",
    opacity_name: str = "paper",
    viewpoints: Sequence[Viewpoint] | None = None,
    order: Sequence[int] | None = None,
    columns: int = 2,
    view_size: int = 112,
    background: str | None = "#ffffff",
    unit: str | None = None,
    input_names: Sequence[str] | None = None,
) -> str:
    """The gallery as an SVG document.

    Args:
        prototypes: a pruned network of M centroids over D inputs.
        env: the lattice whose sites the inputs are; None for other tables, drawn as bars.
        palette: "red-blue" or "orange-blue".
        opacity_name: "paper" or "gauge-free" (see `scene`).
        viewpoints: directions to look from, one picture each; by default those of the lattice.
        order: which prototypes to draw and in what order, 0-based.
        columns: prototypes side by side.
        view_size: width of one picture in pixels.
        background: colour behind everything, or None for a transparent one.
        unit: unit of beta; by default its run card's.
        input_names: (D,) names of the inputs.

    Raises:
        ValueError: columns or view_size is not positive; see also `scene`.
    """
    if columns < 1 or view_size < 20:
        raise ValueError(f"columns must be >= 1 and view_size >= 20 pixels, got {columns} and {view_size}")
    drawn = scene(
        prototypes,
        env,
        palette=palette,
        opacity_name=opacity_name,
        viewpoints=viewpoints,
        order=order,
        input_names=input_names,
        unit=unit,
    )
    wide = view_size * max(1, len(drawn["viewpoints"])) if env is not None else view_size * 4
    cell = (wide + _GAP, view_size + _HEADER + _GAP)
    columns = min(columns, len(drawn["prototypes"])) or 1
    rows = -(-len(drawn["prototypes"]) // columns)
    width, height = max(columns * cell[0] + _GAP, 640), rows * cell[1] + _LEGEND + _GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" font-size="12" fill="{_INK}" '
        f'role="img">',
        f"<title>{len(drawn['prototypes'])} prototypes</title>",
        _definitions(drawn["palette"]),
    ]
    if background is not None:
        parts.append(f'<rect width="100%" height="100%" fill={quoteattr(background)}/>')
    for number, prototype in enumerate(drawn["prototypes"]):
        x = _GAP + (number % columns) * cell[0]
        y = _GAP / 2 + (number // columns) * cell[1]
        parts += [f'<g transform="translate({x} {y})" data-prototype="{prototype["number"]}">']
        parts += [f"<title>{escape(prototype['summary'])}</title>", *_header(prototype, wide)]
        parts += _bars(drawn, prototype, wide, view_size) if env is None else _views(drawn, prototype, view_size)
        parts += ["</g>"]
    parts += [f'<g transform="translate({_GAP} {height - _LEGEND})">', *_legend(drawn), "</g>", "</svg>"]
    return "\n".join(parts) + "\n"


def _definitions(palette: dict[str, str]) -> str:
    """A shaded ball for each sign; the opacity is that of the circle that uses it."""
    balls = "".join(
        f'<radialGradient id="{sign}" cx="0.5" cy="0.5" r="0.5" fx="0.32" fy="0.3">'
        f'<stop offset="0" stop-color="{lighter(palette[sign], 0.3)}"/>'
        f'<stop offset="0.5" stop-color="{palette[sign]}"/>'
        f'<stop offset="1" stop-color="{lighter(palette[sign], -0.16)}"/></radialGradient>'
        for sign in ("positive", "negative", "neutral")
    )
    return f"<defs>{balls}</defs>"


def _header(prototype: dict[str, Any], wide: float) -> list[str]:
    return [
        f'<text x="2" y="15" font-weight="650" font-size="14">{prototype["number"]}</text>',
        f'<text x="{wide - 2}" y="15" text-anchor="end">{escape(prototype["headline"])}</text>',
        f'<path d="M0 {_HEADER - 3} H{wide}" stroke="{_INK}" stroke-opacity="0.15"/>',
    ]


def _views(drawn: dict[str, Any], prototype: dict[str, Any], size: float) -> list[str]:
    parts = []
    for number, viewpoint in enumerate(drawn["viewpoints"]):
        parts.append(f'<g data-view="{number}" transform="translate({number * size} {_HEADER})">')
        parts += _lattice(drawn, prototype, np.array(viewpoint["rotation"]), size)
        parts.append(
            f'<text x="5" y="{size - 3}" font-size="9.5" fill-opacity="0.62">{escape(viewpoint["name"])}</text></g>'
        )
    return parts


def _lattice(drawn: dict[str, Any], prototype: dict[str, Any], rotation: NDArray[np.float64], size: float) -> list[str]:
    """Sites, atom, target and arrow of one view, back to front, so that plain painting order composites them."""
    radii, palette = drawn["radii"], drawn["palette"]
    scale = size / 2 / (drawn["extent"] + radii["site"] * (1 + radii["nearer"])) / _MARGIN

    def placed(point: Sequence[float]) -> tuple[float, float, float, float]:
        right, up, depth = rotation @ (np.array(point) - np.array(drawn["centre"]))
        local = scale * (1 + radii["nearer"] * depth / drawn["extent"])
        return size / 2 + right * scale, size / 2 - up * scale, depth, local

    items: list[tuple[float, str]] = []
    for site, position in enumerate(drawn["positions"]):
        x, y, depth, local = placed(position)
        value, alpha = prototype["values"][site], prototype["alpha"][site]
        marks = f'data-site="{drawn["names"][site]}" cx="{x:.2f}" cy="{y:.2f}" r="{radii["site"] * local:.2f}"'
        items.append((depth, f"<circle {marks} {_style(palette, value, alpha, radii['site'] * local)}/>"))
    start, target = placed(drawn["jump"]["start"]), placed(drawn["jump"]["target"])
    neutral, atom = palette["neutral"], radii["atom"]
    items += [
        (start[2], f'<circle cx="{start[0]:.2f}" cy="{start[1]:.2f}" r="{atom * start[3]:.2f}" fill="{neutral}"/>'),
        (
            target[2],
            f'<circle cx="{target[0]:.2f}" cy="{target[1]:.2f}" r="{atom * target[3]:.2f}" fill="none" '
            f'stroke="{neutral}" stroke-width="1.5"/>',
        ),
        ((start[2] + target[2]) / 2, _arrow(start, target, atom, neutral)),
    ]
    return [text for _, text in sorted(items, key=lambda item: item[0])]


def _style(palette: dict[str, str], value: float, alpha: float, radius: float) -> str:
    sign = "positive" if value > 0 else "negative" if value < 0 else "neutral"
    dash = ""
    if value <= 0:
        step = 2 * np.pi * radius / (_DASHES if value < 0 else 20)
        on = 0.58 if value < 0 else 0.5
        dash = f' stroke-dasharray="{step * on:.2f} {step * (1 - on):.2f}"'
    return (
        f'fill="url(#{sign})" fill-opacity="{alpha:g}" stroke="{palette[sign]}" stroke-width="1" '
        f'stroke-opacity="0.8"{dash}'
    )


def _arrow(start: Sequence[float], target: Sequence[float], atom: float, colour: str) -> str:
    along = np.array([target[0] - start[0], target[1] - start[1]])
    length = float(np.hypot(*along))
    first, last = atom * start[3], length - atom * target[3]
    if last - first < 4:
        return ""  # the jump points at the eye or away from it
    unit = along / length
    head = min(6.0, (last - first) * 0.6)
    side = np.array([-unit[1], unit[0]]) * head / 2
    origin = np.array(start[:2])
    tail, tip, neck = (origin + unit * s for s in (first, last, last - head))
    left, right = neck + side, neck - side
    return (
        f'<path d="M{tail[0]:.2f} {tail[1]:.2f} L{neck[0]:.2f} {neck[1]:.2f}" stroke="{colour}" '
        f'stroke-width="1.5"/><path d="M{tip[0]:.2f} {tip[1]:.2f} L{left[0]:.2f} {left[1]:.2f} '
        f'L{right[0]:.2f} {right[1]:.2f} Z" fill="{colour}"/>'
    )


def _bars(drawn: dict[str, Any], prototype: dict[str, Any], wide: float, size: float) -> list[str]:
    values, palette = prototype["values"], drawn["palette"]
    middle, half = _HEADER + size / 2, size / 2 - 6
    largest = max(2.0, *(abs(value) for value in values))
    step = wide / len(values)
    width = min(step * 0.76, 26)
    parts = [f'<path d="M0 {middle} H{wide}" stroke="{_INK}" stroke-opacity="0.35"/>']
    for number, (value, alpha) in enumerate(zip(values, prototype["alpha"], strict=True)):
        tall = max(0.75, abs(value) / largest * half)
        x, y = step * (number + 0.5) - width / 2, middle - (tall if value >= 0 else 0)
        sign = "positive" if value > 0 else "negative" if value < 0 else "neutral"
        dash = ' stroke-dasharray="3 2"' if value < 0 else ""
        parts.append(
            f'<rect data-site={quoteattr(drawn["names"][number])} x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" '
            f'height="{tall:.2f}" fill="{palette[sign]}" fill-opacity="{alpha:g}" stroke="{palette[sign]}"{dash}/>'
        )
    return parts


def _legend(drawn: dict[str, Any]) -> list[str]:
    palette, opacity = drawn["palette"], drawn["opacity"]
    parts = [
        f'<circle cx="9" cy="10" r="7" {_style(palette, 1, 0.55, 7)}/><text x="22" y="14">θ &gt; 0</text>',
        f'<circle cx="77" cy="10" r="7" {_style(palette, -1, 0.55, 7)}/><text x="90" y="14">θ &lt; 0</text>',
    ]
    for number, share in enumerate(_SWATCHES):
        x = 150 + 28 * number
        more = "+" if share == 1 and opacity["name"] == "paper" else ""
        parts.append(
            f'<circle cx="{x - 6}" cy="8" r="6" {_style(palette, 1, share, 6)}/>'
            f'<circle cx="{x + 6}" cy="8" r="6" {_style(palette, -1, share, 6)}/>'
            f'<text x="{x}" y="27" font-size="9.5" text-anchor="middle">{share * opacity["full_at"]:g}{more}</text>'
        )
    parts.append(f'<text x="286" y="14">opacity = {escape(opacity["label"])}</text>')
    if drawn["kind"] == "lattice":
        neutral = palette["neutral"]
        parts.append(
            f'<circle cx="452" cy="10" r="5" fill="{neutral}"/><path d="M457 10 H473" stroke="{neutral}" '
            f'stroke-width="1.5"/><path d="M479 10 l-7 -3.5 v7 z" fill="{neutral}"/><circle cx="484" cy="10" r="5" '
            f'fill="none" stroke="{neutral}" stroke-width="1.5"/><text x="496" y="14">migrating atom, target</text>'
        )
    return parts
