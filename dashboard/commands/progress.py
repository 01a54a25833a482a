"""Runs of the library on a terminal: every step may be shown, and the outcome is what the run returns."""

import sys
from collections.abc import Callable, Generator
from typing import TypeVar

Step = TypeVar("Step")
Outcome = TypeVar("Outcome")


def drained(steps: Generator[Step, None, Outcome], line: Callable[[Step], str | None]) -> Outcome:
    """Take all steps of a run, and return what it returns.

    Args:
        steps: the run.
        line: what a terminal shows of a step, over the line before; None leaves that as it is. A line that ends in a
            newline stays. Nothing is shown where standard error is no terminal.
    """
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome
        if sys.stderr.isatty() and (text := line(step)) is not None:
            print(f"\r{text}", end="", file=sys.stderr, flush=True)
