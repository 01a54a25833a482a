"""rbfscope reproduce table1: all models on all surfaces over random splits, beside the paper's table."""

import argparse
import json
from dataclasses import asdict
from typing import Any

from dashboard.commands.study import (
    add_study_options,
    folder_of,
    rows_of,
    run_study,
    surfaces_of,
    write_json,
    write_text,
)


def add_parser(parts: Any) -> None:
    """Add `reproduce table1`."""
    parser = parts.add_parser("table1", help="test errors of RBFNs, boosted trees, deep networks over ten splits")
    add_study_options(parser, splits=10)
    parser.add_argument(
        "--models",
        nargs="+",
        metavar="MODEL",
        help="names or patterns: ridge, xgboost, dnn, dnn-images, rbfn-K-RECIPE[-tied|-images], each also with +joint",
    )
    parser.add_argument("--trials", type=int, metavar="N", help="settings tried in the deep network's search")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from rbfcore.storage.run_card import versions
    from rbfcore.studies.models import chosen_models
    from rbfcore.studies.table1 import Table1
    from rbfcore.studies.table1_text import markdown, table, winners
    from rbfcore.training.dnn_search import SearchBudget

    folder = folder_of(arguments)
    budget = SearchBudget() if arguments.trials is None else SearchBudget(trials=arguments.trials)
    study = Table1(
        models=chosen_models(arguments.models),
        surfaces=surfaces_of(arguments),
        splits=arguments.splits,
        rows=rows_of(arguments),
        max_epochs=arguments.max_epochs,
        budget=budget,
    )
    searched = run_study(study.searches(), arguments, "search")
    cells = study.cells(searched)
    finished = run_study(cells, arguments, "table 1")
    table1 = table(finished)
    verdict = winners(finished)
    write_text(folder / "table1.csv", table1.to_csv(index=False))
    write_text(folder / "table1.md", markdown(table1) + "\n" + "\n".join(verdict) + "\n")
    card = {
        "study": "table1",
        "cells": {"finished": len(finished), "of": len(cells)},
        "splits": study.splits,
        "rows": asdict(study.rows),
        "data": {name: value for cell in cells for name, value in cell.data.items()},
        "search": {one.cell.name: {"budget": one.cell.settings["budget"], **one.outcome} for one in searched},
        "seconds": round(sum(one.seconds for one in [*searched, *finished]), 1),
        "versions": versions(),
        "winners": verdict,
        # through text, because JSON has no NaN: figures that do not exist become null
        "table": json.loads(table1.to_json(orient="records")),
    }
    write_json(folder / "table1.json", card)
    print("\n".join(verdict))
    return 0
