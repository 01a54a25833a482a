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
    for training in interrupted():
        with st.container(border=True):
            of = left = ""
            if training.max_epochs is not None:
                of = f" of {training.max_epochs}"
                left = f" About {duration((training.max_epochs - training.epoch) * training.epoch_seconds)} more."
            st.markdown(f":material/restore: **Interrupted:** {training.title}")
            st.caption(f"Kept after epoch {training.epoch}{of}, {duration(training.age)} ago.{left}")
            with st.container(horizontal=True):
                if st.button("Go on", key=f"go_on_{training.path.stem}", type="primary"):
                    with one_line_on_error():
                        _go_on(session, training)
                        st.rerun()
                if st.button("Discard", key=f"discard_{training.path.stem}"):
                    training.path.unlink(missing_ok=True)
                    st.rerun()


def _go_on(session: Session, training: Interrupted) -> None:
    own = session.shelf.datasets()
    candidates = [data for data in own.values() if data.fingerprint() == training.data_fingerprint]
    if not candidates and training.dataset in bundled_names():
        bundled = bundled_dataset(training.dataset)
        candidates = [bundled] if bundled.fingerprint() == training.data_fingerprint else []
    if not candidates:
        raise ValueError(
            f"this training needs the rows of {training.dataset} as they were: upload that data set in the Library "
            "again, then go on"
        )
    session.start(train_work(candidates[0], TrainChoice(**training.choice), session.shelf, training))
