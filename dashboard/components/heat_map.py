"""Prototypes of a table without a lattice: values by prototype and input as a heat map, plain HTML with a text form."""

import math
from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard.viewer.palettes import palette_named
from dashboard.viewer.scene import beta_text
from rbfcore.explain.prototypes import gauge_free_opacity, opacity
from rbfcore.parameters import Parameters

_CELL, _LABEL, _TOP, _RIGHT = 26, 92, 64, 96
_WIDEST = 1100  # pixels; cells shrink to fit


def heat_map(
    network: Parameters,
    names: Sequence[str] | None = None,
    *,
    palette: str = "red-blue",
    gauge_free: bool = False,
) -> None:
    """Draw it; see `heat_map_svg`."""
    svg = heat_map_svg(network, names, palette=palette, gauge_free=gauge_free)
    st.html(f'<div style="overflow-x:auto">{svg}</div>')


def heat_map_svg(
    network: Parameters,
    names: Sequence[str] | None = None,
    *,
    palette: str = "red-blue",
    gauge_free: bool = False,
) -> str:
    """One row per prototype, one column per input: colour tells the sign, strength the opacity, a minus is hatched.

    Args:
        network: a pruned network of M centroids over D inputs.
        names: (D,) names of the inputs; "1" ... "D" by default.
        palette: "red-blue" or "orange-blue".
        gauge_free: strength |tanh(2 gamma theta)| instead of min(|theta| / 2, 1).

    Raises:
        ValueError: the number of names is not D.
    """
    m, d = network.centroids.shape
    labels = [str(i + 1) for i in range(d)] if names is None else [str(name) for name in names]
    if len(labels) != d:
        raise ValueError(f"expected {d} names, one per input, got {len(labels)}")
    strength = gauge_free_opacity(network) if gauge_free else opacity(network.centroids)
    colours, cell = palette_named(palette), max(9, min(_CELL, (_WIDEST - _LABEL - _RIGHT) // d))
    unit = str(network.metadata.get("unit", ""))
    parts = []
    for i in range(m):
        y = _TOP + i * _CELL
        parts.append(f'<text x="{_LABEL - 8}" y="{y + 17}" text-anchor="end">prototype {i + 1}</text>')
        for j in range(d):
            value, x = float(network.centroids[i, j]), _LABEL + j * cell
            colour = colours.positive if value > 0 else colours.negative if value < 0 else colours.neutral
            hatch = f'<rect x="{x}" y="{y}" width="{cell - 1}" height="{_CELL - 1}" fill="url(#minus)"/>'
            parts.append(
                f"<g><title>prototype {i + 1}, {escape(labels[j])}: θ {value:+.3g}</title>"
                f'<rect x="{x}" y="{y}" width="{cell - 1}" height="{_CELL - 1}" fill="{colour}" '
                f'fill-opacity="{strength[i, j]:.3f}" stroke="{colour}" stroke-opacity="0.35"/>'
                f"{hatch if value < 0 else ''}</g>"
            )
        weight = escape(beta_text(float(network.beta[i]), unit))
        parts.append(f'<text x="{_LABEL + d * cell + 8}" y="{y + 17}">β {weight}</text>')
    step = math.ceil(14 / cell)
    for j in range(0, d, step):
        x = _LABEL + (j + 0.5) * cell
        short = labels[j] if len(labels[j]) <= 10 else labels[j][:9] + "…"
        parts.append(f'<text transform="translate({x + 4:.1f} {_TOP - 6}) rotate(-60)">{escape(short)}</text>')
    width, height = _LABEL + d * cell + _RIGHT, _TOP + m * _CELL + 4
    said = f"Heat map of {m} prototypes over {d} inputs: {'; '.join(_strongest(network, labels))}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{escape(said, quote=True)}" font-family="system-ui, sans-serif" font-size="12" '
        'fill="currentColor"><defs><pattern id="minus" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V5" stroke="currentColor" stroke-opacity="0.45"/></pattern></defs>'
        f"{''.join(parts)}</svg>"
    )


def _strongest(network: Parameters, labels: Sequence[str]) -> list[str]:
    said = []
    for number, theta in enumerate(network.centroids, start=1):
        j = int(abs(theta).argmax())
        said.append(f"{number} strongest in {labels[j]} ({theta[j]:+.2g})")
    return said
