"""Choices by name: what a picker shows is in the address of the page, and is found again after a switch of pages."""

from collections.abc import Sequence

import streamlit as st

from dashboard.session.streamlit_internals import page_shown

NETWORK_KEY = "network"  # names of choices
LARGE_KEY = "large"
DATA_KEY = "data"
PROTOTYPE_KEY = "prototype"
SIZE_KEY = "m"
FIRST_KEY, SECOND_KEY = "a", "b"
VIEW_KEY = "view"
ENVIRONMENT_KEY = "env"
_CHANGES = "_changes"


class Address:
    """The choices of one browser tab. Before a picker is drawn, `recall` gives it its value; after it, `publish` puts
    what was chosen into the address, so that a copied link shows the same view.

    Streamlit's own binding of widgets to the address refuses to leave a page from code, hence this one.
    """

    def asked(self, name: str) -> str | None:
        """A choice without a picker, as it was published or as the address has it."""
        value = self._wanted(name)
        return None if value is None else str(value)

    def recall(self, name: str, options: Sequence[object], widget: str | None = None) -> bool:
        """Before a picker is drawn: give it what was chosen under this name on another page, or what the address asks
        for; forget what is no longer on offer.

        Args:
            name: what the choice is called in the address.
            options: what is on offer.
            widget: key of the picker, `name` by default.

        Returns:
            Whether the picker has a value; if not, it needs a default.
        """
        key = widget or name
        if not _drawn_here(key):
            st.session_state.pop(key, None)
            wanted = str(self._wanted(name))
            for option in options:
                if str(option) == wanted:
                    st.session_state[key] = option
        elif st.session_state[key] not in options:
            del st.session_state[key]
        return key in st.session_state

    def recall_number(self, name: str, default: float, low: float, high: float) -> None:
        """As `recall`, for a field of numbers, whole ones where the default is one: what is out of bounds or no number
        becomes the default."""
        if not _drawn_here(name):
            try:
                wanted = type(default)(float(str(self._wanted(name, default))))
            except (ValueError, OverflowError):
                wanted = default
            st.session_state[name] = wanted if low <= wanted <= high else default

    def recall_text(self, name: str, default: str, widget: str) -> None:
        """As `recall`, before a field of text: what was written, or the address says, or the default."""
        if widget not in st.session_state:
            st.session_state[widget] = str(self._wanted(name, default))
        else:
            _tell_again(widget)

    def recall_several(self, name: str, options: Sequence[str], default: Sequence[str]) -> None:
        """As `recall`, before a picker of several: what was chosen, or the address asks for, or the default."""
        if name not in st.session_state:
            wanted = str(self._wanted(name, "")).split(",")
            st.session_state[name] = [part for part in wanted if part in options] or list(default)
        else:
            st.session_state[name] = [part for part in st.session_state[name] if part in options]

    def suggest(self, widget: str, value: object) -> None:
        """Before a picker without a value is drawn: the value to begin with."""
        st.session_state.setdefault(widget, value)

    def number(self, widget: str, default: int) -> int:
        """The whole number that a picker holds, drawn or not yet; see `recall` and `suggest`."""
        return int(st.session_state.get(widget, default))

    def step(self, widget: str, by: int, count: int) -> None:
        """Move a field's number, 1 to `count`, around the end; for a callback."""
        now = int(st.session_state.get(widget) or 1)
        st.session_state[widget] = (now - 1 + by) % count + 1

    def publish(self, name: str, value: object, default: object) -> None:
        """After a picker: remember its value, and put it into the address unless it is the default."""
        self.choose({name: value})
        if value == default:
            if name in st.query_params:
                del st.query_params[name]
        elif st.query_params.get(name) != str(value):
            st.query_params[name] = str(value)

    def choose(self, choices: dict[str, object]) -> None:
        """Choices for the pickers of the page that is opened next."""
        _chosen().update(choices)

    def change(self, **choices: object) -> None:
        """Change choices of this page, by their names in the address, and draw it anew."""
        st.session_state[_CHANGES] = choices
        st.rerun(scope="app")

    def apply_changes(self) -> None:
        """At the top of a page: what `change` has asked for, before any picker is drawn."""
        changes = st.session_state.pop(_CHANGES, {})
        for name in changes:
            for key in (name, f"{name}_list", f"{name}_buttons"):
                st.session_state.pop(key, None)
        self.choose(changes)

    def _wanted(self, name: str, default: object = None) -> object:
        """What was chosen under this name, here or on another page, else what the address asks for."""
        return _chosen().get(name, st.query_params.get(name, default))


def _chosen() -> dict[str, object]:
    chosen: dict[str, object] = st.session_state.setdefault("_chosen", {})
    return chosen


def _drawn_here(key: str) -> bool:
    """Whether this page has drawn the picker before. What Streamlit still holds under the key of a picker of another
    page does not reach a picker of this one, even if it looks the same; of this one it is sent again."""
    here = page_shown()
    pages: dict[str, str] = st.session_state.setdefault("_drawn_on", {})
    known = pages.get(key) == here and key in st.session_state
    pages[key] = here
    if known:
        _tell_again(key)
    return known


def _tell_again(widget: str) -> None:
    """Send the browser a value that it should have by now. It forgets what the first run of a page sent when a second
    one follows at once, as when a link is clicked while its page is still coming, and would show no choice."""
    st.session_state[widget] = st.session_state[widget]
