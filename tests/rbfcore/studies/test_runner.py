"""Studies resume: finished cells are kept, missing, damaged and outdated ones are computed again."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from rbfcore.studies.cells import Cell, cards, cell_path, stored
from rbfcore.studies.models import parse_model
from rbfcore.studies.runner import finished_cells, run_cells
from rbfcore.studies.surfaces import Rows
from rbfcore.studies.table1 import Table1

CALLS: list[int] = []


@pytest.fixture(autouse=True)
def counted() -> Iterator[None]:
    """A task that counts its calls, importable by name."""

    def square(settings: dict[str, Any], folder: Path) -> dict[str, Any]:
        assert folder.is_dir()
        CALLS.append(settings["number"])
        if settings["number"] < 0:
            raise ValueError("no root of a negative number")
        return {"square": settings["number"] ** 2 if settings["number"] < 100 else float("nan")}

    module = ModuleType("counted_task")
    module.square = square  # type: ignore[attr-defined]
    sys.modules["counted_task"] = module
    CALLS.clear()
    yield
    del sys.modules["counted_task"]


def cells(*numbers: int) -> list[Cell]:
    return [Cell(f"square-{n}", "counted_task:square", {"number": n}, {"set": "abc"}) for n in numbers]


def run(wanted: list[Cell], folder: Path) -> list[int]:
    """The numbers that were computed."""
    CALLS.clear()
    *_, last = run_cells(wanted, folder)
    assert (last.done, last.total) == (len(wanted), len(wanted))
    assert last.seconds_left == pytest.approx(0, abs=1e-6)
    return list(CALLS)


def test_finished_cells_are_not_computed_again(tmp_path: Path) -> None:
    assert run(cells(1, 2, 3), tmp_path) == [1, 2, 3]
    assert run(cells(1, 2, 3), tmp_path) == []
    assert run(cells(1, 2, 3, 4), tmp_path) == [4]
    assert [one.outcome["square"] for one in finished_cells(cells(1, 2, 3, 4), tmp_path)] == [1, 4, 9, 16]


def test_an_interrupted_study_goes_on_where_it_stopped(tmp_path: Path) -> None:
    steps = run_cells(cells(1, 2, 3), tmp_path)
    next(steps)
    assert next(steps).done == 1
    steps.close()  # type: ignore[attr-defined]
    assert run(cells(1, 2, 3), tmp_path) == [2, 3]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_text(path.read_text()[:-20]),
        lambda path: path.write_text("[]"),
        lambda path: path.write_text(path.read_text().replace('"outcome"', '"other"')),
        lambda path: path.write_bytes(b"\xff\xfe"),
    ],
)
def test_missing_and_damaged_cells_are_computed_again(tmp_path: Path, damage: Any) -> None:
    run(cells(1, 2, 3), tmp_path)
    damage(cell_path(tmp_path, cells(2)[0]))
    assert stored(tmp_path, cells(2)[0]) is None
    assert run(cells(1, 2, 3), tmp_path) == [2]


def test_other_data_or_settings_are_computed_again(tmp_path: Path) -> None:
    run(cells(1, 2), tmp_path)
    assert run([replace(cells(1)[0], data={"set": "other"}), *cells(2)], tmp_path) == [1]
    assert run([replace(cells(2)[0], settings={"number": 2, "more": 1})], tmp_path) == [2]
    assert [one.cell.name for one in cards(tmp_path, "square-", {"set": "abc"})] == ["square-2"]


def test_a_cell_that_fails_leaves_the_others(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="negative"):
        list(run_cells(cells(1, -2, 3), tmp_path))
    assert [one.cell.name for one in finished_cells(cells(1, -2, 3), tmp_path)] == ["square-1"]


def test_an_outcome_that_json_cannot_hold_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        list(run_cells(cells(100), tmp_path))
    assert stored(tmp_path, cells(100)[0]) is None
    assert not list(tmp_path.rglob("*.json"))


def test_a_cell_leaves_a_run_card(tmp_path: Path) -> None:
    run(cells(3), tmp_path)
    card = json.loads(cell_path(tmp_path, cells(3)[0]).read_text())
    assert (card["settings"], card["data"], card["outcome"]) == ({"number": 3}, {"set": "abc"}, {"square": 9})
    assert card["seconds"] >= 0
    assert {"python", "torch", "numpy"} <= set(card["versions"])


def test_bad_studies_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="workers must be >= 1"):
        next(run_cells(cells(1), tmp_path, 0))
    with pytest.raises(ValueError, match="different names, got twice: square-1"):
        next(run_cells(cells(1, 1), tmp_path))
    with pytest.raises(ValueError, match="does not exist"):
        next(run_cells(cells(1), tmp_path / "nowhere"))
    with pytest.raises(ValueError, match="name may hold"):
        Cell("../x", "a:b", {})


def test_two_workers_find_what_one_finds(tmp_path: Path) -> None:
    pytest.importorskip("joblib")
    study = Table1([parse_model("ridge")], ("100",), splits=3, rows=Rows(limit=150)).cells([])
    outcomes = []
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        folder.mkdir()
        assert [step.done for step in run_cells(study, folder, workers)] == [0, 1, 2, 3]
        outcomes.append([one.outcome["surfaces"] for one in finished_cells(study, folder)])
    assert outcomes[0] == outcomes[1]
