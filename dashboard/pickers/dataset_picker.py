"""Choosing a data set, and its story in a few figures."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard.session.address import DATA_KEY
from dashboard.session.session import Session
from dashboard.shelf.bundled import bundled_dataset
from dashboard.widgets.dropdown import dropdown
from rbfcore.data.bundled import bundled_names

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet


def dataset_picker(session: Session, key: str = DATA_KEY) -> "DataSet":
    """A bundled data set or one from the shelf."""
    own = session.shelf.datasets()
    names = [*bundled_names(), *own]
    name = dropdown(session.address, "Data set", key, names)
    return own[name] if name in own else bundled_dataset(name)


def dataset_story(data: "DataSet") -> None:
    """Rows, families, spread of the response, and all that is stored about where the numbers come from."""
    families = len(data) if data.family is None else len(np.unique(data.family))
    with st.container(horizontal=True, gap="large"):
        st.metric("Rows", f"{len(data):,}", width="content")
        st.metric(
            "Families", f"{families:,}", width="content", help="Symmetric images; a split never separates a family."
        )
    st.metric(f"Response, {data.unit or 'units of y'}", f"{data.y.mean():.3f} ± {data.y.std():.3f}")
    if data.provenance:
        with st.popover("Where the numbers come from", icon=":material/info:"):
            st.json(data.provenance, expanded=1)
