"""What one run of a page leaves for the next, and what its fields and components have told."""

from typing import Any

import streamlit as st


class Notes:
    """Notes of one browser tab, by name; each is read once."""

    def leave(self, name: str, value: object) -> None:
        """For the next run of the page."""
        st.session_state[f"_note_{name}"] = value

    def take(self, name: str) -> Any:
        """The note that is there, which is gone then; None where there is none."""
        return st.session_state.pop(f"_note_{name}", None)

    def uploads(self) -> dict[str, tuple[bool, str]]:
        """Uploads dealt with so far: id -> whether it worked, and what to say about it."""
        seen: dict[str, tuple[bool, str]] = st.session_state.setdefault("_uploads", {})
        return seen


def entered(widget: str) -> object:
    """What stands in a field; for its callback."""
    return st.session_state.get(widget)


def told(component: str, name: str) -> Any:
    """What a component of our own has just told under this name; for its callbacks."""
    state = st.session_state.get(component)
    return None if state is None else state.get(name)
