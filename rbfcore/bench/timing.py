"""Timing that suites share: one call, and two in turn."""

import time
from collections.abc import Callable
from typing import Any


def timed(call: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """The result and the seconds it took."""
    started = time.perf_counter()
    result = call(*arguments)
    return result, time.perf_counter() - started


def alternating(first: Callable[[], Any], second: Callable[[], Any], rounds: int) -> list[tuple[float, float]]:
    """Seconds of two calls in turn, A B A B: pairs see the same moods of the machine."""
    return [(timed(first)[1], timed(second)[1]) for _ in range(rounds)]
