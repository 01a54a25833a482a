"""Data sets on the shelf: what each is, the way to train on it, and for the visitor's own rename and delete."""

import streamlit as st

from dashboard.session.session import Session
from dashboard.shelf.bundled import bundled_titles
from dashboard.widgets.data_story import origin


def show_datasets(session: Session) -> None:
    """All data sets, the visitor's own first."""
    st.subheader("Data sets")
    for name, data in session.shelf.datasets().items():
        facts = f" · {len(data):,} rows, {data.n_inputs} inputs, y {data.y.mean():.3f} ± {data.y.std():.3f} {data.unit}"
        _describe(session, name, facts.rstrip(), " · ".join(filter(None, ("yours", origin(data)))), own=True)
    for name, title in bundled_titles().items():
        _describe(session, name, "", f"ships with the program · {title}")


def _describe(session: Session, name: str, facts: str, about: str, *, own: bool = False) -> None:
    with st.container(border=True):
        line, train, *edit = st.columns([4.2, 1, 1.1] if own else [5.3, 1], vertical_alignment="center")
        line.markdown(f"**{name}**{facts}")
        line.caption(about)
        if train.button("Train", key=f"train_on_{name}", width="stretch"):
            session.open_training(name)
        for place in edit:
            with place.popover("Edit", width="stretch"):
                _edit(session, name)


def _edit(session: Session, name: str) -> None:
    new = st.text_input("Name", name, key=f"rename_data_{name}")
    if new != name and session.shelf.rename("data set", name, new) != name:
        st.rerun()
    if st.button("Delete", key=f"delete_data_{name}", icon=":material/delete:"):
        session.shelf.remove_dataset(name)
        st.rerun()
