"""Where a what-if begins: a row of the data, a prototype's pattern, or a typed code; undo and redo."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from dashboard.app_pages.inspect.prototype_view import Inspected
from dashboard.session.history import History, Visit
from dashboard.session.notes import entered
from dashboard.session.session import Session
from rbfcore.data.nearest import Neighbours
from rbfcore.lattice.codes import code_of, filled_of, read_code


def start_controls(session: Session, shown: Inspected, history: History, neighbours: Neighbours | None) -> History:
    """One row of controls; returns the history after what they ask for."""
    n_sites = shown.network.n_inputs
    visit = Visit(n_sites)
    with st.popover("Start from", icon=":material/start:"):
        _starts(shown, neighbours, visit.go)
    field = f"typed_{history.now}_{n_sites}"

    def read() -> None:
        try:
            visit.go(read_code(str(entered(field)), n_sites))
        except ValueError as error:
            session.notes.leave("typed_wrong", str(error))

    st.text_input(
        "Environment",
        str(history.now),
        key=field,
        width=165,
        on_change=read,
        help=f"Its row in the table of all environments (site d + 1 is bit d), or {n_sites} zeros and ones, in order.",
    )
    wrong = session.notes.take("typed_wrong")
    if wrong:
        st.error(wrong, icon=":material/error:")
    st.button("Undo", icon=":material/undo:", key="undo", disabled=not history.past, on_click=visit.undo)
    st.button("Redo", icon=":material/redo:", key="redo", disabled=not history.future, on_click=visit.redo)
    if shown.env is not None and len(shown.env.reverse):
        back = code_of(filled_of(history.now, n_sites)[shown.env.reverse[0]])
        st.button(
            "Way back",
            icon=":material/swap_horiz:",
            key="way_back",
            on_click=visit.go,
            args=(back,),
            help="The surroundings as the atom sees them after the jump, on its way back.",
        )
    return visit.history()


def _starts(shown: Inspected, neighbours: Neighbours | None, go: Callable[[int], None]) -> None:
    n_sites = shown.network.n_inputs
    if neighbours is not None:
        rows = len(neighbours.data)
        row = st.number_input(f"Training row, 1 to {rows:,}", 1, rows, key="training_row")
        st.button(
            "This row",
            key="start_row",
            on_click=lambda: go(_row(neighbours, int(row) - 1)),
            icon=":material/table_rows:",
        )
        st.button(
            "Random training row",
            key="start_random",
            icon=":material/casino:",
            on_click=lambda: go(_row(neighbours, int(np.random.default_rng().integers(rows)))),
        )
    pattern = shown.network.centroids[shown.index] > 0
    st.button(
        f"Pattern of prototype {shown.index + 1}",
        key="start_pattern",
        icon=":material/grid_view:",
        on_click=lambda: go(code_of(pattern)),
        help="Every site as the sign of the prototype asks, also where it asks faintly.",
    )
    st.button("All filled", key="start_filled", on_click=lambda: go(code_of([True] * n_sites)))
    st.button("All empty", key="start_empty", on_click=lambda: go(0))


def _row(neighbours: Neighbours, row: int) -> int:
    return code_of(neighbours.data.x[row] > 0)
