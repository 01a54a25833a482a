"""The training environments that look most like a prototype, with their barriers."""

import numpy as np
import pandas as pd
import streamlit as st

from rbfcore.data.nearest import Neighbours, in_best_image
from rbfcore.lattice.codes import code_of
from rbfcore.parameters import Parameters, slopes

SHOWN = 6


def nearest_table(neighbours: Neighbours, network: Parameters, index: int) -> pd.DataFrame:
    """One row per environment, nearest first.

    Args:
        network: prototypes over the sites of the data set; index: which one. Distances are to the signs of its sites.

    Returns:
        Columns environment (its code), sites that differ (count), which, response of the data set, and what the
        prototype adds there.
    """
    pattern = network.centroids[index] > 0
    nearest = neighbours.nearest(pattern, SHOWN)
    seen = in_best_image(neighbours.data, neighbours, nearest)
    names = np.array(neighbours.data.site_names)
    theta, gamma = (
        network.centroids[index].astype(np.float64),
        np.broadcast_to(network.gamma, network.n_centroids)[index],
    )
    x = np.where(seen, 1.0, -1.0)
    adds = float(network.beta[index]) * np.exp(-gamma * np.square(x - theta).sum(1))
    strength = np.abs(slopes(network)[index])
    unit = f", {neighbours.data.unit}" if neighbours.data.unit else ""
    return pd.DataFrame(
        {
            "environment": [str(code_of(row)) for row in seen],
            "sites that differ": nearest.distance,
            "which, firmest first": [
                ", ".join(names[sorted(np.flatnonzero(row != pattern), key=lambda s: -strength[s])]) for row in seen
            ],
            f"in the data{unit}": neighbours.data.y[nearest.row],
            f"prototype adds{unit}": adds,
        }
    )


def show_nearest(neighbours: Neighbours, network: Parameters, index: int) -> int | None:
    """The table; returns the code of the environment just chosen in it."""
    table = nearest_table(neighbours, network, index)
    far = int(table["sites that differ"].iloc[0])
    share = neighbours.share_at_least(far)
    st.markdown("**Nearest training environments**")
    st.caption(
        f"Distance up to symmetry from the signs of its sites, faint ones too. {_usual(far, share)} Choose a row to "
        "ask what if."
    )
    chosen = st.dataframe(
        table,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"nearest_{network.fingerprint()}_{index}",
        column_config={
            name: st.column_config.NumberColumn(format="%.3f")
            for name in table.columns
            if name.split(",")[0] in _DECIMAL
        },
    )
    rows = chosen.selection.rows
    return int(table["environment"].iloc[rows[0]]) if rows else None


_DECIMAL = ("in the data", "prototype adds")


def _usual(far: int, share: float) -> str:
    said = "Under 0.5 %" if share < 0.005 else f"{share:.0%}".replace("%", " %")
    return f"{said} of the training environments are {far} or more sites away from the nearest other one."
