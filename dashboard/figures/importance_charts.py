"""Which sites matter, as plotly figures: networks differ by colour and hatching, so do shells and layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from dashboard.figures.colours import AMBER, GREY, PURPLE, TEAL
from rbfcore.explain.prototypes import SiteOpacity
from rbfcore.lattice import Environment

if TYPE_CHECKING:
    from rbfcore.explain.report import Explanation

_SERIES = ((TEAL, ""), (AMBER, "/"), (PURPLE, "x"), (GREY, "."), ("#4d4d4d", "\\"), ("#c4b000", "+"))
_SHELLS = (TEAL, AMBER, PURPLE)
_LAYERS = {0: ("same layer", ""), 1: ("above", "/"), -1: ("below", "\\")}
_ORDERS_SHOWN = 6
MOST_OVERLAID = len(_SERIES)


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
    layers = row.env.layer.get(row.surface or "", np.zeros(count, dtype=np.int64))
    kinds = []
    for shell in np.unique(row.env.shell):
        for side, (words, pattern) in _LAYERS.items():
            sites = np.flatnonzero((row.env.shell == shell) & (np.sign(layers) == side)).tolist()
            title = f"{shell}nn" + (f", {words}" if row.surface in row.env.layer else "")
            if sites:
                kinds.append((title, _SHELLS[(shell - 1) % len(_SHELLS)], pattern, sites))
    return kinds


def overlaid_opacity_figure(rows: Sequence[DrawnSites], label: str) -> go.Figure:
    """The same with all networks in one panel, told apart by colour and marker."""
    figure = go.Figure()
    symbols = ("circle", "square", "diamond", "x", "triangle-up", "star")
    for number, row in enumerate(rows):
        colour, _ = _SERIES[number % len(_SERIES)]
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


def shares_figure(found: "dict[str, Explanation]", measure: str) -> go.Figure:
    """Shares of the variance by site: one network with all three measures, several with one measure.

    Args:
        found: explanations by name of the network.
        measure: "shapley", "first" or "total".
    """
    figure = go.Figure()
    if len(found) == 1:
        (only,) = found.values()
        series = {
            "by itself (first order)": only.indices.first,
            "Shapley effect": only.shapley,
            "with its interactions (total)": only.indices.total,
        }
    else:
        series = {name: share_of(one, measure) for name, one in found.items()}
    for (name, values), (colour, pattern) in zip(series.items(), _SERIES, strict=False):
        names = next(iter(found.values())).names
        figure.add_bar(x=names, y=100 * values, name=name, marker=_hatched(colour, pattern))
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_xaxes(title=next(iter(found.values())).kind, type="category", tickfont={"size": 10}, dtick=1)
    figure.update_yaxes(title="% of the variance", rangemode="tozero")
    return _laid_out(figure, 340)


def share_of(found: "Explanation", measure: str) -> NDArray[np.float64]:
    """(D,) shares of the variance by the name of a measure."""
    return {"shapley": found.shapley, "first": found.indices.first, "total": found.indices.total}[measure]


def orders_figure(found: "dict[str, Explanation]") -> go.Figure:
    """Shares of the variance by order of interaction, networks side by side."""
    figure = go.Figure()
    for (name, one), (colour, pattern) in zip(found.items(), _SERIES, strict=False):
        labels, values = order_shares(one)
        # Beside each other the numbers would cover each other; then they are in the table and under the pointer.
        text = [f"{100 * value:.1f} %" for value in values] if len(found) == 1 else None
        marker = _hatched(colour, pattern)
        figure.add_bar(x=labels, y=100 * values, text=text, textposition="outside", name=name, marker=marker)
    figure.update_layout(barmode="group", bargap=0.3, showlegend=len(found) > 1)
    figure.update_yaxes(title="% of the variance", range=[0, 108])
    figure.update_traces(cliponaxis=False)
    return _laid_out(figure, 260)


def order_shares(found: "Explanation") -> tuple[list[str], NDArray[np.float64]]:
    """Names and shares of the orders, the high ones added up."""
    names = ["single sites", "pairs", "triples", "4-body", "5-body", "6-body"]
    if found.kind != "site":
        names[0] = "single inputs"
    shares = found.orders[:_ORDERS_SHOWN]
    rest = float(found.orders[_ORDERS_SHOWN:].sum())
    labels = names[: len(shares)] + (["higher"] if len(found.orders) > _ORDERS_SHOWN else [])
    return labels, np.append(shares, rest)[: len(labels)]


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
