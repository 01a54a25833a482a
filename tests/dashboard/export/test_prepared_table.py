"""The table for download: the same numbers as in memory, and old files make room."""

from pathlib import Path

import numpy as np
import pytest

import rbfcore as rc
from dashboard.export import prepared_table
from tests.dashboard.tiny import tiny_network


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(prepared_table, "FOLDER", tmp_path / "prepared")
    return tmp_path / "prepared"


def test_parts_make_the_table(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared_table, "_PART", 2**23)  # a table of 2^24 then comes in two parts
    network = tiny_network(3, 24)
    parts = prepared_table.prepare_table("n", network, "/base")
    assert [part.file_name for part in parts] == ["n-table-part1of2.npy", "n-table-part2of2.npy"]
    assert [part.start for part in parts] == [0, 2**23]
    loaded = np.concatenate([np.load(folder / Path(part.path).name.split("?")[0]) for part in parts])
    assert loaded.dtype == np.float32
    np.testing.assert_array_equal(loaded, rc.enumerate_binary(network))
    assert all(part.path.startswith("/base/app/static/prepared/") for part in parts)


def test_old_files_make_room(folder: Path) -> None:
    for _ in range(6):
        prepared_table.prepare_table("n", tiny_network(3, 5))
    assert len(list(folder.glob("*"))) == 4


def test_too_many_inputs(folder: Path) -> None:
    with pytest.raises(ValueError, match="at most 27"):
        prepared_table.prepare_table("n", tiny_network(3, 58))
    assert not folder.exists()
