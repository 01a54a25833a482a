"""What other programs want of a network's responses: event tables for KMC, and the table of all environments."""

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.drawing.words import two_to
from dashboard.export.event_forms import Events, predicts_barriers
from dashboard.export.formats import forms_of
from dashboard.export.prepared_table import MOST_INPUTS, TablePart, prepare_table, table_bytes
from dashboard.session.session import Session
from dashboard.shelf.bundled import bundled_dataset
from dashboard.widgets.downloads import download
from dashboard.widgets.errors import one_line_on_error
from rbfcore.data.bundled import LATTICE, bundled_names
from rbfcore.lattice import Environment
from rbfcore.lattice.of_network import is_on
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_INDEX = "float32; bit d (least significant first) of an index says whether site d + 1 is filled"


def response_exports(name: str, network: Parameters, env: Environment | None, key: str) -> None:
    """Events where the responses are barriers, and all responses."""
    if predicts_barriers(network) and env is not None:
        st.markdown("**Events for kinetic Monte Carlo**")
        event_table(Session(), name, network, env, key)
    if env is not None:
        st.markdown("**Every environment**")
        full_table(name, network, key)


def event_table(session: Session, name: str, network: Parameters, env: Environment | None, key: str) -> None:
    """KMC events of the environments of a data set."""
    lattice = network.card.lattice
    own = {
        name: data
        for name, data in session.shelf.datasets().items()
        if data.n_inputs == network.n_inputs and data.lattice in (None, lattice)
    }
    names = [*(bundled_names() if is_on(network, LATTICE) else []), *own]
    if not names:
        st.caption("An event table needs a data set over the same sites: upload one in the Library.")
        return
    known = network.card.dataset or ""
    source = st.selectbox(
        "Environments of", names, index=names.index(known) if known in names else 0, key=f"{key}_kmc_data"
    )

    def environments() -> "NDArray[np.float32]":
        return (own[source] if source in own else bundled_dataset(source)).x

    left, right = st.columns(2)
    temperature = left.number_input("T in K", 1.0, 5000.0, 300.0, key=f"{key}_kmc_T")
    prefactor = right.number_input("Prefactor in Hz", 1.0, None, 1e12, format="%.1e", key=f"{key}_kmc_nu")
    events = Events(f"{name}-events-{source}", network, env, environments, temperature, prefactor)
    offered = {form.name: form for form in forms_of(Events) if form.lacking(events) is None}
    form = offered[st.selectbox("Form", offered, format_func=lambda one: offered[one].button, key=f"{key}_kmc_form")]
    st.caption(form.details or form.meaning)
    download("Events", form.file_name(events), lambda: form.content(events), f"{key}_kmc", icon=":material/bolt:")


def full_table(name: str, network: Parameters, key: str) -> None:
    """All environments: the size first, the work after a click, then links to files."""
    if network.n_inputs > MOST_INPUTS:
        return
    count = two_to(network.n_inputs)
    size = table_bytes(network.n_inputs) / 1e6
    seconds = max(1, round(2 ** (network.n_inputs - 26) * (0.6 + 2.2 * network.n_centroids / 1024)))
    st.caption(
        f"All {count} responses: {size:,.0f} MB, about {seconds} s to compute and write on the server. {_INDEX}."
    )
    if st.button(f"Prepare the {count} table", key=f"{key}_table", icon=":material/table_rows:"):
        with st.spinner(f"Computing {count} responses"), one_line_on_error():
            show_parts(prepare_table(name, network, st.get_option("server.baseUrlPath")))


def show_parts(parts: list[TablePart]) -> None:
    """Links to the files; Streamlit's own button would hold them in memory."""
    for part in parts:
        st.html(
            f'<a href="{escape(part.path)}" download="{escape(part.file_name)}">{escape(part.file_name)}</a> '
            f"({part.size / 1e6:,.0f} MB, from index {part.start:,})"
        )
    if len(parts) > 1:
        st.caption("`numpy.concatenate([numpy.load(file) for file in parts])` is the whole table.")
