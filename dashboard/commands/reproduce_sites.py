"""rbfscope reproduce figure5, statements, figure3: what the sites mean to the networks, with standard errors."""

import argparse
from functools import partial
from typing import TYPE_CHECKING, Any

from dashboard.commands.study import (
    add_folder_option,
    add_rows_options,
    add_study_options,
    draw_figure,
    folder_of,
    rows_of,
    run_study,
    surfaces_of,
    write_json,
    write_text,
)

if TYPE_CHECKING:
    from pathlib import Path


def add_parser(parts: Any) -> None:
    """Add `reproduce figure5`, `statements` and `figure3`."""
    for name, what, run in (
        ("figure5", "mean opacity of every site by group, and the statements", _figure5),
        ("statements", "where our data agree with what the paper says about the sites, with numbers", _statements),
    ):
        parser = parts.add_parser(name, help=what)
        add_study_options(parser, splits=5)
        parser.add_argument("--model", default="rbfn-1024-fast-tied", help="network to explain, named as in table1")
        parser.add_argument("--prototypes", type=int, default=16, metavar="M", help="prototypes of each (default 16)")
        parser.add_argument("--restarts", type=int, default=10, metavar="N", help="restarts of each pruning")
        parser.add_argument(
            "--sizes", type=int, nargs="*", metavar="M", help="sizes pruned to for figure 3 (default 1 2 4 ... 64)"
        )
        parser.set_defaults(run=run)
    parser = parts.add_parser("figure3", help="test error by number of centroids, from what table1 left in FOLDER")
    add_folder_option(parser)
    add_rows_options(parser)
    parser.set_defaults(run=_figure3)


def _explained(arguments: argparse.Namespace) -> dict[str, list[dict[str, Any]]]:
    """Surface -> outcomes of its splits, computed as far as they are not."""
    from rbfcore.pruning.path import SIZES
    from rbfcore.studies.explanations import Explanations
    from rbfcore.studies.models import parse_model

    study = Explanations(
        model=parse_model(arguments.model),
        surfaces=surfaces_of(arguments),
        splits=arguments.splits,
        rows=rows_of(arguments),
        max_epochs=arguments.max_epochs,
        n_prototypes=arguments.prototypes,
        restarts=arguments.restarts,
        path=SIZES if arguments.sizes is None else tuple(arguments.sizes),
    )
    outcomes: dict[str, list[dict[str, Any]]] = {}
    for finished in run_study(study.cells(), arguments, "explanations"):
        outcomes.setdefault(finished.cell.settings["surface"], []).append(finished.outcome)
    if not outcomes:
        raise ValueError("no finished networks to report; leave --report out to compute them")
    return outcomes


def _statements(arguments: argparse.Namespace) -> int:
    _write_statements(folder_of(arguments), _explained(arguments), arguments.model)
    return 0


def _write_statements(folder: "Path", outcomes: dict[str, list[dict[str, Any]]], model: str) -> None:
    from rbfcore.storage.run_card import versions
    from rbfcore.studies.statements import report, text

    statements = text(outcomes)
    write_text(folder / "statements.md", statements)
    card = {
        "study": "statements",
        "model": model,
        "networks": {
            surface: [cell["network"] | {"rms_gap": cell["prototypes"]["rms_gap"]} for cell in cells]
            for surface, cells in outcomes.items()
        },
        "versions": versions(),
        **report(outcomes),
    }
    write_json(folder / "statements.json", card)
    print(statements, end="")


def _figure5(arguments: argparse.Namespace) -> int:
    from dashboard.figures.paper.figure5 import draw_figure5

    folder, outcomes = folder_of(arguments), _explained(arguments)
    for name, kind in (("figure5", "opacity"), ("figure5-gauge-free", "opacity_gauge_free")):
        draw_figure(folder, name, partial(draw_figure5, outcomes, kind=kind))
    _write_statements(folder, outcomes, arguments.model)
    return 0


def _figure3(arguments: argparse.Namespace) -> int:
    from dashboard.figures.paper.figure3 import draw_figure3
    from rbfcore.data.bundled import SURFACES
    from rbfcore.studies.cells import cards
    from rbfcore.studies.table1_text import table

    folder = folder_of(arguments)
    data = rows_of(arguments).fingerprints(SURFACES)
    finished = cards(folder, "table1-", data)
    if not finished:
        raise ValueError(
            f"no finished cells of table 1 on the present data in {folder}: run `rbfscope reproduce table1 -o {folder}`"
        )
    paths: dict[str, list[Any]] = {}
    for card in cards(folder, "explain-", data):
        if card.outcome["path"]:
            paths.setdefault(card.cell.settings["surface"], []).append(card.outcome["path"])
    table1 = table(finished)
    draw_figure(folder, "figure3", partial(draw_figure3, table1, paths))
    write_text(folder / "figure3.csv", table1.to_csv(index=False))
    return 0
