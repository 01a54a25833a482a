"""Shares of the variance on the lattice beside the matrix of pair interactions, linked both ways."""

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.drawing.colours import TEAL
from dashboard.drawing.scene import scene
from dashboard.viewer.modules import module_loader
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.explain.report import Explanation

SHARE_COLOUR = TEAL  # neither red nor blue: a share has no sign


def importance_scene(
    network: Parameters, env: Environment | None, explanation: "Explanation", label: str
) -> dict[str, Any]:
    """What the component draws, as plain values that JSON can hold.

    Args:
        network: the network that `explanation` explains, K centroids over D inputs.
        env: the lattice whose D sites the inputs are; None for other tables, shown by the matrix alone.
        label: what to call the network.

    Returns:
        scene (see `scene`, without prototypes), label, kind ("site" or "input"), measures (name, label, values: (D,)
        shares of the variance), pairs: (D, D) shares of the variance.

    Raises:
        ValueError: the lattice has another number of sites.
    """
    drawn = scene(network, env, order=[])
    drawn["palette"] = {**drawn["palette"], "positive": SHARE_COLOUR}
    measures = (
        ("shapley", "Shapley effect", explanation.shapley),
        ("first", "First order", explanation.indices.first),
        ("total", "Total", explanation.indices.total),
    )
    return {
        "scene": drawn,
        "label": label,
        "kind": "input" if env is None else "site",
        "measures": [
            {"name": name, "label": text, "values": [round(float(v), 7) for v in values]}
            for name, text, values in measures
        ],
        "pairs": [[round(float(v), 8) for v in row] for row in explanation.indices.pairs],
    }


def importance_map(
    network: Parameters, env: Environment | None, explanation: "Explanation", label: str, key: str = "importance_map"
) -> None:
    """Draw it: a pair chosen in the matrix is marked on the lattice, a site on the lattice marks its row.

    Raises:
        ValueError: see `importance_scene`.
    """
    component = st.components.v2.component(
        "rbfscope_importance", js=module_loader("importance.js", st.get_option("server.baseUrlPath"))
    )
    component(key=key, data=importance_scene(network, env, explanation, label))
