"""Environments as what-if states: whole numbers and texts for them, and a history with undo and redo."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.session.address import ENVIRONMENT_KEY

_LONGEST = 200  # steps that can be undone


def code_of(filled: Iterable[object]) -> int:
    """The whole number of an environment: bit d (least significant first) is site d + 1, as in the table of all."""
    return sum(1 << site for site, full in enumerate(filled) if full)


def filled_of(code: int, n_sites: int) -> NDArray[np.bool_]:
    """(D,) which sites are filled."""
    return np.array([bool(code >> site & 1) for site in range(n_sites)])


def read_code(text: str, n_sites: int) -> int:
    """An environment as typed.

    Args:
        text: the number of its row in the table of all environments (decimal, or hexadecimal with 0x), or one 0 or 1
            for every site, site 1 first; spaces do not matter.

    Raises:
        ValueError: neither, or a number beyond the table.
    """
    plain = re.sub(r"[\s_,]", "", text)
    if len(plain) == n_sites and set(plain) <= {"0", "1"}:
        return code_of(sign == "1" for sign in plain)
    try:
        code = int(plain, 16) if plain.lower().startswith("0x") else int(plain)
    except ValueError:
        code = -1
    if not 0 <= code < 1 << n_sites:
        raise ValueError(
            f"an environment is a whole number from 0 to {(1 << n_sites) - 1} or {n_sites} zeros and ones, got "
            f"{text[:60]!r}: copy it from the address of another view, or click the sites"
        )
    return code


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
