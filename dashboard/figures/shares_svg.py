"""Shares of the variance as SVG pictures, by site and by order of interaction."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dashboard.drawing.colours import SERIES
from dashboard.figures.svg_bars import BarChart, Series, bars_html, names_below

if TYPE_CHECKING:
    from rbfcore.explain.report import Explanation

_ORDERS_SHOWN = 6
_SHARES_SIZE, _ORDERS_SIZE = (680, 270), (680, 200)
_ROOM = 1.08  # of the highest bar


def shares_html(explanations: "dict[str, Explanation]", measure: str, *, dark: bool = False) -> str:
    """Shares of the variance by site: one network with all three measures, several with one measure.

    Args:
        explanations: by name of the network, over the same inputs.
        measure: "shapley", "first" or "total".
    """
    name, one = next(iter(explanations.items()))
    if len(explanations) == 1:
        shares = {
            "by itself (first order)": one.indices.first,
            "Shapley effect": one.shapley,
            "with its interactions (total)": one.indices.total,
        }
    else:
        shares = {network: share_of(each, measure) for network, each in explanations.items()}
    series = _series({bars: 100 * values for bars, values in shares.items()})
    notes = [
        f"{one.kind} {site}: " + ", ".join(f"{each.name} {each.heights[d]:.2f} %" for each in series)
        for d, site in enumerate(one.names)
    ]
    best = np.argsort(-one.shapley)[:3]
    told = f"Shares of the variance of {', '.join(explanations)} by {one.kind}; largest Shapley effects of {name}: "
    chart = BarChart(
        series=series,
        top=_ROOM * max(float(each.heights.max()) for each in series) or 1.0,  # a constant has no shares
        labels=names_below(one.names, _SHARES_SIZE),
        titles=("% of the variance", one.kind),
        told=told + ", ".join(f"{one.names[d]} {100 * one.shapley[d]:.1f} %" for d in best),
        notes=notes,
        gap=0.25,
        size=_SHARES_SIZE,
    )
    return bars_html(chart, dark=dark)


def share_of(explanation: "Explanation", measure: str) -> NDArray[np.float64]:
    """(D,) shares of the variance by the name of a measure."""
    return {"shapley": explanation.shapley, "first": explanation.indices.first, "total": explanation.indices.total}[
        measure
    ]


def orders_html(explanations: "dict[str, Explanation]", *, dark: bool = False) -> str:
    """Shares of the variance by order of interaction, networks side by side."""
    shares = {name: order_shares(one) for name, one in explanations.items()}
    labels, _ = next(iter(shares.values()))
    series = _series({name: 100 * values for name, (_, values) in shares.items()})
    notes = [
        f"{label}: " + ", ".join(f"{each.name} {each.heights[i]:.2f} %" for each in series)
        for i, label in enumerate(labels)
    ]
    # Beside each other the numbers would cover each other; then they are in the table and under the mouse.
    texts = [f"{value:.1f} %" for value in series[0].heights] if len(series) == 1 else []
    chart = BarChart(
        series=series,
        top=108.0,
        labels=[(i + 0.5, label) for i, label in enumerate(labels)],
        titles=("% of the variance", ""),
        told=f"Shares of the variance by order of interaction. {'; '.join(notes)}",
        notes=notes,
        texts=texts,
        gap=0.3,
        size=_ORDERS_SIZE,
    )
    return bars_html(chart, dark=dark)


def order_shares(explanation: "Explanation") -> tuple[list[str], NDArray[np.float64]]:
    """Names and shares of the orders, the high ones added up."""
    names = ["single sites", "pairs", "triples", "4-body", "5-body", "6-body"]
    if explanation.kind != "site":
        names[0] = "single inputs"
    shares = explanation.orders[:_ORDERS_SHOWN]
    rest = float(explanation.orders[_ORDERS_SHOWN:].sum())
    labels = names[: len(shares)] + (["higher"] if len(explanation.orders) > _ORDERS_SHOWN else [])
    return labels, np.append(shares, rest)[: len(labels)]


def _series(heights: dict[str, NDArray[np.float64]]) -> list[Series]:
    looks = zip(heights.items(), SERIES, strict=False)
    return [Series(name, values, colour, hatching) for (name, values), (colour, hatching) in looks]
