"""A network, and prototypes as they are drawn: the forms in which they are taken away."""

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.drawing.style import Drawing
from dashboard.export.formats import Form, Need, lattice_needed, register
from dashboard.viewer.script import FETCH_COMMAND, has_local_script
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.explain.report import Explanation
    from rbfcore.storage.pruning_path import PruningPath


@dataclass(frozen=True, eq=False)
class Background:
    """What is known around a set of prototypes: the network they summarise, its explanation, sets of other sizes."""

    large: Parameters | None = None
    explained: "Explanation | None" = None
    curve: "PruningPath | None" = None


@dataclass(frozen=True, eq=False)
class Prototypes:
    """A network of few centroids, or of many when all that is wanted is the network itself.

    Attributes:
        name: what files are called.
        network: with its run card.
        env: the lattice whose sites its inputs are.
        drawing: palette and opacity; None where nothing is drawn.
        columns: of cards in a figure.
        title: of the page in 3D; by default it says the name.
        background: for the report.
    """

    name: str
    network: Parameters
    env: Environment | None = None
    drawing: Drawing | None = None
    columns: int = 4
    title: str | None = None
    background: Background = field(default_factory=Background)

    @property
    def style(self) -> Drawing:
        return self.drawing or Drawing()

    @property
    def summary(self) -> str:
        return f"{self.network.n_centroids} prototypes over {self.network.n_inputs} inputs"


def network_bytes(network: Parameters) -> bytes:
    """The network file that `rbfcore.load_network` reads."""
    from rbfcore.storage.networks import write_parameters

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.safetensors"
        write_parameters(network, path)
        return path.read_bytes()


def prototypes_csv(network: Parameters, site_names: tuple[str, ...] | None = None) -> bytes:
    """One line per prototype and site, as `rbfcore.prototypes` lists them."""
    from rbfcore.explain.prototypes import prototypes

    return prototypes(network, site_names).to_csv(index=False).encode()


def prototypes_json(network: Parameters) -> str:
    """All numbers of a pruned network and its run card."""
    from rbfcore.explain.prototypes import gauge_free_opacity, opacity
    from rbfcore.parameters import peaks, slopes

    content = {
        "alpha": network.alpha,
        "gamma": network.gamma.tolist(),
        "fingerprint": network.fingerprint(),
        "metadata": network.metadata,
        "prototypes": [
            {"beta": b, "peak": p, "centroid": c, "opacity": o, "slope": s, "opacity_gauge_free": g}
            for b, p, c, o, s, g in zip(
                network.beta.tolist(),
                peaks(network).tolist(),
                network.centroids.tolist(),
                opacity(network.centroids).tolist(),
                slopes(network).tolist(),
                gauge_free_opacity(network).tolist(),
                strict=True,
            )
        ],
    }
    return json.dumps(content, indent=1) + "\n"


def _svg(shown: Prototypes) -> str:
    from dashboard.figures.prototype_svg import prototypes_svg

    style = shown.style
    return prototypes_svg(
        shown.network, shown.env, palette=style.palette, opacity_name=style.opacity, columns=shown.columns
    )


def _pdf(shown: Prototypes) -> bytes:
    from dashboard.export.svg_pdf import svg_to_pdf

    return svg_to_pdf(_svg(shown))


def _page_in_3d(shown: Prototypes) -> str:
    from dashboard.viewer.py3dmol_views import standalone_html

    assert shown.env is not None  # a need of the form
    title = f"{shown.name} prototypes" if shown.title is None else shown.title
    return standalone_html(
        shown.network, shown.env, palette=shown.style.palette, opacity_name=shown.style.opacity, title=title
    )


def _report(shown: Prototypes) -> str:
    from dashboard.export.report import prototypes_report

    known = shown.background
    return prototypes_report(
        shown.name,
        shown.network,
        shown.env,
        shown.style,
        large=known.large,
        explained=known.explained,
        curve=known.curve,
    )


def _snippet(shown: Prototypes) -> str:
    from rbfcore.export.snippet import prototypes_snippet

    return prototypes_snippet(shown.name, shown.network, gauge_free=shown.style.gauge_free)


def _xyz(shown: Prototypes) -> str:
    from rbfcore.export.extended_xyz import extended_xyz

    assert shown.env is not None  # a need of the form
    return extended_xyz(shown.network, shown.env)


DRAWING = Need[Prototypes]("a drawing", lambda shown: shown.drawing is not None, "say how the prototypes are drawn")
VIEWER_SCRIPT = Need[Prototypes](
    "3Dmol.js",
    lambda _: has_local_script(),
    f"Needs 3Dmol.js on this machine: run `{FETCH_COMMAND}` once.",
    hides=False,
)

NETWORK_FILE = Form(
    name="safetensors",
    subject=Prototypes,
    label="Network",
    ending=".safetensors",
    meaning="the network itself",
    write=lambda shown: network_bytes(shown.network),
    rare=False,
    on_command_line=False,
)

register(
    NETWORK_FILE,
    Form(
        name="csv",
        subject=Prototypes,
        label="Table",
        ending=".csv",
        suffix="-prototypes",
        meaning="prototypes as a table, one line per prototype and site",
        write=lambda shown: prototypes_csv(shown.network),
        needs=(DRAWING,),
        rare=False,
    ),
    Form(
        name="svg",
        subject=Prototypes,
        label="Figure",
        ending=".svg",
        meaning="prototypes drawn",
        write=_svg,
        needs=(DRAWING,),
        rare=False,
    ),
    Form(
        name="pdf",
        subject=Prototypes,
        label="Figure",
        ending=".pdf",
        meaning="the same drawing for papers",
        write=_pdf,
        needs=(DRAWING,),
        rare=False,
    ),
    Form(
        name="html",
        subject=Prototypes,
        label="3D page",
        ending=".html",
        meaning="prototypes in 3D as a page that opens offline",
        write=_page_in_3d,
        needs=(
            DRAWING,
            lattice_needed("the 3D page needs", "export to svg, csv or json"),
            VIEWER_SCRIPT,
        ),
        rare=False,
    ),
    Form(
        name="report",
        subject=Prototypes,
        label="Report",
        ending=".html",
        suffix="-report",
        meaning="all about the prototypes as one page",
        write=_report,
        needs=(DRAWING,),
        rare=False,
        summary=lambda shown: f"report on {shown.network.n_centroids} prototypes",
    ),
    Form(
        name="snippet",
        subject=Prototypes,
        label="Python code",
        ending=".py",
        meaning="code that shows them",
        write=_snippet,
        summary=lambda _: "Python code",
    ),
    Form(
        name="json",
        subject=Prototypes,
        label="Numbers",
        ending=".json",
        meaning="all numbers and the run card",
        write=lambda shown: prototypes_json(shown.network),
    ),
    Form(
        name="xyz",
        subject=Prototypes,
        label="Atoms",
        ending=".xyz",
        meaning="prototypes as atoms, a frame each",
        write=_xyz,
        needs=(lattice_needed("atoms need", "export to csv or json"),),
    ),
)
