"""One download button: its file is made when it is pressed."""

from collections.abc import Callable
from pathlib import PurePath

import streamlit as st

KINDS = {
    ".safetensors": "application/octet-stream",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".xyz": "chemical/x-xyz",
    ".zip": "application/zip",
}


def download(
    label: str,
    file_name: str,
    make: Callable[[], bytes],
    key: str,
    *,
    impossible: str = "",
    icon: str = ":material/download:",
) -> None:
    """A button that makes the file when pressed.

    Args:
        label: what the file is; its ending is added.
        key: names the row of buttons among those on the page.
        impossible: why the file cannot be made here, which disables the button.
    """
    ending = PurePath(file_name).suffix
    st.download_button(
        f"{label} ({ending})",
        make,
        file_name,
        KINDS[ending],
        key=f"{key}{ending}",
        on_click="ignore",
        icon=icon,
        disabled=bool(impossible),
        help=impossible or None,
    )
