"""rbfscope reproduce: figures of the paper, computed anew."""

import argparse
import json
from pathlib import Path
from typing import Any


def add_parser(commands: Any) -> None:
    """Add `reproduce` to the console command."""
    parser = commands.add_parser("reproduce", help="make a figure of the paper anew (figure1)")
    parser.add_argument("what", choices=["figure1"])
    parser.add_argument("-o", "--output", default=".", metavar="FOLDER", help="where to write (default: here)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--method", help="pruning method (default: the fastest; adam is the paper's schedule)")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from dashboard.figures.figure1 import draw_figure1
    from rbfcore.files import replacing
    from rbfcore.studies.figure1 import figure1

    folder = Path(arguments.output)
    if not folder.is_dir():
        raise ValueError(f"the folder {folder} does not exist; create it first")
    study = figure1(seed=arguments.seed, method=arguments.method)
    for name, pruned in study.pruned.items():
        print(f"100 -> 3 centroids under {name}: loss {pruned.loss:.3g}")
    for kind in ("svg", "pdf"):
        with replacing(folder / f"figure1.{kind}") as temporary:
            draw_figure1(study, temporary)
        print(folder / f"figure1.{kind}")
    with replacing(folder / "figure1.json") as temporary:
        temporary.write_text(json.dumps(study.run_card(), indent=1) + "\n", encoding="utf-8")
    print(folder / "figure1.json")
    return 0
