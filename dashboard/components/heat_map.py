"""Prototypes of a table without a lattice: values by prototype and input as a heat map that is a real HTML table."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard.viewer.palettes import palette_named
from dashboard.viewer.scene import beta_text
from rbfcore.explain.prototypes import gauge_free_opacity, opacity
from rbfcore.parameters import Parameters

_HATCH = "repeating-linear-gradient(45deg,rgba(255,255,255,.35) 0 1px,transparent 1px 5px),"
_HEAD = "font-weight:400;font-size:.75rem;padding:2px 3px;text-align:center;max-width:6rem;overflow-wrap:anywhere"
_SIDE = "width:1%;font-weight:400;font-size:.8rem;padding:0 8px 0 0;text-align:right;white-space:nowrap"


def heat_map(
    network: Parameters,
    names: Sequence[str] | None = None,
    *,
    palette: str = "red-blue",
    gauge_free: bool = False,
) -> None:
    """Draw it; see `heat_map_html`."""
    st.html(heat_map_html(network, names, palette=palette, gauge_free=gauge_free))


def heat_map_html(
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
    colours, unit = palette_named(palette), str(network.metadata.get("unit", ""))
    head = "".join(f'<th scope="col" style="{_HEAD}">{escape(label)}</th>' for label in labels)
    rows = []
    for i in range(m):
        cells = "".join(
            _cell(float(network.centroids[i, j]), float(strength[i, j]), colours.positive, colours.negative, labels[j])
            for j in range(d)
        )
        weight = escape(beta_text(float(network.beta[i]), unit))
        rows.append(f'<tr><th scope="row" style="{_SIDE}">{i + 1} (β {weight})</th>{cells}</tr>')
    return (
        '<div style="overflow-x:auto" tabindex="0" role="region" aria-label="Values of the prototypes">'
        '<table style="border-collapse:separate;border-spacing:1px;width:100%;table-layout:auto">'
        f'<thead><tr><th scope="col" style="{_SIDE}">prototype</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(value: float, strength: float, positive: str, negative: str, label: str) -> str:
    """The number is in the title and, for machines that read, in the cell; small cells would not hold it."""
    colour = positive if value > 0 else negative
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    fill = f"rgba({red},{green},{blue},{strength:.3f})"
    background = f"{_HATCH}linear-gradient({fill},{fill})" if value < 0 else fill
    said = f"{value:+.2f}".replace("-", "−")
    return (
        f'<td title="{escape(label, quote=True)}: θ {said}" style="height:24px;min-width:9px;padding:0;'
        f'box-shadow:inset 0 0 0 1px rgba({red},{green},{blue},.4);background:{background}">'
        f'<span style="position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)">{said}</span></td>'
    )
