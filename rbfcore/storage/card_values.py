"""What an entry of a run card takes: each function returns the value when it is of its type, and None when it is not.

A card may come from anybody's file, so that nothing here raises.
"""

import math
from collections.abc import Mapping
from typing import Any


def text(value: object) -> str | None:
    """A text, also an empty one."""
    return value if isinstance(value, str) else None


def whole(value: object) -> int | None:
    """A whole number >= 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def magnitude(value: object) -> float | None:
    """A finite number >= 0: an error, a gap, a variance, a time."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return value if math.isfinite(value) and value >= 0 else None
    except OverflowError:  # a whole number that no float holds
        return None


def magnitudes(value: object) -> tuple[float, ...] | None:
    """A list of such numbers."""
    if not isinstance(value, list | tuple) or any(magnitude(part) is None for part in value):
        return None
    return tuple(value)


def truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def texts(value: object) -> tuple[str, ...] | None:
    """A list of texts."""
    return tuple(value) if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value) else None


def mapping(value: object) -> Mapping[str, Any] | None:
    """Values by name."""
    return value if isinstance(value, Mapping) else None
