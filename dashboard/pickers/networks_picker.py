"""Choosing several networks to compare; the choice is in the address."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from dashboard.session.navigation import page
from dashboard.session.session import Session
from rbfcore.parameters import Parameters


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
    session.recall_several(key, names, default=names[:preferred])
    chosen = st.multiselect(label, names, key=key, max_selections=at_most, width=width)
    session.publish(key, ",".join(chosen), default=",".join(names[:preferred]))
    if not chosen:
        st.caption("Choose at least one network.")
    return chosen
