"""What a network is and how far to trust it, from its run card."""

import streamlit as st

from dashboard.drawing.facts import centroids_of_parent, facts_of
from rbfcore.parameters import Parameters


def pruned_metrics(networks: dict[str, Parameters], name: str, shown: Parameters | None = None) -> None:
    """RMS gap, sizes, and the assumptions behind them.

    Args:
        name: of the network that was picked.
        shown: the prototypes on screen, when they are another set of the same large network.
    """
    network = shown or networks[name]
    card, unit = network.card, network.card.unit or ""
    figures = st.container(horizontal=True, gap="small")
    figures.metric(
        f"Exact RMS gap{', ' + unit if unit else ''}",
        _number(card.rms_gap),
        help="Root mean square of f_K(x) − f_M(x) over the whole input space, in closed form (Theorem 1, Eq. 5): "
        "no sampling. How far the prototypes are from the network they summarise.",
        width="content",
    )
    figures.metric(
        f"sd of the network{', ' + unit if unit else ''}",
        _number(None if card.variance is None else card.variance**0.5),
        help="Standard deviation of the large network over the same inputs: the gap that an offset alone would leave.",
        width="content",
    )
    figures.metric("Prototypes M", network.n_centroids, width="content")
    figures.metric("Centroids K", centroids_of_parent(networks, name), width="content")
    st.caption(" · ".join(facts_of(network)))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
