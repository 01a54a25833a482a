"""rbfscope export: a network's prototypes as a figure, a page, a table, atoms or code, its barriers as KMC events."""

import argparse
import json
from collections.abc import Callable
from typing import Any

from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters
from rbfcore.storage.files import replacing

_EVENTS = ("kmc", "spparks", "kmcpy")


def add_parser(commands: Any) -> None:
    """Add `export NET` to the console command."""
    parser = commands.add_parser("export", help="write prototypes or KMC events in the form of another program")
    parser.add_argument("network", help="a pruned network (.safetensors); for events any network of barriers")
    parser.add_argument(
        "--to",
        required=True,
        choices=sorted([*_WRITERS, *_EVENTS, "snippet", "report"]),
        dest="kind",
        help="svg, pdf, html, csv, json, xyz: prototypes; report: all about them as one page; snippet: code that shows "
        "them; kmc: csv of events; kmcpy: a model file of kMCpy 0.3.0; spparks: lines for SPPARKS (not run with it)",
    )
    parser.add_argument("-o", "--output", required=True, metavar="FILE")
    parser.add_argument("--lattice", help="fcc26, bcc20, hcp-basal26, ...; default: what the network's run card says")
    events = parser.add_argument_group("events")
    events.add_argument("--data", metavar="DATA", help="environments of this data set (default: that of the run card)")
    events.add_argument("--temperature", type=float, default=300.0, metavar="K")
    events.add_argument("--prefactor", type=float, default=1e12, metavar="HZ")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from rbfcore.lattice.of_network import environment_of
    from rbfcore.storage.networks import read_parameters

    network = read_parameters(arguments.network)
    env = environment_of(network, arguments.lattice)
    text: str | bytes
    if arguments.kind in _EVENTS:
        text, said = _events(network, env, arguments)
    elif arguments.kind == "snippet":
        text, said = _snippet(network, arguments.network), "Python code"
    elif arguments.kind == "report":
        text, said = _report(network, env, arguments.network), f"report on {network.n_centroids} prototypes"
    else:
        text = _WRITERS[arguments.kind](network, env)
        said = f"{network.n_centroids} prototypes over {network.n_inputs} inputs"
    with replacing(arguments.output) as temporary:
        temporary.write_bytes(text if isinstance(text, bytes) else text.encode())
    print(f"{arguments.output}: {said}")
    return 0


def _events(network: Parameters, env: Environment | None, arguments: argparse.Namespace) -> tuple[str, str]:
    from rbfcore.data.load import load_dataset
    from rbfcore.export import kmc

    source = arguments.data or network.card.dataset
    if source is None and network.n_inputs <= kmc.MOST_ENUMERATED:
        x: Any = kmc.all_environments(network.n_inputs)
    elif source is None:
        raise ValueError("the network names no data set: say with --data whose environments to list")
    else:
        x = load_dataset(str(source)).x
    table = kmc.kmc_events(network, env, x, arguments.temperature, arguments.prefactor)
    said = f"{len(table):,} events at {arguments.temperature:g} K, prefactor {arguments.prefactor:g} Hz"
    if arguments.kind == "kmcpy":
        return kmc.as_kmcpy(table, network, env), said
    if arguments.kind == "kmc":
        return kmc.as_csv(table, network), said
    if env is None:
        raise ValueError(
            "coordination numbers need a lattice, and this network names none: give --lattice, or export to kmc"
        )
    return kmc.as_spparks(table, env, network), said


def _snippet(network: Parameters, path: str) -> str:
    from pathlib import Path

    from rbfcore.export.snippet import prototypes_snippet

    return prototypes_snippet(Path(path).stem, network)


def _report(network: Parameters, env: Environment | None, path: str) -> str:
    from pathlib import Path

    from dashboard.drawing.style import Drawing
    from dashboard.export.report import prototypes_report

    return prototypes_report(Path(path).stem, network, env, Drawing())


def _svg(network: Parameters, env: Environment | None) -> str:
    from dashboard.figures.prototype_svg import prototypes_svg

    return prototypes_svg(network, env, columns=2)


def _pdf(network: Parameters, env: Environment | None) -> bytes:
    from dashboard.export.svg_pdf import svg_to_pdf

    return svg_to_pdf(_svg(network, env))


def _html(network: Parameters, env: Environment | None) -> str:
    from dashboard.viewer.py3dmol_views import standalone_html

    if env is None:
        raise ValueError(
            "the 3D page needs a lattice, and this network names none: give --lattice, or export to svg, csv or json"
        )
    return standalone_html(network, env, title="Prototypes")


def _csv(network: Parameters, _: Environment | None) -> str:
    from rbfcore.explain.prototypes import prototypes

    return prototypes(network).to_csv(index=False)


def _json(network: Parameters, _: Environment | None) -> str:
    return prototypes_json(network)


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


def _xyz(network: Parameters, env: Environment | None) -> str:
    from rbfcore.export.extended_xyz import extended_xyz

    if env is None:
        raise ValueError("atoms need a lattice, and this network names none: give --lattice, or export to csv or json")
    return extended_xyz(network, env)


_WRITERS: dict[str, Callable[[Parameters, Environment | None], str | bytes]] = {
    "csv": _csv,
    "html": _html,
    "json": _json,
    "pdf": _pdf,
    "svg": _svg,
    "xyz": _xyz,
}
