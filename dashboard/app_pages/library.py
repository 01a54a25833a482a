"""What is on the shelf; files in and out."""

import streamlit as st

from dashboard.components.export_bar import network_downloads
from dashboard.components.network_picker import is_drawable
from dashboard.navigation import page
from dashboard.state import Session
from dashboard.uploads import ReadingOptions, read_upload
from rbfcore.data.bundled import bundled_names
from rbfcore.data.families import LATTICES
from rbfcore.parameters import Parameters


def library_page() -> None:
    session = Session()
    st.title("Library")
    upload, shelf = st.columns([1, 2], gap="large")
    with upload:
        show_upload(session)
    with shelf:
        show_runs(session)
        show_networks(session)
        show_datasets(session)


def show_upload(session: Session) -> None:
    """Take files in; each is read once and answered with one line."""
    st.subheader("Bring your own")
    files = st.file_uploader(
        "Data (.csv, .parquet, .npz, .26d, .tgz) or networks (.safetensors, .pt state_dict)",
        accept_multiple_files=True,
    )
    options = reading_options()
    for file in files:
        seen = session.uploads()
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


def show_runs(session: Session) -> None:
    """Runs of this visit, to come back to."""
    runs = session.runs()
    if runs:
        st.subheader("Runs")
    for job in runs:
        line, act = st.columns([3, 1], vertical_alignment="center")
        line.markdown(f"**{job.work.title}** · {job.view().status}")
        if act.button("Show", key=f"show_{job.id}", width="stretch"):
            session.open_run(job)


def show_networks(session: Session) -> None:
    st.subheader("Networks")
    own = session.shelf.networks()
    for name, network in session.networks().items():
        with st.container(border=True):
            describe_network(session, name, network, own=name in own)


def describe_network(session: Session, name: str, network: Parameters, *, own: bool) -> None:
    """One network: what it is, downloads, delete."""
    title, act = st.columns([3, 1], vertical_alignment="center")
    title.markdown(f"**{name}** · {network.n_centroids} centroids, {network.n_inputs} inputs")
    title.caption(network_line(network, own=own))
    with act.popover("Open", width="stretch"):
        if is_drawable(network) and st.button("Gallery", key=f"gallery_{name}", icon=":material/grid_view:"):
            session.open_gallery(name)
        if is_drawable(network) and st.button("Inspector", key=f"inspect_{name}", icon=":material/view_in_ar:"):
            session.open_inspector(name, 1)
        if network.n_centroids > 1 and st.button("Prune", key=f"prune_{name}", icon=":material/content_cut:"):
            session.open_pruning(name)
        network_downloads(name, network, key=f"library_{name}")
        if own and st.button("Delete", key=f"delete_{name}", icon=":material/delete:"):
            session.shelf.remove_network(name)
            st.rerun()


def network_line(network: Parameters, *, own: bool) -> str:
    """Where it comes from and how good it is."""
    card = network.metadata
    unit = card.get("unit", "")
    parts = ["yours" if own else "ships with the program"]
    if card.get("dataset"):
        parts.append(f"data {card['dataset']}")
    if isinstance(card.get("test_rmse"), float):
        parts.append(f"test RMSE {card['test_rmse']:.4f} {unit}")
    if isinstance(card.get("rms_gap"), float):
        parts.append(f"RMS gap {card['rms_gap']:.4f} {unit}")
    return " · ".join(parts)


def show_datasets(session: Session) -> None:
    st.subheader("Data sets")
    own = session.shelf.datasets()
    for name in bundled_names():
        st.markdown(f"**{name}** · ships with the program")
    for name, data in own.items():
        line, delete = st.columns([3, 1], vertical_alignment="center")
        line.markdown(
            f"**{name}** · {len(data):,} rows, {data.n_inputs} inputs, y {data.y.mean():.3f} ± {data.y.std():.3f}"
        )
        if delete.button("Delete", key=f"delete_data_{name}", icon=":material/delete:"):
            session.shelf.remove_dataset(name)
            st.rerun()
    st.page_link(page("train"), label="Train on one", icon=":material/show_chart:")
