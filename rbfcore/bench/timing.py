"""Timing that suites share: one core, and comparisons in turn."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch


@contextmanager
def one_core() -> Iterator[None]:
    """Torch on one core, and on as many as before afterwards."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def timed(call: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """The result and the seconds it took."""
    started = time.perf_counter()
    result = call(*arguments)
    return result, time.perf_counter() - started


def alternating(first: Callable[[], Any], second: Callable[[], Any], rounds: int) -> list[tuple[float, float]]:
    """Seconds of two calls in turn, A B A B: pairs see the same moods of the machine."""
    return [(timed(first)[1], timed(second)[1]) for _ in range(rounds)]
