"""rbfscope reproduce figure2, prototypes, figure4: drawings of the sites and of pruned networks."""

import argparse
from typing import TYPE_CHECKING, Any

from dashboard.commands.study import (
    add_folder_option,
    add_rows_options,
    add_surface_option,
    folder_of,
    rows_of,
    surfaces_of,
    write_text,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rbfcore.parameters import Parameters

_LARGE = (1, 2, 3)  # drawn in figure 4 by default: the prototypes that contribute most


def add_parser(parts: Any) -> None:
    """Add `reproduce figure2`, `prototypes` and `figure4`."""
    parser = parts.add_parser("figure2", help="the sites by shell, and the layers of the surfaces")
    add_folder_option(parser)
    parser.set_defaults(run=_figure2)
    for name, what, run in (
        ("prototypes", "16 prototypes per surface from four viewpoints (figures B.6 to B.11)", _prototypes),
        ("figure4", "a few prototypes large, with the groups of sites", _figure4),
    ):
        parser = parts.add_parser(name, help=what)
        add_folder_option(parser)
        add_surface_option(parser)
        parser.add_argument(
            "--study",
            action="store_true",
            help="of the networks of `reproduce figure5` in FOLDER, best by validation (default: the bundled ones)",
        )
        add_rows_options(parser)
        parser.add_argument("--opacity", choices=["paper", "gauge-free"], default="paper")
        parser.add_argument("--palette", choices=["red-blue", "orange-blue"], default="red-blue")
        if name == "figure4":
            parser.add_argument("--prototypes", type=int, nargs="+", default=list(_LARGE), metavar="N", help="from 1")
        parser.set_defaults(run=run)


def write_drawing(folder: "Path", name: str, svg: str) -> None:
    """Write a drawing as NAME.svg and, the same, NAME.pdf."""
    from dashboard.export.svg_pdf import svg_to_pdf
    from rbfcore.storage.files import replacing

    write_text(folder / f"{name}.svg", svg)
    with replacing(folder / f"{name}.pdf") as temporary:
        temporary.write_bytes(svg_to_pdf(svg))
    print(folder / f"{name}.pdf")


def _figure2(arguments: argparse.Namespace) -> int:
    from dashboard.figures.paper.figure2 import figure2_svg
    from rbfcore.lattice import environment

    write_drawing(folder_of(arguments), "figure2", figure2_svg(environment("fcc", 2)))
    return 0


def _prototypes(arguments: argparse.Namespace) -> int:
    from dashboard.figures.prototype_svg import prototypes_svg
    from rbfcore.lattice.of_network import environment_of

    folder = folder_of(arguments)
    for surface in surfaces_of(arguments):
        network = _pruned(arguments, folder, surface)
        svg = prototypes_svg(
            network,
            environment_of(network),
            columns=2,
            opacity_name=arguments.opacity,
            palette=arguments.palette,
        )
        write_drawing(folder, f"prototypes-{surface}", svg)
    return 0


def _figure4(arguments: argparse.Namespace) -> int:
    from dashboard.figures.paper.figure4 import figure4_svg
    from rbfcore.lattice import environment

    folder = folder_of(arguments)
    for surface in surfaces_of(arguments):
        network = _pruned(arguments, folder, surface)
        order = [number - 1 for number in arguments.prototypes]
        if any(not 0 <= number < network.n_centroids for number in order):
            raise ValueError(f"--prototypes takes numbers from 1 to {network.n_centroids}, got {arguments.prototypes}")
        svg = figure4_svg(network, environment("fcc", 2), surface, order, arguments.opacity, arguments.palette)
        write_drawing(folder, f"figure4-{surface}", svg)
    return 0


def _pruned(arguments: argparse.Namespace, folder: "Path", surface: str) -> "Parameters":
    if not arguments.study:
        from rbfcore.data.bundled import assets_folder, prototypes_file
        from rbfcore.storage.networks import read_parameters

        return read_parameters(assets_folder() / "networks" / prototypes_file(surface))
    from rbfcore.studies.cells import cards
    from rbfcore.studies.explanations import best_split, prototypes_of

    finished = [
        card
        for card in cards(folder, f"explain-{surface}-", rows_of(arguments).fingerprints((surface,)))
        if card.cell.settings["surface"] == surface
    ]
    if not finished:
        raise ValueError(
            f"no finished networks of {surface} in {folder}: run `rbfscope reproduce figure5 -o {folder}` first, "
            "or leave --study out to draw the bundled ones"
        )
    outcomes = [card.outcome for card in finished]
    return prototypes_of(outcomes[best_split(outcomes)], surface=surface)
