"""What the commands that run a study share: their options, progress on the terminal, and writing what came out."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rbfcore.studies.cells import Cell, Finished
    from rbfcore.studies.surfaces import Rows


def add_study_options(parser: Any, *, splits: int) -> None:
    """Options of a study: where, which rows, how many splits and workers.

    Args:
        splits: the default number of splits.
    """
    add_folder_option(parser)
    parser.add_argument("--splits", type=int, default=splits, help=f"random splits by family (default {splits})")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes, one core each")
    add_surface_option(parser)
    add_rows_options(parser)
    parser.add_argument("--n-train", type=int, metavar="N", help="rows to train on (default: 80 %%)")
    parser.add_argument("--n-validation", type=int, metavar="N", help="rows for early stopping (default: 10 %%)")
    parser.add_argument("--n-test", type=int, metavar="N", help="rows to test on (default: all others)")
    parser.add_argument("--max-epochs", type=int, metavar="N", help="shorter training of networks, for trying out")
    parser.add_argument("--report", action="store_true", help="compute nothing; report what is finished in FOLDER")


def add_rows_options(parser: Any) -> None:
    """--target, --archive and --limit: which rows."""
    parser.add_argument("--target", choices=["tethered", "tethered_pure", "free"], help="which barriers")
    parser.add_argument("--archive", metavar="TGZ", help="the published archive, instead of the bundled sets")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N environments of a surface, for trying out")


def add_folder_option(parser: Any) -> None:
    """-o FOLDER."""
    parser.add_argument(
        "-o", "--output", default=".", metavar="FOLDER", help="where cells and results go; run again to go on"
    )


def add_surface_option(parser: Any) -> None:
    """--surface, to be repeated."""
    parser.add_argument(
        "--surface", choices=["100", "110", "111"], action="append", help="only this one (repeat for more)"
    )


def folder_of(arguments: argparse.Namespace) -> Path:
    """The output folder.

    Raises:
        ValueError: it does not exist.
    """
    folder = Path(arguments.output)
    if not folder.is_dir():
        raise ValueError(f"the folder {folder} does not exist; create it first")
    return folder


def surfaces_of(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The surfaces asked for, all by default."""
    from rbfcore.data.bundled import SURFACES

    return tuple(dict.fromkeys(arguments.surface or SURFACES))


def rows_of(arguments: argparse.Namespace) -> "Rows":
    """The rows asked for."""
    from rbfcore.studies.surfaces import Rows

    sizes = {name: getattr(arguments, name, None) for name in ("n_train", "n_validation", "n_test")}
    return Rows(target=arguments.target, limit=arguments.limit, archive=arguments.archive, **sizes)


def run_study(cells: "Sequence[Cell]", arguments: argparse.Namespace, title: str) -> "list[Finished]":
    """Compute what is not finished, with progress on a terminal, and return the finished cells in order."""
    from rbfcore.studies.runner import finished_cells, run_cells

    folder = folder_of(arguments)
    if not arguments.report:
        for progress in run_cells(cells, folder, arguments.workers):
            left = "" if progress.seconds_left is None else f", {_duration(progress.seconds_left)} left"
            latest = "" if progress.latest is None else f"  {progress.latest.cell.name}"
            if sys.stderr.isatty():
                print(f"\r\x1b[K{title}: {progress.done}/{progress.total} cells{left}{latest}", end="", file=sys.stderr)
                sys.stderr.flush()
        if sys.stderr.isatty():
            print(file=sys.stderr)
    return finished_cells(cells, folder)


def draw_figure(folder: Path, name: str, draw: "Callable[[Path], None]") -> None:
    """Draw NAME.svg and NAME.pdf and say so."""
    from rbfcore.storage.files import replacing

    for kind in ("svg", "pdf"):
        with replacing(folder / f"{name}.{kind}") as temporary:
            draw(temporary)
        print(folder / f"{name}.{kind}")


def write_text(path: Path, text: str) -> None:
    """Write a file whole and say so."""
    from rbfcore.storage.files import replacing

    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    print(path)


def write_json(path: Path, content: Any) -> None:
    """Write JSON and say so."""
    write_text(path, json.dumps(content, indent=1) + "\n")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
