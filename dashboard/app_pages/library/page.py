"""What is on the shelf; files in and out."""

import streamlit as st

from dashboard.app_pages.library.compare_runs import compare_runs
from dashboard.app_pages.library.selftest import self_test
from dashboard.app_pages.library.shelf_datasets import show_datasets
from dashboard.app_pages.library.shelf_networks import show_networks
from dashboard.app_pages.library.upload_files import show_upload
from dashboard.runs.outcomes import PruneOutcome, TrainOutcome
from dashboard.session.session import Session
from dashboard.shelf.archive import shelf_archive
from dashboard.shelf.shelf import MAX_SHELVES
from dashboard.viewer.webgl import webgl_report
from dashboard.widgets.unfolding import unfolding

_WHERE_IT_LIVES = (
    "Your shelf lives in this server's memory under the address of this page: a reload or a second tab finds it again, "
    f"a restart of the server does not, and of {MAX_SHELVES} shelves the one unused for longest is forgotten. "
    "The archive keeps it: networks with their run cards and tags, data sets and lattices. Upload it to go on."
)


def library_page() -> None:
    session = Session()
    st.title("Library")
    show_undo(session)
    side, shelf = st.columns([1, 2.2], gap="large")
    with side:
        show_upload(session)
        show_archive(session)
        unfolding("Self-test", "self_test", show_self_test)
    with shelf:
        show_runs(session)
        show_networks(session)
        compare_runs(session)
        show_datasets(session)
        show_lattices(session)


def show_undo(session: Session) -> None:
    """What was deleted last, and the way back."""
    removed = session.shelf.last_removed()
    if removed is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Deleted: {removed[0]} **{removed[1]}**.", width="content")
            if st.button("Undo", icon=":material/undo:", key="undo"):
                session.shelf.restore()
                st.rerun()


def show_archive(session: Session) -> None:
    """Everything on the shelf as one file."""
    st.subheader("Take everything with you")
    shelf = session.shelf
    empty = not (shelf.networks() or shelf.datasets() or shelf.lattices())
    st.download_button(
        "Archive of my shelf (.zip)",
        lambda: shelf_archive(shelf),
        "rbfscope-shelf.zip",
        "application/zip",
        key="archive",
        on_click="ignore",
        icon=":material/download:",
        disabled=empty,
        help="Nothing of yours is on the shelf yet." if empty else None,
    )
    st.caption(_WHERE_IT_LIVES)


def show_self_test() -> None:
    """Versions, viewer script, WebGL, disk, threads."""
    for check in self_test():
        st.markdown(f"{'✓' if check.fine else '✗'} **{check.name}**: {check.detail}")
    webgl_report()


def show_runs(session: Session) -> None:
    """Runs of this visit, to come back to."""
    runs = session.runs()
    if runs:
        st.subheader("Runs")
    for job in runs:
        line, card, act = st.columns([3, 1, 1], vertical_alignment="center")
        view = job.view()
        line.markdown(f"**{job.work.title}** · {view.status}")
        if isinstance(view.outcome, PruneOutcome | TrainOutcome):
            with card.popover("Run card", width="stretch"):
                st.json(view.outcome.network.metadata, expanded=1)
        if act.button("Show", key=f"show_{job.id}", width="stretch"):
            session.open_run(job)


def show_lattices(session: Session) -> None:
    """The visitor's own lattices, when there are any."""
    own = session.shelf.lattices()
    if own:
        st.subheader("Lattices")
    for name, description in own.items():
        line, act = st.columns([4, 1], vertical_alignment="center")
        line.markdown(f"**{name}** · {len(description['positions'])} sites")
        if act.button("Delete", key=f"delete_lattice_{name}", icon=":material/delete:", width="stretch"):
            session.shelf.remove_lattice(name)
            st.rerun()
