"""The environments of a what-if that were visited, with undo and redo."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard.session.address import ENVIRONMENT_KEY
from rbfcore.lattice.codes import read_code

_LONGEST = 200  # steps that can be undone


@dataclass(frozen=True)
class History:
    """Environments visited: what undo and redo go through."""

    past: tuple[int, ...]
    now: int
    future: tuple[int, ...] = ()

    def to(self, code: int) -> "History":
        """Move on; what had been undone is forgotten."""
        if code == self.now:
            return self
        return History((*self.past, self.now)[-_LONGEST:], code)

    def undo(self) -> "History":
        return History(self.past[:-1], self.past[-1], (self.now, *self.future)) if self.past else self

    def redo(self) -> "History":
        return History((*self.past, self.now), self.future[0], self.future[1:]) if self.future else self


class Visit:
    """The environments that this browser tab has gone through on a lattice of so many sites."""

    def __init__(self, n_sites: int) -> None:
        self.n_sites = n_sites
        self._key = f"_history_{n_sites}"

    def begin(self, start: Callable[[], int]) -> History:
        """The history so far; when there is none, it begins with the environment in the address, else with `start`.

        Raises:
            ValueError: the address names no environment of these sites; `start` is shown from then on.
        """
        if self._key not in st.session_state:
            asked = st.query_params.get(ENVIRONMENT_KEY)
            try:
                self._keep(History((), read_code(asked, self.n_sites) if asked else start()))
            except ValueError:
                self._keep(History((), start()))
                raise
        return self.history()

    def history(self) -> History:
        """The history so far, once it has begun."""
        history: History = st.session_state[self._key]
        return history

    def go(self, code: int) -> None:
        """Move on to an environment."""
        self._keep(self.history().to(code))

    def undo(self) -> None:
        self._keep(self.history().undo())

    def redo(self) -> None:
        self._keep(self.history().redo())

    def is_news(self, number: int) -> bool:
        """Whether the click of this number has not been taken in yet; it counts as taken in from then on. When clicks
        come faster than answers, an earlier one can be told once more after a later one."""
        news = number > self.last_click()
        if news:
            st.session_state["_sequence"] = number
        return news

    def last_click(self) -> int:
        """Number of the last click that has been taken in."""
        return int(st.session_state.get("_sequence", 0))

    def _keep(self, history: History) -> None:
        st.session_state[self._key] = history
