"""What a network is and how far to trust it, from its run card, in short phrases."""

from typing import Any

from dashboard.drawing.words import short, two_to
from rbfcore.distributions.recorded import is_uniform
from rbfcore.parameters import Parameters


def facts_of(network: Parameters) -> list[str]:
    """What was assumed and what it was made from, in short phrases."""
    card = network.card
    facts = []
    if card.distribution:
        name = short(card.distribution)
        uniform = card.lattice is not None and is_uniform(card, network.n_inputs)
        meaning = f" (all {two_to(network.n_inputs)} environments equally likely)" if uniform else ""
        facts.append(f"p(x) = {name}{meaning}")
    facts.append(potential_of(network))
    if card.target:
        facts.append(f"target: {card.target} barrier")
    facts.append(f"α = {network.alpha:.3f}".replace("-", "−"))
    facts.append(f"γ = {_range(network.gamma)}")
    return facts


def potential_of(network: Parameters) -> str:
    """The interatomic potential behind the training data, or plainly that none is recorded."""
    named = network.card.potential or (network.card.provenance or {}).get("potential")
    return f"potential: {named}" if named else "potential not recorded"


def centroids_of_parent(networks: dict[str, Parameters], name: str) -> str:
    """K of the network that the one called `name` was pruned from, as text; a dash when it is not known."""
    card = networks[name].card
    for candidate in networks.values():
        if card.parent and card.parent in (candidate.card.fingerprint, candidate.fingerprint()):
            return str(candidate.n_centroids)
    return "–" if card.parent_centroids is None else str(card.parent_centroids)


def _range(gamma: Any) -> str:
    low, high = float(gamma.min()), float(gamma.max())
    return f"{low:.3g}" if high - low < 1e-6 * high else f"{low:.3g}–{high:.3g}"
