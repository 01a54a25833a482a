"""How far two data sets agree on the rows that both have, such as one set of barriers by two potentials."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbfcore.data.dataset import DataSet


@dataclass(frozen=True)
class Agreement:
    """Responses of a second data set against a first one, row by row.

    Attributes:
        shared: rows that both have.
        mean, sd: of second minus first, in units of y.
        rms: of the same differences.
        correlation: of the two responses; NaN where one of them does not vary.
    """

    shared: int
    mean: float
    sd: float
    rms: float
    correlation: float


def agreement(first: DataSet, second: DataSet) -> Agreement:
    """Compare the responses of equal rows. A row that comes several times in both is paired in order.

    Raises:
        ValueError: other inputs or another unit, or no row in common.
    """
    if first.n_inputs != second.n_inputs or first.coding != second.coding or first.unit != second.unit:
        raise ValueError(
            f"{first.name} has {first.n_inputs} {first.coding} inputs and unit {first.unit or 'none'}, {second.name} "
            f"{second.n_inputs} {second.coding} and {second.unit or 'none'}: only sets of one kind can be compared"
        )
    _, here, there = np.intersect1d(_keys(first), _keys(second), assume_unique=True, return_indices=True)
    if not len(here):
        raise ValueError(f"{first.name} and {second.name} have no row in common")
    y, z = first.y[here], second.y[there]
    gap = z - y
    varies = min(y.std(), z.std()) > 0
    return Agreement(
        shared=len(here),
        mean=float(gap.mean()),
        sd=float(gap.std()),
        rms=float(np.sqrt(np.mean(gap**2))),
        correlation=float(np.corrcoef(y, z)[0, 1]) if varies else float("nan"),
    )


def _keys(data: DataSet) -> NDArray[np.void]:
    """(N,) the bytes of each row, and how often it came before."""
    x = np.ascontiguousarray(data.x + np.float32(0))  # -0.0 is 0.0
    rows = x.view([("", "V4")] * data.n_inputs).ravel().view(f"V{4 * data.n_inputs}")
    _, which = np.unique(rows, return_inverse=True)
    order = np.argsort(which, kind="stable")
    first = np.searchsorted(which[order], which[order])
    before = np.empty(len(rows), dtype=np.int32)
    before[order] = np.arange(len(rows)) - first
    keys = np.empty(len(rows), dtype=[("row", rows.dtype), ("before", "<i4")])
    keys["row"], keys["before"] = rows, before
    return keys.view(f"V{keys.dtype.itemsize}").ravel()
