"""Bad input as one clear line on the page, everything else left as it was."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def one_line_on_error() -> Iterator[None]:
    """Show a ValueError of the block as one line instead of letting it end the page."""
    try:
        yield
    except ValueError as error:
        st.error(" ".join(str(error).split()), icon=":material/error:")
