"""One download button: its file is made when it is pressed."""

from collections.abc import Callable
from pathlib import PurePath

import streamlit as st

from dashboard.export.formats import media_type


def download(
    label: str,
    file_name: str,
    make: Callable[[], bytes],
    key: str,
    *,
    impossible: str = "",
    icon: str = ":material/download:",
    media: str | None = None,
) -> None:
    """A button that makes the file when pressed.

    Args:
        label: what the file is; its ending is added.
        key: names the row of buttons among those on the page.
        impossible: why the file cannot be made here, which disables the button.
        media: type of the file; by default what its ending says.
    """
    ending = PurePath(file_name).suffix
    st.download_button(
        f"{label} ({ending})",
        make,
        file_name,
        media or media_type(file_name),
        key=f"{key}{ending}",
        on_click="ignore",
        icon=icon,
        disabled=bool(impossible),
        help=impossible or None,
    )
