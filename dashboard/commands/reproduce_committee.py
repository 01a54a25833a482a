"""rbfscope reproduce committee: whether the spread of ten networks says how wrong they are."""

import argparse
from functools import partial
from typing import Any

from dashboard.commands.study import (
    add_study_options,
    draw_figure,
    folder_of,
    rows_of,
    run_study,
    surfaces_of,
    write_json,
    write_text,
)


def add_parser(parts: Any) -> None:
    """Add `reproduce committee`."""
    parser = parts.add_parser("committee", help="a committee of networks of several splits, and how calibrated it is")
    add_study_options(parser, splits=10)
    parser.add_argument("--model", default="rbfn-1024-fast-tied", help="what its members are, named as in table1")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from dataclasses import asdict

    from dashboard.figures.paper.reliability import draw_reliability
    from rbfcore.storage.run_card import versions
    from rbfcore.studies.committee import Committee, calibrations, text
    from rbfcore.studies.models import parse_model

    folder = folder_of(arguments)
    study = Committee(
        model=parse_model(arguments.model),
        surfaces=surfaces_of(arguments),
        members=arguments.splits,
        rows=rows_of(arguments),
        max_epochs=arguments.max_epochs,
    )
    finished = run_study(study.cells(), arguments, "committee")
    by_surface = calibrations(finished)
    if not by_surface:
        raise ValueError("no surface has two finished members yet; leave --report out to compute them")
    draw_figure(folder, "committee", partial(draw_reliability, by_surface))
    write_text(folder / "committee.md", text(by_surface))
    card = {
        "study": "committee",
        "model": study.model.name,
        "seconds": round(sum(one.seconds for one in finished), 1),
        "versions": versions(),
        "surfaces": {surface: asdict(one) for surface, one in by_surface.items()},
    }
    write_json(folder / "committee.json", card)
    print(text(by_surface), end="")
    return 0
