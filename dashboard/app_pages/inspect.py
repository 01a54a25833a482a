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
from dashboard.viewer.scene import beta_text
from rbfcore.explain.prototypes import prototypes
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters


def inspect_page() -> None:
    session = Session()
    st.title("Inspect")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = network_picker(session, "Network", is_drawable)
        if name is None:
            return
        network = session.networks()[name]
        index = prototype_picker(session, network.n_centroids)
        drawing = drawing_options()
    st.markdown(_headline(network, index))
    with one_line_on_error():
        env = environment_of(network)
        site = prototype_inspector(
            network, env, prototype=index, palette=drawing.palette, opacity_name=drawing.opacity, key="inspector"
        )
        show_table(network, env, index, site)
        network_downloads(name, network, with_prototypes=True, key="inspect")


def prototype_picker(session: Session, count: int) -> int:
    """The 0-based prototype: a number in the address, with previous and next beside it."""
    session.recall(PROTOTYPE_KEY, range(1, count + 1))
    step = session.step_prototype
    st.button("Previous", icon=":material/chevron_left:", on_click=step, args=(-1, count), shortcut="P")
    number = st.number_input(f"Prototype of {count}", 1, count, key=PROTOTYPE_KEY, width=130)
    st.button("Next", icon=":material/chevron_right:", on_click=step, args=(1, count), shortcut="N")
    session.publish(PROTOTYPE_KEY, number, default=1)
    return int(number) - 1


def _headline(network: Parameters, index: int) -> str:
    beta = float(network.beta[index])
    effect = "raises" if beta > 0 else "lowers"
    unit = str(network.metadata.get("unit", ""))
    return f"**Prototype {index + 1}**, β = {beta_text(beta, unit)}: {effect} the response of inputs that resemble it."


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


def show_table(network: Parameters, env: Environment | None, index: int, site: int | None) -> None:
    table = site_table(network, env, index)
    if site is not None:
        row = table[table["site"] == str(site + 1)].iloc[0]
        st.markdown(
            f"Site **{row['site']}** ({row['group']}): θ = {row['value']:+.3f}, opacity {row['opacity']:.2f}, "
            f"slope 2γθ = {row['slope']:+.3f}"
        )
    with st.expander("Table of sites"):
        st.dataframe(table.round(4), hide_index=True, height=400)
