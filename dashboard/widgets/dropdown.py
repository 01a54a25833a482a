"""A list to choose one option from, whose value is in the address."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.session.address import Address


def dropdown(
    address: Address,
    label: str,
    key: str,
    options: Sequence[str],
    words: Mapping[str, str] | None = None,
    *,
    explanation: str | None = None,
) -> str:
    """The chosen option; the first one to begin with. Arguments as `switch`."""
    address.recall(key, options)
    format_func = str if words is None else words.__getitem__
    chosen = str(st.selectbox(label, options, format_func=format_func, key=key, help=explanation))
    address.publish(key, chosen, default=options[0])
    return chosen
