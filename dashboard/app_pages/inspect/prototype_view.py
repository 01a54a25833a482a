"""One prototype: 3D and chart, its numbers, and the training environments nearest to it."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.app_pages.inspect.nearest_table import show_nearest
from dashboard.app_pages.inspect.prototype_facts import in_words, prototype_facts
from dashboard.drawing.style import Drawing
from dashboard.pickers.set_size import PrototypeSet
from dashboard.pickers.sort_picker import ranked
from dashboard.session.address import ENVIRONMENT_KEY
from dashboard.session.session import Session
from dashboard.shelf.training_rows import training_rows
from dashboard.viewer.inspector import prototype_inspector
from dashboard.viewer.py3dmol_views import linked_grid_html
from dashboard.widgets.export_bar import network_downloads
from dashboard.widgets.theme import is_dark
from dashboard.widgets.unfolding import unfolding
from rbfcore.explain.prototypes import prototypes
from rbfcore.lattice import Environment
from rbfcore.lattice.groups import groups_of_inputs
from rbfcore.parameters import Parameters

LOOK_KEY = "look"
MOST_SITES_APART = "4"  # the last viewpoint of every lattice: there few sites hide behind others
_LIGHT, _DARK = "#ffffff", "#0e1317"  # backgrounds of the two themes in .streamlit/config.toml


@dataclass(frozen=True, eq=False)
class Inspected:
    """What the page is about: a set of prototypes, one of them, and how to draw it."""

    chosen: PrototypeSet
    network: Parameters
    env: Environment | None
    index: int
    drawing: Drawing


def show_prototype(session: Session, shown: Inspected) -> None:
    """Everything about one prototype."""
    network, env, index, drawing = shown.network, shown.env, shown.index, shown.drawing
    prototype_inspector(
        network,
        env,
        prototype=index,
        palette=drawing.palette,
        opacity_name=drawing.opacity,
        words=in_words(network, env, index, gauge_free=drawing.gauge_free),
        look=session.address.asked(LOOK_KEY) or MOST_SITES_APART,
        on_look=lambda look: session.address.publish(LOOK_KEY, look, default=MOST_SITES_APART),
        key="inspector",
    )
    facts, nearest = st.columns([1, 2], gap="medium")
    with facts:
        prototype_facts(network, env, ranked(network, env), index)
    with nearest:
        show_neighbours(session, shown)
    unfolding("Table of sites", "site_table", lambda: show_site_table(network, env, index))
    if env is not None:
        session.address.recall("grid", [True, False])
        linked = st.toggle("Four linked views (py3Dmol)", key="grid")
        session.address.publish("grid", linked, default=False)
        if linked:
            show_grid(network, env, index, drawing)
    network_downloads(shown.chosen.file_name, network, key="inspect", drawing=drawing, env=env)


def show_neighbours(session: Session, shown: Inspected) -> None:
    """Nearest training environments; one that is chosen is opened as a what-if."""
    neighbours = training_rows(session.shelf.datasets(), shown.chosen.parent, shown.network)
    if neighbours is None:
        name = shown.network.card.dataset
        which = (
            f"the data set {name}, in the version it was trained on" if name else "a run card that names its data set"
        )
        st.caption(f"Nearest training environments need {which}, with −1/+1 inputs: bring it to the Library.")
        return
    code = show_nearest(neighbours, shown.network, shown.index)
    if code is not None:
        session.notes.leave("environment", code)
        session.address.change(view="what-if", **{ENVIRONMENT_KEY: code})


def show_site_table(network: Parameters, env: Environment | None, index: int) -> None:
    """Every site of one prototype, to sort and to copy."""
    st.dataframe(site_table(network, env, index).round(4), hide_index=True, height=400)


def show_grid(network: Parameters, env: Environment, index: int, drawing: Drawing) -> None:
    """The four viewpoints of the lattice; turning one turns all."""
    html = linked_grid_html(
        network,
        env,
        prototype=index,
        palette=drawing.palette,
        opacity_name=drawing.opacity,
        background=_DARK if is_dark() else _LIGHT,
        base_path=st.get_option("server.baseUrlPath"),
    )
    st.iframe(html, height=660)


def site_table(network: Parameters, env: Environment | None, index: int) -> pd.DataFrame:
    """The sites of one prototype, the most opaque first."""
    table = prototypes(network)
    table = table[table["prototype"] == index + 1].drop(columns=["prototype", "weight", "gamma"])
    shells = [""] * network.n_inputs
    for title, sites in groups_of_inputs(env, network.n_inputs).items():
        for site in sites:
            shells[site] = title
    table.insert(1, "group", shells)
    return table.sort_values("opacity", ascending=False, kind="stable")
