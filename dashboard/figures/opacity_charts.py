"""How strongly prototypes draw each site, Fig. 5, as plotly figures: colour is the shell, hatching the layer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.drawing.colours import AMBER, GREY, PURPLE, SERIES, TEAL
from rbfcore.explain.prototypes import SiteOpacity
from rbfcore.lattice import Environment
from rbfcore.lattice.groups import shells_by_side

_SHELLS = (TEAL, AMBER, PURPLE)
_LAYERS = {0: ("same layer", ""), 1: ("above", "/"), -1: ("below", "\\")}


@dataclass(frozen=True, eq=False)
class DrawnSites:
    """Opacities of one pruned network for `opacity_figure`; `surface` says which layers its sites lie in."""

    name: str
    opacity: SiteOpacity
    env: Environment | None
    surface: str | None = None


def opacity_figure(rows: Sequence[DrawnSites], label: str) -> go.Figure:
    """Fig. 5: mean opacity of each site with its standard deviation, a panel for each network.

    Args:
        label: what the opacity is called, for the axis.
    """
    figure = make_subplots(
        rows=len(rows), cols=1, shared_xaxes=True, vertical_spacing=0.09, subplot_titles=[row.name for row in rows]
    )
    seen: set[str] = set()
    for place, row in enumerate(rows, start=1):
        for title, colour, pattern, sites in site_kinds(row):
            figure.add_bar(
                row=place,
                col=1,
                x=[str(site + 1) for site in sites],
                y=row.opacity.mean[sites],
                error_y=_whisker(row.opacity, sites, GREY),
                name=title,
                legendgroup=title,
                showlegend=title not in seen,
                marker=_hatched(colour, pattern),
            )
            seen.add(title)
    names = [str(site + 1) for site in range(max(len(row.opacity.mean) for row in rows))]
    figure.update_xaxes(categoryorder="array", categoryarray=names, tickfont={"size": 10}, dtick=1)
    figure.update_yaxes(rangemode="tozero", nticks=4)
    figure.update_xaxes(title="site", row=len(rows), col=1)
    figure.update_yaxes(title=label, row=(len(rows) + 1) // 2, col=1)
    return _laid_out(figure, 90 + 170 * len(rows))


def site_kinds(row: DrawnSites) -> list[tuple[str, str, str, list[int]]]:
    """Title, colour, hatching and sites of every neighbour shell and layer parallel to the surface."""
    count = len(row.opacity.mean)
    if row.env is None:
        return [("inputs", TEAL, "", list(range(count)))]
    kinds = []
    for shell, side, sites in shells_by_side(row.env, row.surface):
        words, pattern = _LAYERS[side]
        title = f"{shell}nn" + (f", {words}" if row.surface in row.env.layer else "")
        kinds.append((title, _SHELLS[(shell - 1) % len(_SHELLS)], pattern, sites.tolist()))
    return kinds


def overlaid_opacity_figure(rows: Sequence[DrawnSites], label: str) -> go.Figure:
    """The same with all networks in one panel, told apart by colour and marker."""
    figure = go.Figure()
    symbols = ("circle", "square", "diamond", "x", "triangle-up", "star")
    for number, row in enumerate(rows):
        colour, _ = SERIES[number % len(SERIES)]
        shift = (number - (len(rows) - 1) / 2) * 0.6 / len(rows)
        figure.add_scatter(
            x=np.arange(1, len(row.opacity.mean) + 1) + shift,
            y=row.opacity.mean,
            error_y=_whisker(row.opacity, list(range(len(row.opacity.mean))), colour),
            name=row.name,
            mode="markers",
            marker={"color": colour, "symbol": symbols[number % len(symbols)], "size": 8},
        )
    count = max((len(row.opacity.mean) for row in rows), default=1)
    figure.update_xaxes(title="site", dtick=1, tickfont={"size": 10}, showgrid=False, range=[0.4, count + 0.6])
    figure.update_yaxes(title=label, rangemode="tozero")
    return _laid_out(figure, 340)


def _hatched(colour: str, pattern: str) -> dict[str, Any]:
    """A bar's filling: the colour, with light lines over it."""
    lines = {"shape": pattern, "size": 7, "solidity": 0.25, "fillmode": "overlay", "fgcolor": "#ffffff"}
    return {"color": colour, "pattern": lines}


def _whisker(opacity: SiteOpacity, sites: list[int], colour: str) -> dict[str, Any]:
    """One standard deviation up and down, not below zero, where no opacity is."""
    down = np.minimum(opacity.std[sites], opacity.mean[sites])
    sizes = {"array": opacity.std[sites], "arrayminus": down, "symmetric": False}
    return {**sizes, "thickness": 1.2, "width": 2, "color": colour}


def _laid_out(figure: go.Figure, height: int) -> go.Figure:
    legend = {"orientation": "h", "y": 0.995, "yanchor": "top", "yref": "container", "x": 0}
    keyed = figure.layout.showlegend is not False
    figure.update_layout(height=height, margin={"l": 8, "r": 8, "t": 64 if keyed else 16, "b": 8}, legend=legend)
    return figure
