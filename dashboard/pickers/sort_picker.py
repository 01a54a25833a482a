"""What prototypes are sorted by: choices, values, and how a value is said on a card."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.session.address import Address
from rbfcore.explain.prototypes import gauge_free_opacity
from rbfcore.explain.ranking import Ranking, occupation_chances, ranking
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters

SORT_KEY = "sort"


@dataclass(frozen=True)
class Order:
    """One way to sort: its label, its meaning, a value per prototype and how a card says it."""

    label: str
    meaning: str
    values: Callable[[Ranking], NDArray[np.float64]]
    said: Callable[[float, str], str]


ORDERS = {
    "pruned": Order("As pruned", "", lambda r: -np.arange(len(r.weight), dtype=np.float64), lambda *_: ""),
    "weight": Order(
        "Weight", "|β|, which depends on γ", lambda r: r.weight, lambda v, unit: f"|β| {v:.3g} {unit}".strip()
    ),
    "opacity": Order(
        "Opacity", "opacity averaged over the sites", lambda r: r.opacity, lambda v, _: f"mean opacity {v:.2f}"
    ),
    "symmetry": Order(
        "Symmetry",
        "share of the prototype's variance that all images of an environment agree on",
        lambda r: r.symmetry,
        lambda v, _: f"symmetry {v:.2f}",
    ),
    "variance": Order(
        "Variance",
        "contribution to the variance, Cov(βφ, f) / Var f: shares add up to 1; a negative one works against the others",
        lambda r: r.share,
        lambda v, _: f"{'−' if v < 0 else ''}{abs(v):.1%} of the variance".replace("%", " %"),
    ),
}


def sort_picker(address: Address, *, occupations: bool) -> str:
    """Which order to show; symmetry and variance need to know p(x), and are offered on occupations."""
    offered = [name for name in ORDERS if occupations or name in ("pruned", "weight", "opacity")]
    has_value = address.recall(SORT_KEY, offered)
    name = st.segmented_control(
        "Sort by",
        offered,
        default=None if has_value else offered[0],
        required=True,
        format_func=lambda name: ORDERS[name].label,
        key=SORT_KEY,
        help=". ".join(f"{order.label}: {order.meaning}" for order in ORDERS.values() if order.meaning),
    )
    address.publish(SORT_KEY, name, default=offered[0])
    return str(name)


def ranked(network: Parameters, env: Environment | None, *, gauge_free: bool = False) -> Ranking:
    """Measures of the prototypes under the p(x) of their run card, all environments alike where none is known."""
    symmetry = None if env is None else env.symmetry
    q = occupation_chances(network)
    if symmetry is not None and q.ndim:
        q = q[symmetry].mean(0)  # scores need a p(x) that the symmetry leaves as it is
    measures = ranking(network, symmetry, q)
    if not gauge_free:
        return measures
    return Ranking(**{**vars(measures), "opacity": gauge_free_opacity(network).mean(1)})


def in_order(measures: Ranking, name: str) -> list[int]:
    """0-based prototypes, the largest value first."""
    return [int(i) for i in np.argsort(-ORDERS[name].values(measures), kind="stable")]


def notes(measures: Ranking, name: str, unit: str) -> list[str]:
    """What each prototype's card says about the order shown."""
    return [ORDERS[name].said(float(value), unit) for value in ORDERS[name].values(measures)]
