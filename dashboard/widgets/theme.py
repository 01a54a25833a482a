"""What the visitor's theme is."""

import streamlit as st


def is_dark() -> bool:
    """Whether text is light on a dark page."""
    return st.context.theme.type == "dark"
