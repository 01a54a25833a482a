"""Agreement of two data sets, against a dictionary of rows."""

from dataclasses import replace

import numpy as np
import pytest

from rbfcore.data.agreement import agreement
from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset


def made(x: list[list[float]], y: list[float]) -> DataSet:
    return DataSet("made", np.array(x, dtype=np.float32), np.array(y), ("a", "b"), "real", "eV")


def test_equal_rows_are_paired_in_order_and_others_left_out() -> None:
    first = made([[0, 1], [1, 1], [0, 1], [5, 5]], [1.0, 2.0, 3.0, 9.0])
    second = made([[7, 7], [0, 1], [-0.0, 1], [1, 1], [0, 1]], [0.0, 1.5, 3.5, 1.0, 8.0])
    found = agreement(first, second)
    gaps = np.array([0.5, 0.5, -1.0])  # (0, 1) twice in order, (1, 1); the third (0, 1) has no partner
    assert found.shared == 3
    assert found.mean == pytest.approx(gaps.mean())
    assert found.sd == pytest.approx(gaps.std())
    assert found.rms == pytest.approx(np.sqrt((gaps**2).mean()))
    assert found.correlation == pytest.approx(np.corrcoef([1, 3, 2], [1.5, 3.5, 1])[0, 1])


def test_two_potentials_against_a_plain_loop() -> None:
    first, second = load_dataset("cu111"), load_dataset("cu111-emt")
    known: dict[bytes, list[float]] = {}
    for row, value in zip(first.x, first.y, strict=True):
        known.setdefault(row.tobytes(), []).append(value)
    gaps = [
        value - queue.pop(0)
        for row, value in zip(second.x, second.y, strict=True)
        if (queue := known.get(row.tobytes()))
    ]
    found = agreement(first, second)
    assert found.shared == len(gaps) > 10_000
    assert found.rms == pytest.approx(float(np.sqrt(np.mean(np.square(gaps)))))
    assert found.correlation > 0.9  # both are copper


def test_refuses_what_cannot_be_compared() -> None:
    first = made([[0, 1]], [1.0])
    with pytest.raises(ValueError, match="no row in common"):
        agreement(first, made([[2, 2]], [1.0]))
    with pytest.raises(ValueError, match="only sets of one kind"):
        agreement(first, replace(first, unit="K"))
