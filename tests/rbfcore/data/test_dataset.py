"""Splits by family, summaries that count what is really there, and refusals at the door."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset

X = np.array([[1, -1], [1, -1], [-1, 1], [1, 1], [1, -1]], dtype=np.float32)
Y = np.array([1.0, 2.0, 3.0, 4.0, 1.0])
SMALL = DataSet("small", X, Y, ("a", "b"), "occupation")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=40, max_size=200), st.integers(0, 5))
def test_split_keeps_families_together_and_loses_no_row(families: list[int], seed: int) -> None:
    family = np.array(families)
    n = len(family)
    data = DataSet("f", np.arange(n, dtype=np.float32)[:, None], np.arange(n, dtype=float), ("x",), "real", "", family)
    try:
        parts = data.split(n // 2, n // 4, seed=seed)
    except ValueError:
        assert np.bincount(family).max() > n // 4  # only large families can leave a part empty
        return
    assert sorted(np.concatenate([part.y for part in parts]).tolist()) == list(range(n))
    seen = [set(np.asarray(part.family).tolist()) for part in parts]
    assert sum(map(len, seen)) == len(set().union(*seen))
    assert len(parts[0]) <= n // 2
    assert len(parts[1]) <= n // 4
    again = data.split(n // 2, n // 4, seed=seed)
    for part, same in zip(parts, again, strict=True):
        np.testing.assert_array_equal(part.y, same.y)


def test_split_sizes() -> None:
    data = DataSet("n", np.zeros((100, 1), np.float32), np.arange(100.0), ("x",), "real")
    assert [len(part) for part in data.split()] == [80, 10, 10]
    assert [len(part) for part in data.split(50, 20)] == [50, 20, 30]
    assert data.split(seed=1)[0].y.tolist() != data.split(seed=2)[0].y.tolist()


@pytest.mark.parametrize(("n_train", "n_validation"), [(0, 10), (50, 0), (90, 10), (200, 1)])
def test_impossible_splits_are_refused(n_train: int, n_validation: int) -> None:
    data = DataSet("n", np.zeros((100, 1), np.float32), np.arange(100.0), ("x",), "real")
    with pytest.raises(ValueError, match="cannot split 100 rows into"):
        data.split(n_train, n_validation)


def test_one_family_cannot_be_split() -> None:
    data = DataSet("n", np.zeros((9, 1), np.float32), np.arange(9.0), ("x",), "real", family=np.zeros(9, np.int64))
    with pytest.raises(ValueError, match="has only 1 families"):
        data.split(5, 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": X[:, 0]}, r"x must be \(N, D\)"),
        ({"x": X[:0], "y": Y[:0]}, "at least one row"),
        ({"y": Y[:3]}, r"y must be \(5,\): one response per row of x, got \(3,\)"),
        ({"site_names": ("a",)}, "expected 2 site names, one per column, got 1"),
        ({"family": np.zeros(2, np.int64)}, r"family must be \(5,\)"),
    ],
)
def test_shapes_are_checked(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(SMALL, **change)


@pytest.mark.parametrize("coding", ["occupation", "real"])
def test_summary_counts_duplicates_and_conflicts(coding: str) -> None:
    """Rows 1, 2 and 5 share an input, and their responses are 1, 2 and 1."""
    found = replace(SMALL, coding=coding).summary()
    expected = {
        "rows": 5,
        "inputs": 2,
        "families": 5,
        "mean": 2.2,
        "sd": float(np.std([1, 2, 3, 4, 1])),
        "min": 1.0,
        "max": 4.0,
        "duplicates": 2,
        "conflicting_duplicates": 3,
        "largest_conflict": 1.0,
        "lattice": None,
    }
    for key, value in expected.items():
        assert found[key] == pytest.approx(value), key
    assert json.loads(json.dumps(found)) == found


def test_minus_zero_is_zero_in_the_summary() -> None:
    data = DataSet("z", np.array([[0.0], [-0.0], [1.0]], dtype=np.float32), np.zeros(3), ("x",), "real")
    assert data.summary()["duplicates"] == 1
    assert data.summary()["conflicting_duplicates"] == 0


def test_summary_on_a_lattice_counts_symmetric_images() -> None:
    """Empty and full have one image; site 1 alone is its own image; site 2 and site 7 have two and four. The last row
    is an image of the one before."""
    occupied = np.zeros((6, 26))
    occupied[1] = 1
    occupied[2, 0] = occupied[3, 1] = occupied[4, 6] = occupied[5, 7] = 1
    data = DataSet(
        "s",
        (2 * occupied - 1).astype(np.float32),
        np.zeros(6),
        tuple(map(str, range(1, 27))),
        "occupation",
        lattice="fcc26",
    )
    found = data.summary()
    assert found["distinct_environments"] == 6
    assert found["symmetry_classes"] == 5
    assert found["symmetric_images"] == 1 + 1 + 1 + 2 + 4
    assert len(data.with_images()) == 9 + 4


def test_bundled_data_have_few_conflicts() -> None:
    """An environment that is its own reversal has two barriers, which differ by what 26 sites do not tell."""
    found = load_dataset("cu100").summary()
    assert found["rows"] == 178_310
    assert found["families"] == 89_155
    assert 0 < found["conflicting_duplicates"] < 0.002 * found["rows"]
    assert found["largest_conflict"] < 0.14


def test_images_need_a_lattice() -> None:
    with pytest.raises(ValueError, match="small has no symmetric images"):
        SMALL.with_images()
