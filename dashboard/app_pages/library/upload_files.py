"""Taking the visitor's files in: data, networks, lattices, and archives of a whole shelf."""

import streamlit as st

from dashboard.session.session import Session
from dashboard.shelf.uploads import ReadingOptions, read_upload
from rbfcore.lattice.named import LATTICES

_LATTICE_HELP = """
A lattice is a JSON file with "positions": [[x, y, z], ...] in lattice constants, one row per input, the migrating atom
at the origin. Add "lattice": "fcc", "bcc", "hcp-basal" or "hcp-pyramidal" and "shells" to put the sites of a known
environment in your order, or "target": [x, y, z] for a lattice of your own. A network is drawn on it when its run card
names it; you can say so under Edit.
"""


def show_upload(session: Session) -> None:
    """Take files in; each is read once and answered with one line."""
    st.subheader("Bring your own")
    files = st.file_uploader(
        "Data (.csv, .parquet, .npz, .26d, .tgz), networks (.safetensors, .pt state_dict), lattices (.json), or an "
        "archive of a shelf (.zip)",
        accept_multiple_files=True,
        help=_LATTICE_HELP,
    )
    options = reading_options()
    for file in files:
        seen = session.notes.uploads()
        key = f"{file.file_id} {options}"
        if key not in seen:
            try:
                with st.spinner(f"Reading {file.name}"):
                    seen[key] = (True, read_upload(file, file.name, options, session.shelf))
            except ValueError as error:
                seen[key] = (False, " ".join(str(error).split()))
        worked, line = seen[key]
        (st.success if worked else st.error)(line, icon=":material/check:" if worked else ":material/error:")


def reading_options() -> ReadingOptions:
    """For files that leave a choice."""
    with st.expander("Reading options"):
        target = st.text_input(
            "Response",
            help="Tables: name of the column, by default the last. Barrier sets: tethered, tethered_pure or free.",
        )
        lattice = st.selectbox(
            "Inputs",
            [None, *LATTICES],
            format_func=lambda name: f"occupations of {name}" if name else "as the file says",
            help="Occupations are 0/1 or −1/+1; anything else is refused when a lattice is named.",
        )
        surface = st.text_input("Surface", help="Archives with several lists: which one, for example 100.")
        limit = st.number_input("At most so many rows", 10, None, None, placeholder="all")
    return ReadingOptions(target.strip() or None, lattice, surface.strip() or None, limit)
