"""Patience with runs that go on in threads of their own."""

import time
from collections.abc import Callable


def wait_until(holds: Callable[[], object], patience: float) -> None:
    """Return as soon as the condition holds; fail when it does not within so many seconds."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)
