"""Taking results away: networks as safetensors, prototypes as csv, svg and a page that opens offline."""

import tempfile
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components.drawing_options import Drawing
from dashboard.figures.prototype_svg import prototypes_svg
from dashboard.viewer.py3dmol_views import standalone_html
from dashboard.viewer.script import FETCH_COMMAND, has_local_script
from rbfcore.explain.prototypes import prototypes
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters
from rbfcore.storage import write_parameters

if TYPE_CHECKING:
    from rbfcore.explain.report import Explanation

_KINDS = {
    ".safetensors": "application/octet-stream",
    ".csv": "text/csv",
    ".svg": "image/svg+xml",
    ".html": "text/html",
    ".json": "application/json",
}


def network_bytes(network: Parameters) -> bytes:
    """The network file that `rbfcore.load_network` reads."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.safetensors"
        write_parameters(network, path)
        return path.read_bytes()


def prototypes_csv(network: Parameters, site_names: tuple[str, ...] | None = None) -> bytes:
    """One line per prototype and site, as `rbfcore.prototypes` lists them."""
    return prototypes(network, site_names).to_csv(index=False).encode()


def network_downloads(
    name: str, network: Parameters, *, key: str, drawing: Drawing | None = None, env: Environment | None = None
) -> None:
    """Download buttons in a row; a file is made when its button is pressed.

    Args:
        name: what the files are called.
        key: names this row among those on the page.
        drawing: how to draw the prototypes. Without it no pictures are offered, and no table of prototypes.
        env: the lattice, for the page that opens without a server.
    """
    with st.container(horizontal=True):
        _button("Network", f"{name}.safetensors", lambda: network_bytes(network), key)
        if drawing is None:
            return
        _button("Table", f"{name}-prototypes.csv", lambda: prototypes_csv(network), key)
        _button("Figure", f"{name}.svg", lambda: _svg(network, env, drawing), key)
        if env is not None:
            _button("3D page", f"{name}.html", lambda: _html(name, network, env, drawing), key, has_local_script())


def explanation_downloads(name: str, found: "Explanation", *, key: str) -> None:
    """Download buttons for what was computed about a network: a page, all numbers, and the table of its inputs."""
    from rbfcore.explain.report import as_csv, as_json
    from rbfcore.explain.report_page import as_page

    with st.container(horizontal=True):
        _button("Report", f"{name}-importance.html", lambda: as_page(found).encode(), key)
        _button("Numbers", f"{name}-importance.json", lambda: as_json(found).encode(), key)
        _button("Table", f"{name}-importance.csv", lambda: as_csv(found).encode(), key)


def _button(label: str, file_name: str, make: Callable[[], bytes], key: str, possible: bool = True) -> None:
    ending = PurePath(file_name).suffix
    st.download_button(
        f"{label} ({ending})",
        make,
        file_name,
        _KINDS[ending],
        key=f"{key}{ending}",
        on_click="ignore",
        icon=":material/download:",
        disabled=not possible,
        help=None if possible else f"Needs 3Dmol.js on this machine: run `{FETCH_COMMAND}` once.",
    )


def _svg(network: Parameters, env: Environment | None, drawing: Drawing) -> bytes:
    return prototypes_svg(network, env, palette=drawing.palette, opacity_name=drawing.opacity, columns=4).encode()


def _html(name: str, network: Parameters, env: Environment, drawing: Drawing) -> bytes:
    return standalone_html(
        network, env, palette=drawing.palette, opacity_name=drawing.opacity, title=f"{name} prototypes"
    ).encode()
