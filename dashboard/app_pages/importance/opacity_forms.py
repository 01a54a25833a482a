"""Fig. 5 in the paper's layout, of the networks on a page: how strongly their prototypes draw each site."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboard.export.formats import Form, Need, register
from rbfcore.data.bundled import LATTICE
from rbfcore.lattice.of_network import is_on
from rbfcore.parameters import Parameters


@dataclass(frozen=True, eq=False)
class SiteOpacities:
    """Prototypes of several surfaces.

    Attributes:
        networks: by name; those of one surface are averaged.
        gauge_free: the kind of opacity.
        name: what files are called.
    """

    networks: Mapping[str, Parameters]
    gauge_free: bool
    name: str = "site-opacity"


def _drawn(opacities: SiteOpacities, ending: str) -> bytes:
    from dashboard.figures.paper.figure5 import draw_figure5
    from rbfcore.explain.prototypes import site_opacity

    kind = "opacity_gauge_free" if opacities.gauge_free else "opacity"
    panels: dict[str, list[dict[str, object]]] = {}
    for network in opacities.networks.values():
        drawn = site_opacity(network, gauge_free=opacities.gauge_free)
        panel = panels.setdefault(network.card.surface or "", [])
        panel.append({kind: {"mean": drawn.mean, "std": drawn.std}})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"figure{ending}"
        draw_figure5(panels, path, kind)
        return path.read_bytes()


def _fits_layout(opacities: SiteOpacities) -> bool:
    return all(network.card.surface and is_on(network, LATTICE) for network in opacities.networks.values())


SURFACES = Need[SiteOpacities](
    "surfaces",
    _fits_layout,
    "The layout needs networks over the sites of fcc26 whose run cards name a surface.",
    hides=False,
)

register(
    Form(
        name="svg",
        subject=SiteOpacities,
        label="Figure 5",
        ending=".svg",
        meaning="Fig. 5 in the paper's layout",
        write=lambda opacities: _drawn(opacities, ".svg"),
        needs=(SURFACES,),
        rare=False,
        on_command_line=False,
    ),
    Form(
        name="pdf",
        subject=SiteOpacities,
        label="Figure 5",
        ending=".pdf",
        meaning="Fig. 5 in the paper's layout",
        write=lambda opacities: _drawn(opacities, ".pdf"),
        needs=(SURFACES,),
        rare=False,
        on_command_line=False,
    ),
)
