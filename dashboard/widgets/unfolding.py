"""Expanders whose content is made when they are opened: tables and charts that nobody looks at cost nothing."""

from collections.abc import Callable

import streamlit as st


def unfolding(label: str, key: str, draw: Callable[[], object]) -> None:
    """An expander, closed at first; `draw` is called while it is open."""

    def part() -> None:
        with st.expander(label, key=key, on_change="rerun") as opened:
            if opened.open:
                draw()

    st.fragment(part)()
