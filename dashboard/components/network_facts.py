"""What a network is and how far to trust it, from its run card."""

from typing import Any

import streamlit as st

from dashboard.state import Session
from rbfcore.parameters import Parameters



def parent_of(session: Session, network: Parameters) -> tuple[str, Parameters] | None:
    """Name and parameters of the large network this one was pruned from, if it is at hand."""
    wanted = network.metadata.get("parent")
    for name, candidate in session.networks().items():
        if wanted and candidate.fingerprint() == wanted:
            return name, candidate
    return None


def potential_of(network: Parameters) -> str:
    """The interatomic potential behind the training data, or a plain statement that none is recorded."""
    card = network.metadata
    provenance = card.get("provenance")
    named = card.get("potential") or (provenance.get("potential") if isinstance(provenance, dict) else None)
    return str(named) if named else "potential not recorded"


def pruned_metrics(session: Session, network: Parameters) -> None:
    """RMS gap, sizes, and the assumptions behind them."""
    card, unit = network.metadata, str(network.metadata.get("unit", ""))
    parent = parent_of(session, network)
    gap, m, k = st.columns([1.3, 1, 1])
    gap.metric(
        f"Exact RMS gap{', ' + unit if unit else ''}",
        _number(card.get("rms_gap")),
        help="Root mean square of f_K(x) − f_M(x) over the whole input space, in closed form (Theorem 1, Eq. 5): "
        "no sampling. How far the prototypes are from the network they summarise.",
    )
    m.metric("Prototypes M", network.n_centroids)
    k.metric("Centroids K", parent[1].n_centroids if parent else str(card.get("parent_centroids", "–")))
    st.caption(" · ".join(_facts(network)))


def _facts(network: Parameters) -> list[str]:
    card = network.metadata
    facts = []
    if card.get("distribution"):
        name = short(str(card["distribution"]))
        meaning = " (all 2²⁶ environments equally likely)" if name == "bernoulli:0.5" and network.n_inputs == 26 else ""
        facts.append(f"p(x) = {name}{meaning}")
    facts.append(f"potential: {potential_of(network)}" if "not" not in potential_of(network) else potential_of(network))
    if card.get("target"):
        facts.append(f"target: {card['target']} barrier")
    facts.append(f"α = {network.alpha:.3f}".replace("-", "−"))
    facts.append(f"γ = {_range(network.gamma)}")
    return facts


def _range(gamma: Any) -> str:
    low, high = float(gamma.min()), float(gamma.max())
    return f"{low:.3g}" if high - low < 1e-6 * high else f"{low:.3g}–{high:.3g}"


def _number(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, int | float) else "not recorded"


def short(text: str, at_most: int = 40) -> str:
    """A long description cut for one line."""
    return text if len(text) <= at_most else text[: at_most - 1] + "…"
