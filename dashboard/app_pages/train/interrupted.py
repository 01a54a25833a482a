"""Trainings that a crash cut short: go on with one, or discard it."""

import streamlit as st

from dashboard.drawing.words import duration
from dashboard.runs.checkpoints import Interrupted, interrupted
from dashboard.runs.work import TrainChoice, train_work
from dashboard.session.session import Session
from dashboard.shelf.bundled import bundled_dataset
from dashboard.widgets.errors import one_line_on_error
from rbfcore.data.bundled import bundled_names


def interrupted_trainings(session: Session) -> None:
    """One line and two buttons for each."""
    for found in interrupted():
        with st.container(border=True):
            of = left = ""
            if found.max_epochs is not None:
                of = f" of {found.max_epochs}"
                left = f" About {duration((found.max_epochs - found.epoch) * found.epoch_seconds)} more."
            st.markdown(f":material/restore: **Interrupted:** {found.title}")
            st.caption(f"Kept after epoch {found.epoch}{of}, {duration(found.age)} ago.{left}")
            with st.container(horizontal=True):
                if st.button("Go on", key=f"go_on_{found.path.stem}", type="primary"):
                    with one_line_on_error():
                        _go_on(session, found)
                        st.rerun()
                if st.button("Discard", key=f"discard_{found.path.stem}"):
                    found.path.unlink(missing_ok=True)
                    st.rerun()


def _go_on(session: Session, found: Interrupted) -> None:
    own = session.shelf.datasets()
    candidates = [data for data in own.values() if data.fingerprint() == found.data_fingerprint]
    if not candidates and found.dataset in bundled_names():
        bundled = bundled_dataset(found.dataset)
        candidates = [bundled] if bundled.fingerprint() == found.data_fingerprint else []
    if not candidates:
        raise ValueError(
            f"this training needs the rows of {found.dataset} as they were: upload that data set in the Library again, "
            "then go on"
        )
    session.start(train_work(candidates[0], TrainChoice(**found.choice), session.shelf, found))
