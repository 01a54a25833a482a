"""Environments as what-if states: whole numbers and texts for them, and a history with undo and redo."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
