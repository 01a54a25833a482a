"""One prototype at a time: turn it, see its numbers, take it away."""

import pandas as pd
import streamlit as st

from dashboard.components.drawing_options import Drawing, drawing_options
from dashboard.components.errors import one_line_on_error
from dashboard.components.export_bar import network_downloads
from dashboard.components.network_picker import is_drawable, network_picker
from dashboard.components.site_bars import site_groups
from dashboard.lattices import environment_of
from dashboard.state import PROTOTYPE_KEY, Session
from dashboard.viewer.inspector import prototype_inspector
from dashboard.viewer.py3dmol_views import linked_grid_html
from rbfcore.explain.prototypes import prototypes
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters

_LIGHT, _DARK = "#ffffff", "#0e1317"  # backgrounds of the two themes in .streamlit/config.toml


def inspect_page() -> None:
    session = Session()
    st.title("Inspect")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = network_picker(session, "Network", is_drawable, width=280)
        if name is None:
            return
        network = session.networks()[name]
        index = prototype_picker(session, network.n_centroids)
        drawing = drawing_options()
    with one_line_on_error():
        env = environment_of(network)
        prototype_inspector(
            network, env, prototype=index, palette=drawing.palette, opacity_name=drawing.opacity, key="inspector"
        )
        with st.expander("Table of sites"):
            st.dataframe(site_table(network, env, index).round(4), hide_index=True, height=400)
        if env is not None and st.toggle("Four linked views (py3Dmol)", key="grid", persist_state="session"):
            show_grid(network, env, index, drawing)
        network_downloads(name, network, key="inspect", drawing=drawing, env=env)


def prototype_picker(session: Session, count: int) -> int:
    """The 0-based prototype: a number in the address, with previous and next beside it."""
    session.recall(PROTOTYPE_KEY, range(1, count + 1))
    move = session.step_prototype
    st.button("Previous", shortcut="P", key="previous", on_click=move, args=(-1, count))
    number = st.number_input(f"Prototype of {count}", 1, count, key=PROTOTYPE_KEY, width=130)
    st.button("Next", shortcut="N", key="next", on_click=move, args=(1, count))
    session.publish(PROTOTYPE_KEY, number, default=1)
    return int(number) - 1


def show_grid(network: Parameters, env: Environment, index: int, drawing: Drawing) -> None:
    """The four viewpoints of the paper; turning one turns all."""
    html = linked_grid_html(
        network,
        env,
        prototype=index,
        palette=drawing.palette,
        opacity_name=drawing.opacity,
        background=_DARK if st.context.theme.type == "dark" else _LIGHT,
        base_path=st.get_option("server.baseUrlPath"),
    )
    st.iframe(html, height=660)


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
