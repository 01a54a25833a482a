"""What a network is and how far to trust it, from its run card."""

from typing import Any

import streamlit as st

from dashboard.drawing.words import short
from rbfcore.parameters import Parameters


def potential_of(network: Parameters) -> str:
    """The interatomic potential behind the training data, or plainly that none is recorded."""
    card = network.metadata
    provenance = card.get("provenance")
    named = card.get("potential") or (provenance.get("potential") if isinstance(provenance, dict) else None)
    return f"potential: {named}" if named else "potential not recorded"


def centroids_of_parent(networks: dict[str, Parameters], name: str) -> str:
    """K of the network that the one called `name` was pruned from, as text; a dash when it is not known."""
    card = networks[name].metadata
    for candidate in networks.values():
        if card.get("parent") and card["parent"] in (candidate.metadata.get("fingerprint"), candidate.fingerprint()):
            return str(candidate.n_centroids)
    return str(card.get("parent_centroids", "–"))


def pruned_metrics(networks: dict[str, Parameters], name: str, shown: Parameters | None = None) -> None:
    """RMS gap, sizes, and the assumptions behind them.

    Args:
        name: of the network that was picked.
        shown: the prototypes on screen, when they are another set of the same large network.
    """
    network = shown or networks[name]
    card, unit = network.metadata, str(network.metadata.get("unit", ""))
    figures = st.container(horizontal=True, gap="small")
    figures.metric(
        f"Exact RMS gap{', ' + unit if unit else ''}",
        _number(card.get("rms_gap")),
        help="Root mean square of f_K(x) − f_M(x) over the whole input space, in closed form (Theorem 1, Eq. 5): "
        "no sampling. How far the prototypes are from the network they summarise.",
        width="content",
    )
    variance = card.get("variance")
    figures.metric(
        f"sd of the network{', ' + unit if unit else ''}",
        _number(variance**0.5 if isinstance(variance, float) else None),
        help="Standard deviation of the large network over the same inputs: the gap that an offset alone would leave.",
        width="content",
    )
    figures.metric("Prototypes M", network.n_centroids, width="content")
    figures.metric("Centroids K", centroids_of_parent(networks, name), width="content")
    st.caption(" · ".join(facts_of(network)))


def facts_of(network: Parameters) -> list[str]:
    """What was assumed and what it was made from, in short phrases."""
    card = network.metadata
    facts = []
    if card.get("distribution"):
        name = short(str(card["distribution"]))
        meaning = " (all 2²⁶ environments equally likely)" if name == "bernoulli:0.5" and network.n_inputs == 26 else ""
        facts.append(f"p(x) = {name}{meaning}")
    facts.append(potential_of(network))
    if card.get("target"):
        facts.append(f"target: {card['target']} barrier")
    facts.append(f"α = {network.alpha:.3f}".replace("-", "−"))
    facts.append(f"γ = {_range(network.gamma)}")
    return facts


def _range(gamma: Any) -> str:
    low, high = float(gamma.min()), float(gamma.max())
    return f"{low:.3g}" if high - low < 1e-6 * high else f"{low:.3g}–{high:.3g}"


def _number(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, int | float) else "–"
