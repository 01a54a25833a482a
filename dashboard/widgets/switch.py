"""A switch between a few choices, side by side, whose value is in the address."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.session.address import Address


def switch(
    address: Address,
    label: str,
    key: str,
    options: Sequence[Any],
    words: Mapping[Any, str] | None = None,
    *,
    explanation: str | None = None,
) -> Any:
    """The chosen option; the first one to begin with.

    Args:
        key: of the widget, and the name in the address.
        words: what an option is called on screen, when not by itself.
        explanation: shown on a question mark.
    """
    has_value = address.recall(key, options)
    chosen = st.segmented_control(
        label,
        options,
        format_func=str if words is None else words.__getitem__,
        default=None if has_value else options[0],
        required=True,
        key=key,
        help=explanation,
    )
    address.publish(key, chosen, default=options[0])
    return chosen
