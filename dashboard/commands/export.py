"""rbfscope export: a network's prototypes as a figure, a page, a table or atoms."""

import argparse
import json
from collections.abc import Callable
from typing import Any

from rbfcore.files import replacing
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters


def add_parser(commands: Any) -> None:
    """Add `export NET` to the console command."""
    parser = commands.add_parser("export", help="write prototypes as svg, pdf, html, csv, json or extended xyz")
    parser.add_argument("network", help="a pruned network (.safetensors)")
    parser.add_argument("--to", required=True, choices=sorted(_WRITERS), dest="kind")
    parser.add_argument("-o", "--output", required=True, metavar="FILE")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from dashboard.lattices import environment_of
    from rbfcore.storage import read_parameters

    network = read_parameters(arguments.network)
    content = _WRITERS[arguments.kind](network, environment_of(network))
    with replacing(arguments.output) as temporary:
        temporary.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    print(f"{arguments.output}: {network.n_centroids} prototypes over {network.n_inputs} inputs")
    return 0


def _svg(network: Parameters, env: Environment | None) -> str:
    from dashboard.figures.prototype_svg import prototypes_svg

    return prototypes_svg(network, env, columns=2)


def _pdf(network: Parameters, env: Environment | None) -> bytes:
    from dashboard.figures.svg_pdf import svg_to_pdf

    return svg_to_pdf(_svg(network, env))


def _html(network: Parameters, env: Environment | None) -> str:
    from dashboard.viewer.py3dmol_views import standalone_html

    if env is None:
        raise ValueError("the 3D page needs a lattice, and this network names none: export to svg, csv or json")
    return standalone_html(network, env, title="Prototypes")


def _csv(network: Parameters, _: Environment | None) -> str:
    from rbfcore.explain.prototypes import prototypes

    return prototypes(network).to_csv(index=False)


def _json(network: Parameters, _: Environment | None) -> str:
    from rbfcore.explain.prototypes import gauge_free_opacity, opacity, peaks, slopes

    content = {
        "alpha": network.alpha,
        "gamma": network.gamma.tolist(),
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


def _xyz(network: Parameters, env: Environment | None) -> str:
    """Extended XYZ, one frame per prototype: sites as X with theta and opacity, the moving atom, Xx at its target."""
    from rbfcore.explain.prototypes import opacity

    if env is None:
        raise ValueError("atoms need a lattice, and this network names none: export to csv or json")
    frames = []
    for number, (beta, theta, alpha) in enumerate(
        zip(network.beta, network.centroids, opacity(network.centroids), strict=True), start=1
    ):
        frames.append(str(env.n_sites + 2))
        frames.append(
            "Properties=species:S:1:pos:R:3:site:I:1:theta:R:1:opacity:R:1 "
            f'prototype={number} beta={float(beta):.8g} length_unit="lattice constant" pbc="F F F"'
        )
        for site, (position, value, shown) in enumerate(zip(env.positions, theta, alpha, strict=True), start=1):
            frames.append("X " + " ".join(f"{c:.6f}" for c in position) + f" {site} {value:.8g} {shown:.8g}")
        for species, position in (("Cu", (0.0, 0.0, 0.0)), ("Xx", tuple(env.target))):
            frames.append(f"{species} " + " ".join(f"{c:.6f}" for c in position) + " 0 0 0")
    return "\n".join(frames) + "\n"


_WRITERS: dict[str, Callable[[Parameters, Environment | None], str | bytes]] = {
    "csv": _csv,
    "html": _html,
    "json": _json,
    "pdf": _pdf,
    "svg": _svg,
    "xyz": _xyz,
}
