"""What is written comes back the same, in every format."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset
from rbfcore.data.toy import toy_dataset
from rbfcore.data.write import write_dataset

ENDINGS = ("csv", "parquet", "npz")
BARRIERS = load_dataset("cu111", limit=200)
REAL = DataSet(
    "real",
    np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32),
    np.random.default_rng(1).normal(size=50),
    ("length", "angle", "a, b", "naïve"),
    "real",
    family=np.arange(50) // 3,
    provenance={"title": "made up", "nested": {"list": [1, 2.5, None]}},
)


def assert_same(found: DataSet, expected: DataSet) -> None:
    np.testing.assert_array_equal(found.x, expected.x)
    np.testing.assert_array_equal(found.y, expected.y)
    assert found.site_names == expected.site_names
    assert (found.coding, found.unit, found.lattice) == (expected.coding, expected.unit, expected.lattice)
    if expected.family is None:
        assert found.family is None
    else:
        np.testing.assert_array_equal(found.family, expected.family)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("data", [BARRIERS, REAL, toy_dataset(30)], ids=["barriers", "real", "toy"])
def test_round_trip(ending: str, data: DataSet, tmp_path: Path) -> None:
    path = tmp_path / f"{data.name}.{ending}"
    write_dataset(data, path)
    found = load_dataset(path)
    assert_same(found, data)
    assert found.name == data.name
    assert sorted(tmp_path.iterdir()) == [path]
    if ending != "csv":
        told = {key: value for key, value in data.provenance.items() if key not in ("file", "sha256")}
        assert told.items() <= found.provenance.items()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=3, max_size=8),
    response=st.floats(allow_nan=False, allow_infinity=False),
)
def test_csv_keeps_every_digit(values: list[float], response: float, tmp_path: Path) -> None:
    x = np.array([values, values[::-1]], dtype=np.float32).T
    data = DataSet("digits", x, np.full(len(x), response), ("p", "q"), "real")
    write_dataset(data, tmp_path / "digits.csv")
    found = load_dataset(tmp_path / "digits.csv")
    np.testing.assert_array_equal(found.x > 0, x > 0)
    np.testing.assert_array_equal(found.y, data.y)
    if found.coding == "real":
        np.testing.assert_array_equal(found.x, x)


def test_csv_is_zeros_and_ones_with_names(tmp_path: Path) -> None:
    write_dataset(BARRIERS, tmp_path / "b.csv")
    table = pd.read_csv(tmp_path / "b.csv")
    assert list(table.columns) == [str(site) for site in range(1, 27)] + ["barrier_eV"]
    assert set(np.unique(table.iloc[:, :26])) == {0, 1}


def test_npz_says_where_it_comes_from(tmp_path: Path) -> None:
    write_dataset(BARRIERS, tmp_path / "b.npz")
    with np.load(tmp_path / "b.npz", allow_pickle=False) as file:
        assert json.loads(str(file["provenance"]))["potential"] == "Mishin EAM1 for Cu, closed form"
        assert file["x"].dtype == np.int8


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.26d"])
def test_other_endings_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"its name must end in \.csv, \.parquet, \.npz"):
        write_dataset(BARRIERS, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not exist; create it first"):
        write_dataset(BARRIERS, tmp_path / "nowhere" / "out.csv")


@pytest.mark.parametrize("name", ["y", "family"])
def test_a_colliding_name_is_refused_and_nothing_is_left(name: str, tmp_path: Path) -> None:
    data = replace(REAL, site_names=("a", "b", "c", name))
    with pytest.raises(ValueError, match=f"an input is called {name}"):
        write_dataset(data, tmp_path / "out.csv")
    assert not list(tmp_path.iterdir())
    write_dataset(data, tmp_path / "out.npz")
    assert_same(load_dataset(tmp_path / "out.npz"), data)
