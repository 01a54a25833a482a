"""Every global explanation of a network in one place, and as JSON and CSV text."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.recorded import distribution_entries
from rbfcore.explain.sensitivity import Sobol, interaction_orders, shapley_effects, sobol
from rbfcore.parameters import Parameters
from rbfcore.storage.run_card import VERSION, RunCard, versions

# What the run card of a report takes over from that of its network.
_INHERITED = ("dataset", "lattice", "surface", "target", "potential", "seed", "loss", "rms_gap", "test_rmse", "parent")


@dataclass(frozen=True, eq=False)
class Explanation:
    """What a network does with its inputs under a distribution, exactly.

    Attributes:
        indices: mean, variance and Sobol indices.
        shapley: (D,) shares of the variance, summing to 1, every interaction split evenly.
        orders: (D,) shares of the variance by order of interaction.
        names: (D,) of the inputs; kind: what an input is, "site" or "input".
        unit: of y.
        under: the distribution in few words; the run card has all its numbers.
        card: run card of the explanation: network, distribution, versions.
    """

    indices: Sobol
    shapley: NDArray[np.float64]
    orders: NDArray[np.float64]
    names: tuple[str, ...]
    kind: str
    unit: str
    under: str
    card: RunCard


def explanation(network: Parameters, p: InputDistribution, source: str = "", under: str = "") -> Explanation:
    """Sobol indices, Shapley effects and interaction orders of a network, with a run card.

    Args:
        network: K centroids over D inputs.
        p: independent inputs.
        source: name of the network's file, for the card.
        under: what to call p; its own description by default.

    Raises:
        ValueError: inputs of p are dependent, or p has another D.
    """
    indices = sobol(network, p)
    effects = shapley_effects(network, p)
    known = network.card
    card = RunCard.from_dict(
        {
            "card_version": VERSION,
            "command": "explain",
            "network": source,
            "fingerprint": network.fingerprint(),
            "centroids": network.n_centroids,
            "inputs": network.n_inputs,
            **distribution_entries(p, network.n_inputs),
            **known.taken(_INHERITED),
            "versions": versions(),
        }
    )
    return Explanation(
        indices=indices,
        shapley=effects / indices.variance if indices.variance > 0 else effects,
        orders=interaction_orders(network, p),
        names=tuple(str(d + 1) for d in range(network.n_inputs)),
        kind="site" if known.lattice is not None else "input",
        unit=known.unit_in_words,
        under=under or p.describe(),
        card=card,
    )


def per_input(explained: Explanation) -> pd.DataFrame:
    """One row per input: its shares of the variance, and its Shapley effect in units of y squared."""
    return pd.DataFrame(
        {
            explained.kind: explained.names,
            "first": explained.indices.first,
            "total": explained.indices.total,
            "shapley": explained.shapley,
            "shapley_effect": explained.shapley * explained.indices.variance,
        }
    )


def strongest_pairs(explained: Explanation, count: int) -> list[tuple[str, str, float]]:
    """Names and share of the variance of the pairs that interact most, strongest first."""
    rows, columns = np.triu_indices(len(explained.names), 1)
    shares = explained.indices.pairs[rows, columns]
    best = np.argsort(-shares, kind="stable")[:count]
    return [(explained.names[rows[i]], explained.names[columns[i]], float(shares[i])) for i in best]


def as_json(explained: Explanation) -> str:
    """All numbers and the run card."""
    content = {
        "card": explained.card.as_dict(),
        "unit": explained.unit,
        "mean": explained.indices.mean,
        "variance": explained.indices.variance,
        "orders": explained.orders.tolist(),
        f"{explained.kind}s": per_input(explained).to_dict("records"),
        "pairs": explained.indices.pairs.tolist(),
    }
    return json.dumps(content, indent=1) + "\n"


def from_json(text: str) -> Explanation:
    """What `as_json` has written, to the bit."""
    content = json.loads(text)
    card = RunCard.from_dict(content["card"])
    kind = "site" if "sites" in content else "input"
    rows = pd.DataFrame(content[f"{kind}s"])

    def column(name: str) -> NDArray[np.float64]:
        return rows[name].to_numpy(np.float64)

    pairs = np.array(content["pairs"], dtype=np.float64)
    indices = Sobol(column("first"), column("total"), pairs, content["variance"], content["mean"])
    return Explanation(
        indices=indices,
        shapley=column("shapley"),
        orders=np.array(content["orders"], dtype=np.float64),
        names=tuple(rows[kind]),
        kind=kind,
        unit=content["unit"],
        under=card.distribution or "",
        card=card,
    )


def as_csv(explained: Explanation) -> str:
    """The table of `per_input`."""
    return per_input(explained).to_csv(index=False)
