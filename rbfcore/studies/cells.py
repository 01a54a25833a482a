"""A study as a list of independent cells, each of which leaves one file when it is done."""

import json
import re
import time
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from rbfcore.storage.files import replacing
from rbfcore.storage.run_card import versions

_FOLDER = "cells"


@dataclass(frozen=True)
class Cell:
    """One piece of work of a study.

    Attributes:
        name: of its file; letters, digits and -+_. only.
        task: "module:function" with function(settings, folder) -> outcome, values that JSON can hold.
        settings: everything that decides the outcome besides the data, values that JSON can hold.
        data: names of the data sets it uses -> their fingerprints.
        cost: expected work in any unit, for the time left.
    """

    name: str
    task: str
    settings: dict[str, Any]
    data: dict[str, str] = field(default_factory=dict)
    cost: float = 1.0

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9+_.-]+", self.name):
            raise ValueError(f"a cell's name may hold letters, digits and -+_. only, got {self.name!r}")

    def identity(self) -> dict[str, Any]:
        """What must be equal for a stored outcome to count as this cell's, as JSON gives it back."""
        same: dict[str, Any] = json.loads(
            json.dumps({"task": self.task, "settings": self.settings, "data": self.data}, sort_keys=True)
        )
        return same


@dataclass(frozen=True)
class Finished:
    """A cell with its outcome and the seconds it took."""

    cell: Cell
    outcome: dict[str, Any]
    seconds: float


def cell_path(folder: Path, cell: Cell) -> Path:
    """Where a study in `folder` keeps this cell."""
    return folder / _FOLDER / f"{cell.name}.json"


def stored(folder: Path, cell: Cell) -> Finished | None:
    """The finished cell, or None when its file is missing, damaged, or of other settings or data."""
    try:
        card = json.loads(cell_path(folder, cell).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(card, dict) or not isinstance(card.get("outcome"), dict):
        return None
    if {name: card.get(name) for name in ("task", "settings", "data")} != cell.identity():
        return None
    return Finished(cell, card["outcome"], float(card.get("seconds", 0.0)))


def compute(folder: Path, cell: Cell) -> Finished:
    """Do the work of a cell on one core and write its file: the run card with the outcome.

    Raises:
        ValueError: the outcome holds something that JSON cannot, such as NaN; and what the task itself raises.
    """
    from rbfcore.numerics.threads import one_core

    module, function = cell.task.split(":")
    started = time.perf_counter()
    with one_core():
        outcome = getattr(import_module(module), function)(cell.settings, folder)
    seconds = time.perf_counter() - started
    card = {"cell": cell.name, **cell.identity(), "versions": versions(), "seconds": round(seconds, 2)}
    text = json.dumps(card | {"outcome": outcome}, indent=1, allow_nan=False)
    path = cell_path(folder, cell)
    path.parent.mkdir(exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")
    return Finished(cell, json.loads(text)["outcome"], seconds)


def cards(folder: Path, prefix: str, data: dict[str, str]) -> list[Finished]:
    """Finished cells of a folder whose names begin with `prefix`, of whatever settings, sorted by name.

    Args:
        data: name -> fingerprint of the data as they are now; cells of other data are left out.
    """
    finished = []
    for path in sorted((folder / _FOLDER).glob(f"{prefix}*.json")):
        try:
            card = json.loads(path.read_text(encoding="utf-8"))
            cell = Cell(card["cell"], card["task"], card["settings"], card["data"])
            outcome, seconds = dict(card["outcome"]), float(card["seconds"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if all(data.get(name) == fingerprint for name, fingerprint in cell.data.items()):
            finished.append(Finished(cell, outcome, seconds))
    return finished
