"""rbfscope reproduce: figures and tables of the paper, computed anew."""

import argparse
from functools import partial
from importlib import import_module
from typing import Any

from dashboard.commands.study import add_folder_option, draw_figure, folder_of, write_json

# Modules that add a part each.
_PARTS = (
    "dashboard.commands.reproduce_table1",
    "dashboard.commands.reproduce_figures",
    "dashboard.commands.reproduce_sites",
    "dashboard.commands.reproduce_committee",
)


def add_parser(commands: Any) -> None:
    """Add `reproduce` to the console command."""
    parser = commands.add_parser("reproduce", help="make a figure or table of the paper anew")
    parts = parser.add_subparsers(title="what", metavar="WHAT", required=True)
    _add_figure1(parts)
    for module in _PARTS:
        import_module(module).add_parser(parts)


def _add_figure1(parts: Any) -> None:
    parser = parts.add_parser("figure1", help="the toy problem: 100 centroids pruned to 3 under two distributions")
    add_folder_option(parser)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--method", help="pruning method (default: the fastest; adam is the paper's schedule)")
    parser.set_defaults(run=_figure1)


def _figure1(arguments: argparse.Namespace) -> int:
    from dashboard.figures.paper.figure1 import draw_figure1
    from rbfcore.studies.figure1 import figure1

    folder = folder_of(arguments)
    study = figure1(seed=arguments.seed, method=arguments.method)
    for name, pruned in study.pruned.items():
        print(f"100 -> 3 centroids under {name}: loss {pruned.loss:.3g}")
    draw_figure(folder, "figure1", partial(draw_figure1, study))
    write_json(folder / "figure1.json", study.run_card())
    return 0
