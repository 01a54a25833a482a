"""Exact explanations of networks under a distribution, computed once on this server and found again by content."""

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import streamlit as st

from rbfcore.data.bundled import assets_folder
from rbfcore.distributions.recorded import recorded_fingerprint
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution
    from rbfcore.explain.report import Explanation

MOST_KEPT = 48

# Seconds for K = 1024 and D = 26 on one core: inputs with two values (K = 4096: 7.6 s), and continuous ones.
_TWO_VALUES, _CONTINUOUS = 0.5, 3.0


class Explanations:
    """Explanations by fingerprint of the network and of p(x) over its inputs; the oldest are forgotten.

    Args:
        prepared: what is known from the start, and stays.
    """

    def __init__(self, at_most: int = MOST_KEPT, prepared: "dict[tuple[str, str], Explanation] | None" = None) -> None:
        self._lock = threading.Lock()
        self._prepared = prepared or {}
        self._kept: OrderedDict[tuple[str, str], Explanation] = OrderedDict()
        self._at_most = at_most

    def find(self, network: Parameters, under: str) -> "Explanation | None":
        """The explanation, when it has been computed before."""
        key = (network.fingerprint(), under)
        if key in self._prepared:
            return self._prepared[key]
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def compute(self, name: str, network: Parameters, p: "InputDistribution", under: str) -> "Explanation":
        """Compute it and keep it; see `rbfcore.explain.report.explanation`.

        Args:
            under: what p(x) over the network's inputs is found again by: its fingerprint, or what it was fitted to.

        Raises:
            ValueError: the inputs of p depend on each other, or p is over another number of inputs.
        """
        from rbfcore.explain.report import explanation

        explained = explanation(network, p, source=name)
        with self._lock:
            self._kept[network.fingerprint(), under] = explained
            while len(self._kept) > self._at_most:
                self._kept.popitem(last=False)
        return explained


def expected_seconds(network: Parameters, two_values: bool) -> float:
    """How long `compute` takes on one core: it grows with the square of K and of D."""
    size = (network.n_centroids / 1024) ** 2 * (network.n_inputs / 26) ** 2
    return 0.1 + (_TWO_VALUES if two_values else _CONTINUOUS) * size


@st.cache_resource(show_spinner=False)
def explanations() -> Explanations:
    """The one collection of this server."""
    return Explanations(prepared=prepared())


def prepared() -> "dict[tuple[str, str], Explanation]":
    """What `rbfscope assets` has explained: the bundled networks when all environments are equally likely."""
    from rbfcore.explain.report import from_json

    prepared_ones = {}
    for path in sorted((assets_folder() / "explanations").glob("*.json")):
        one = from_json(path.read_text(encoding="utf-8"))
        under = recorded_fingerprint(one.card, len(one.names))
        if one.card.fingerprint is not None and under is not None:
            prepared_ones[one.card.fingerprint, under] = one
    return prepared_ones
