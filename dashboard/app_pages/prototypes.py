"""Landing page: the prototypes of a pruned network side by side."""

import streamlit as st

from dashboard.components.drawing_options import Drawing, drawing_options
from dashboard.components.errors import one_line_on_error
from dashboard.components.export_bar import network_downloads
from dashboard.components.network_facts import pruned_metrics
from dashboard.components.network_picker import is_drawable, network_picker
from dashboard.components.site_bars import site_bars
from dashboard.lattices import environment_of
from dashboard.state import Session
from dashboard.viewer.gallery import prototype_gallery
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters

_WHAT_ONE_SEES = (
    "Each card is one prototype: surroundings of a jumping atom with which the network compares a surface, seen from "
    "four directions. Positive sites (red) ask for an atom and negative ones (blue) for a gap, the more opaque the "
    "more firmly; surroundings that look alike get a higher barrier when β is positive, a lower one when negative."
)


def prototypes_page() -> None:
    session = Session()
    st.title("Prototypes")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        name = network_picker(session, "Surface or network", is_drawable, as_buttons=True)
        if name is None:
            return
        drawing = drawing_options()
    networks = session.networks()
    network = networks[name]
    st.markdown(_WHAT_ONE_SEES)
    pruned_metrics(networks, name)
    with one_line_on_error():
        env = environment_of(network)
        show_gallery(session, name, network, env, drawing)
        show_sites(network, env, drawing)
        network_downloads(name, network, key="landing", drawing=drawing, env=env)


def show_gallery(session: Session, name: str, network: Parameters, env: Environment | None, drawing: Drawing) -> None:
    """The cards; a click opens the inspector."""
    picked = prototype_gallery(
        network, env, palette=drawing.palette, opacity_name=drawing.opacity, columns=4, key="gallery"
    )
    if picked is not None:
        session.open_inspector(name, picked + 1)


def show_sites(network: Parameters, env: Environment | None, drawing: Drawing) -> None:
    """Fig. 5 of the paper for this network."""
    st.subheader("Which sites matter")
    st.caption("Opacity of each site averaged over the prototypes, with its standard deviation over them.")
    site_bars(network, env, gauge_free=drawing.gauge_free)
