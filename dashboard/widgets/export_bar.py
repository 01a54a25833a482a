"""Taking results away: networks, tables, figures, pages, code, atoms, events; what is rarer is one click further."""

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.drawing.style import Drawing
from dashboard.figures.prototype_svg import prototypes_svg
from dashboard.session.session import Session
from dashboard.viewer.py3dmol_views import standalone_html
from dashboard.viewer.script import FETCH_COMMAND, has_local_script
from dashboard.widgets.downloads import download
from dashboard.widgets.more_exports import code_and_atoms, event_table, full_table
from rbfcore.data.bundled import LATTICE
from rbfcore.distributions.recorded import recorded_fingerprint
from rbfcore.explain.prototypes import prototypes, site_opacity
from rbfcore.lattice import Environment
from rbfcore.lattice.of_network import is_on
from rbfcore.parameters import Parameters
from rbfcore.storage.networks import write_parameters

if TYPE_CHECKING:
    from rbfcore.explain.report import Explanation

_NO_SCRIPT = f"Needs 3Dmol.js on this machine: run `{FETCH_COMMAND}` once."


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
        download("Network", f"{name}.safetensors", lambda: network_bytes(network), key)
        if drawing is None:
            return
        download("Table", f"{name}-prototypes.csv", lambda: prototypes_csv(network), key)
        download("Figure", f"{name}.svg", lambda: _svg(network, env, drawing), key)
        download("Figure", f"{name}.pdf", lambda: _pdf(network, env, drawing), key)
        if env is not None:
            impossible = "" if has_local_script() else _NO_SCRIPT
            download("3D page", f"{name}.html", lambda: _html(name, network, env, drawing), key, impossible=impossible)
        download("Report", f"{name}-report.html", lambda: _report(name, network, env, drawing), f"{key}_report")
        with st.popover("More", icon=":material/more_horiz:"):
            code_and_atoms(name, network, env, key, gauge_free=drawing.gauge_free)
            responses_downloads(name, network, env, key)


def responses_downloads(name: str, network: Parameters, env: Environment | None, key: str) -> None:
    """What other programs want of the responses themselves: KMC events, and all of them."""
    if network.card.unit == "eV" and env is not None:
        st.markdown("**Events for kinetic Monte Carlo**")
        event_table(Session(), name, network, env, key)
    if env is not None:
        st.markdown("**Every environment**")
        full_table(name, network, key)


def explanation_downloads(
    name: str, network: Parameters, found: "Explanation", env: Environment | None, *, key: str
) -> None:
    """What was computed about a network: a page, all numbers, the table of its inputs, and the code."""
    from rbfcore.explain.report import as_csv, as_json
    from rbfcore.explain.report_page import as_page
    from rbfcore.export.snippet import importance_snippet

    with st.container(horizontal=True):
        download("Report", f"{name}-importance.html", lambda: as_page(found).encode(), key)
        download("Numbers", f"{name}-importance.json", lambda: as_json(found).encode(), key)
        download("Table", f"{name}-importance.csv", lambda: as_csv(found).encode(), key)
        try:
            code = importance_snippet(name, network, found.card.distribution or "", found.indices.variance)
        except ValueError:  # a p(x) that no short text names
            code = ""
        impossible = "" if code else "There is no short code for this p(x)."
        download("Python code", f"{name}-importance.py", lambda: code.encode(), key, impossible=impossible)
        if env is not None:
            download("Sites", f"{name}-importance.xyz", lambda: _shares_xyz(found, env), key)
        with st.popover("More", icon=":material/more_horiz:"):
            download("Network", f"{name}.safetensors", lambda: network_bytes(network), key)
            responses_downloads(name, network, env, key)


def figure5_downloads(networks: dict[str, Parameters], *, gauge_free: bool) -> None:
    """Fig. 5 in the paper's layout, a panel for each surface; networks of one surface are averaged."""
    fits = all(network.card.surface and is_on(network, LATTICE) for network in networks.values())
    impossible = "" if fits else "The layout needs networks over the sites of fcc26 whose run cards name a surface."

    def make(ending: str) -> bytes:
        from dashboard.figures.paper.figure5 import draw_figure5

        kind = "opacity_gauge_free" if gauge_free else "opacity"
        panels: dict[str, list[dict[str, object]]] = {}
        for network in networks.values():
            drawn = site_opacity(network, gauge_free=gauge_free)
            panel = panels.setdefault(network.card.surface or "", [])
            panel.append({kind: {"mean": drawn.mean, "std": drawn.std}})
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"figure{ending}"
            draw_figure5(panels, path, kind)
            return path.read_bytes()

    with st.container(horizontal=True):
        for ending in (".svg", ".pdf"):
            download("Figure 5", f"site-opacity{ending}", partial(make, ending), "figure5", impossible=impossible)


def _svg(network: Parameters, env: Environment | None, drawing: Drawing) -> bytes:
    return prototypes_svg(network, env, palette=drawing.palette, opacity_name=drawing.opacity, columns=4).encode()


def _pdf(network: Parameters, env: Environment | None, drawing: Drawing) -> bytes:
    from dashboard.export.svg_pdf import svg_to_pdf

    return svg_to_pdf(_svg(network, env, drawing).decode())


def _shares_xyz(found: "Explanation", env: Environment) -> bytes:
    """The lattice with every site's shares of the variance."""
    from rbfcore.export.extended_xyz import sites_xyz

    indices = found.indices
    shares = {"shapley": found.shapley, "first": indices.first, "total": indices.total}
    facts: dict[str, float | str] = {"mean": indices.mean, "variance": indices.variance}
    facts |= {"distribution": found.under, "fingerprint": found.card.fingerprint or ""}
    return sites_xyz(env, shares, facts).encode()


def _report(name: str, network: Parameters, env: Environment | None, drawing: Drawing) -> bytes:
    from dashboard.export.report import prototypes_report
    from dashboard.shelf.explanations import explanations

    session = Session()
    large = (session.parent(network) or (None, None))[1]
    under = recorded_fingerprint(network.card, network.n_inputs)
    return prototypes_report(
        name,
        network,
        env,
        drawing,
        large=large,
        explained=explanations().find(large, under) if large is not None and under is not None else None,
        curve=session.curve(network.card.parent or ""),
    ).encode()


def _html(name: str, network: Parameters, env: Environment, drawing: Drawing) -> bytes:
    return standalone_html(
        network, env, palette=drawing.palette, opacity_name=drawing.opacity, title=f"{name} prototypes"
    ).encode()
