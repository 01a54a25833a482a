"""Exports beyond pictures and tables: code, atoms, event tables for KMC, and the table of all environments."""

from html import escape

import streamlit as st

from dashboard.drawing.words import two_to
from dashboard.export.prepared_table import MOST_INPUTS, TablePart, prepare_table, table_bytes
from dashboard.session.session import Session
from dashboard.shelf.bundled import bundled_dataset
from dashboard.widgets.downloads import download
from dashboard.widgets.errors import one_line_on_error
from rbfcore.data.bundled import LATTICE, bundled_names
from rbfcore.lattice import Environment
from rbfcore.lattice.of_network import is_on
from rbfcore.parameters import Parameters

_FORMS = {"csv": "Table (.csv)", "spparks": "SPPARKS lines (.txt)", "kmcpy": "kMCpy model (.json)"}
_ENDINGS = {"csv": "csv", "spparks": "txt", "kmcpy": "json"}
_MEANING = {
    "csv": "One row per environment: occupation (site 1 first), forward and reverse barrier in eV, their difference, "
    "both rates at T. Every column is explained in the file.",
    "spparks": "Lines `barrier hop I J Q` of app_style diffusion: the mean barrier by the two coordination numbers. "
    "Much is lost on the way, and the file says how much. Compared with SPPARKS's source, not run with it.",
    "kmcpy": "A local barrier model of kMCpy 0.3.0, run with it: a rule for each environment and direction, 0 filled, "
    "1 empty, barriers in meV. kMCpy tries the rules one by one, so short tables are much faster.",
}
_INDEX = "float32; bit d (least significant first) of an index says whether site d + 1 is filled"


def code_and_atoms(
    name: str, network: Parameters, env: Environment | None, key: str, *, gauge_free: bool = False
) -> None:
    """A script that reproduces the view, all numbers as JSON, and the prototypes as atoms."""
    from dashboard.commands.export import prototypes_json
    from rbfcore.export.extended_xyz import extended_xyz
    from rbfcore.export.snippet import prototypes_snippet

    def code() -> bytes:
        return prototypes_snippet(name, network, gauge_free=gauge_free).encode()

    with st.container(horizontal=True):
        download("Python code", f"{name}.py", code, key)
        download("Numbers", f"{name}.json", lambda: prototypes_json(network).encode(), key)
        if env is not None:
            download("Atoms", f"{name}.xyz", lambda: extended_xyz(network, env).encode(), key)


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
    left, right = st.columns(2)
    temperature = left.number_input("T in K", 1.0, 5000.0, 300.0, key=f"{key}_kmc_T")
    prefactor = right.number_input("Prefactor in Hz", 1.0, None, 1e12, format="%.1e", key=f"{key}_kmc_nu")
    offered = [form for form in _FORMS if form != "spparks" or env is not None]
    form = st.selectbox("Form", offered, format_func=_FORMS.__getitem__, key=f"{key}_kmc_form")
    st.caption(_MEANING[form])

    def make() -> bytes:
        from rbfcore.export import kmc

        data = own[source] if source in own else bundled_dataset(source)
        table = kmc.kmc_events(network, env, data.x, temperature, prefactor)
        if form == "spparks" and env is not None:
            return kmc.as_spparks(table, env, network).encode()
        return (kmc.as_kmcpy(table, network, env) if form == "kmcpy" else kmc.as_csv(table, network)).encode()

    download("Events", f"{name}-events-{source}.{_ENDINGS[form]}", make, f"{key}_kmc", icon=":material/bolt:")


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
