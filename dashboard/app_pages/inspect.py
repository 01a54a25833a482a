"""One prototype at a time: turn it, see its numbers, take it away."""

import pandas as pd
import streamlit as st

from dashboard.components.drawing_options import drawing_options
from dashboard.components.errors import one_line_on_error
from dashboard.components.export_bar import network_downloads
from dashboard.components.network_picker import is_drawable, network_picker
from dashboard.components.site_bars import site_groups
from dashboard.lattices import environment_of
from dashboard.state import PROTOTYPE_KEY, Session
from dashboard.viewer.inspector import prototype_inspector
from rbfcore.explain.prototypes import prototypes
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters


def inspect_page() -> None:
    session = Session()
    st.title("Inspect")
    choice, look = st.columns([1.2, 1], vertical_alignment="bottom")
    with choice, st.container(horizontal=True, vertical_alignment="bottom"):
        name = network_picker(session, "Network", is_drawable)
        if name is None:
            return
        network = session.networks()[name]
        index = prototype_picker(session, network.n_centroids)
    with look:
        drawing = drawing_options()
    with one_line_on_error():
        env = environment_of(network)
        prototype_inspector(
            network, env, prototype=index, palette=drawing.palette, opacity_name=drawing.opacity, key="inspector"
        )
        with st.expander("Table of sites"):
            st.dataframe(site_table(network, env, index).round(4), hide_index=True, height=400)
        network_downloads(name, network, with_prototypes=True, key="inspect")


def prototype_picker(session: Session, count: int) -> int:
    """The 0-based prototype: a number in the address, with previous and next beside it."""
    session.recall(PROTOTYPE_KEY, range(1, count + 1))
    step = session.step_prototype
    st.button(
        "",
        icon=":material/chevron_left:",
        on_click=step,
        args=(-1, count),
        shortcut="P",
        help="Previous",
        key="previous",
    )
    number = st.number_input(f"Prototype of {count}", 1, count, key=PROTOTYPE_KEY, width=130)
    st.button(
        "", icon=":material/chevron_right:", on_click=step, args=(1, count), shortcut="N", help="Next", key="next"
    )
    session.publish(PROTOTYPE_KEY, number, default=1)
    return int(number) - 1


def site_table(network: Parameters, env: Environment | None, index: int) -> pd.DataFrame:
    """The sites of one prototype, the most opaque first."""
    table = prototypes(network)
    table = table[table["prototype"] == index + 1].drop(columns=["prototype", "weight", "gamma"])
    shells = [""] * network.n_inputs
    for title, sites in site_groups(network, env):
        for site in sites:
            shells[site] = title
    table.insert(1, "group", shells)
    return table.sort_values("opacity", ascending=False, kind="stable")
