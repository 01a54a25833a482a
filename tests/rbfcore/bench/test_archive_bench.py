"""The archive bench writes the published form and reads back every row of it, in bounded memory."""

import tarfile
from pathlib import Path

import numpy as np
import pytest

from rbfcore.bench import archive
from rbfcore.bench.archive import read_back, write_archive
from rbfcore.data.load import load_dataset


def test_lists_are_written_and_read_in_full(tmp_path: Path) -> None:
    path = tmp_path / "made.tgz"
    counts = {"100": 500, "111": 70_000}  # more rows than a block of the writer
    means = write_archive(path, counts)
    with tarfile.open(path) as file:
        text = file.extractfile("Cu_ANN_processed/barriers/Cu_20170906_100.26d")
        assert text is not None
        table = np.loadtxt(text)  # numpy's reader, not ours
    assert table.shape == (500, 27)
    assert set(np.unique(table[:, :26])) == {0.0, 1.0}
    assert means["100"] == pytest.approx(table[:, 26].mean(), abs=1e-12)
    data = load_dataset(path, surface="100")
    np.testing.assert_array_equal(data.x, 2 * table[:, :26] - 1)
    np.testing.assert_allclose(data.y, table[:, 26], atol=1e-12)
    found = read_back(path, "111", counts["111"], means["111"])
    assert found["rows"] == counts["111"]
    assert found["peak_gb"] < 1
    with pytest.raises(ValueError, match="70001 of mean"):
        read_back(path, "111", counts["111"] + 1, means["111"])


def test_the_published_sizes_are_those_of_the_paper() -> None:
    assert sum(archive.PUBLISHED_ROWS.values()) == 11_652_085
