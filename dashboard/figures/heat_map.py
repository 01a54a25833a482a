"""All prototypes of a table without a lattice as one heat map: a row per prototype, a column per input."""

from html import escape

import numpy as np

from dashboard.drawing.palettes import lighter, palette_named
from dashboard.figures.svg_image import INK, ink, svg_image
from rbfcore.explain.prototypes import FULL_OPACITY_AT
from rbfcore.parameters import Parameters

_CELL, _LEFT, _TOP, _WIDEST = 22, 56, 22, 1100


def heat_map_html(network: Parameters, palette: str, *, dark: bool = False) -> str:
    """The picture as an HTML element with its alt text; arguments as `heat_map_svg`."""
    m, d = network.centroids.shape
    told = f"Heat map of the {m} prototypes over {d} inputs; the largest value is {np.abs(network.centroids).max():.2f}"
    return svg_image(heat_map_svg(network, palette, ink(dark=dark)), told, "max-width:100%")


def heat_map_svg(network: Parameters, palette: str, text: str = INK) -> str:
    """θ as colour (sign) and opacity (size, full at 2), + and − written into cells that are wide enough.

    Args:
        network: M prototypes over D inputs.
        palette: "red-blue" or "orange-blue".
        text: colour of text.
    """
    colours = palette_named(palette)
    m, d = network.centroids.shape
    wide = min(_CELL * 1.6, max(3.0, (_WIDEST - _LEFT) / d))
    parts = []
    for row, values in enumerate(network.centroids):
        y = _TOP + row * _CELL
        parts.append(_text(_LEFT - 8, y + 15, str(row + 1), "end"))
        for column, value in enumerate(values):
            colour = colours.positive if value > 0 else colours.negative
            share = min(abs(float(value)) / FULL_OPACITY_AT, 1.0)
            x = _LEFT + column * wide
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{wide - 1:.1f}" height="{_CELL - 1}" fill="{colour}" '
                f'fill-opacity="{share:.3f}" stroke="{lighter(colour, 0.5)}" stroke-width="0.5"/>'
            )
            if wide >= 10:
                parts.append(_text(x + wide / 2, y + 15, "+" if value > 0 else "−", "middle"))
    step = max(1, round(24 / wide))
    parts += [_text(_LEFT + (i + 0.5) * wide, _TOP - 7, str(i + 1), "middle") for i in range(0, d, step)]
    width, height = _LEFT + d * wide + 6, _TOP + m * _CELL + 6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" color="{text}" '
        f'style="font:12px system-ui,sans-serif">{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor">{escape(text)}</text>'
