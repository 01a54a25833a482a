"""A field for a whole number whose value is in the address."""

import math
from typing import Any

import streamlit as st

from dashboard.session.address import Address


def whole_number(
    address: Address, label: str, key: str, default: int, low: int, high: int | None = None, place: Any = st
) -> int:
    """The number; what the address asks for where that is allowed, else `default`, to begin with.

    Args:
        key: of the widget, and the name in the address.
        low, high: smallest and largest that may be entered.
        place: container or column to draw it in.
    """
    address.recall_number(key, default, low, math.inf if high is None else high)
    value = int(place.number_input(label, low, high, step=1, key=key))
    address.publish(key, value, default=default)
    return value
