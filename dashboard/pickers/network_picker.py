"""Choosing a network, or several to compare, from what ships with the program and what the visitor made or uploaded."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from dashboard.session.address import NETWORK_KEY
from dashboard.session.navigation import page
from dashboard.session.session import Session
from rbfcore.parameters import Parameters

MOST_DRAWN = 64  # prototypes a gallery can repaint quickly and a reader can look through
MOST_BUTTONS = 8


def is_drawable(network: Parameters) -> bool:
    """Few enough centroids to be looked at one by one."""
    return network.n_centroids <= MOST_DRAWN


def network_label(name: str, network: Parameters) -> str:
    """A short name for pickers: the surface for a bundled network, its own name for one from the shelf."""
    surface = network.card.surface
    if surface and name == f"cu{surface}-16":
        return f"{{{surface}}}"
    return name


def network_picker(
    session: Session,
    label: str,
    suits: Callable[[Parameters], bool],
    *,
    key: str = NETWORK_KEY,
    as_buttons: bool = False,
    width: int | Literal["stretch"] = "stretch",
    prefer: Callable[[Parameters], int] = lambda _: 0,
) -> str | None:
    """The name of a network that suits, or None with a line saying where to get one. The choice is in the address.

    Args:
        suits: which networks to offer.
        as_buttons: side by side, while there are few.
        width: of the list, in pixels or as wide as its place.
        prefer: sorts the offers; the smallest comes first.
    """
    suitable = {name: network for name, network in session.networks().items() if suits(network)}
    networks = dict(sorted(suitable.items(), key=lambda item: prefer(item[1])))
    if not networks:
        st.markdown("No network to choose from yet.")
        with st.container(horizontal=True):
            st.page_link(page("train"), label="Train one")
            st.page_link(page("library"), label="Upload one")
        return None
    names = list(networks)
    if as_buttons and len(names) <= MOST_BUTTONS:
        has_value = session.address.recall(key, names, widget=f"{key}_buttons")
        name = st.segmented_control(
            label,
            names,
            default=None if has_value else names[0],
            required=True,
            format_func=lambda name: network_label(name, networks[name]),
            key=f"{key}_buttons",
        )
    else:
        session.address.recall(key, names, widget=f"{key}_list")
        name = st.selectbox(
            label,
            names,
            format_func=lambda name: f"{name} · K = {networks[name].n_centroids}, {networks[name].n_inputs} inputs",
            key=f"{key}_list",
            width=width,
        )
    session.address.publish(key, name, default=names[0])
    return name


def networks_picker(
    session: Session,
    label: str,
    suits: Callable[[Parameters], bool],
    *,
    key: str,
    at_most: int,
    preferred: int = 1,
    width: int | Literal["stretch"] = "stretch",
) -> list[str]:
    """Names of the chosen networks; empty, with a line saying what to do, when there are none.

    Args:
        suits: which networks to offer.
        key: of the choice in the address.
        at_most: how many may be chosen.
        preferred: how many to choose at first.
    """
    names = [name for name, network in session.networks().items() if suits(network)]
    if not names:
        st.markdown("No network to choose from yet.")
        st.page_link(page("library"), label="Upload one")
        return []
    session.address.recall_several(key, names, default=names[:preferred])
    chosen = st.multiselect(label, names, key=key, max_selections=at_most, width=width)
    session.address.publish(key, ",".join(chosen), default=",".join(names[:preferred]))
    if not chosen:
        st.caption("Choose at least one network.")
    return chosen
