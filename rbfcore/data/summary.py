"""What one wants to know about a data set before training on it."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.data.families import image_codes, lattice_environment, site_codes

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet

_CODED_INPUTS = 62


def summarise(data: "DataSet") -> dict[str, Any]:
    """Counts and moments that JSON can hold.

    Returns:
        rows, inputs, coding, lattice, unit; mean, sd, min, max of y; families; duplicates: rows beyond the
        first of their input; conflicting_duplicates: rows whose input occurs with another response too;
        largest_conflict: the widest spread of responses to one input, in units of y. On a lattice also
        distinct_environments and
        symmetric_images: how many environments they and their images under the symmetry of the jump make
            together.
    """
    group, first = _groups(data)
    n_groups = len(first)
    low, high = np.full(n_groups, np.inf), np.full(n_groups, -np.inf)
    np.minimum.at(low, group, data.y)
    np.maximum.at(high, group, data.y)
    spread = high - low
    summary: dict[str, Any] = {
        "rows": len(data),
        "inputs": data.n_inputs,
        "coding": data.coding,
        "lattice": data.lattice,
        "unit": data.unit,
        "mean": float(data.y.mean()),
        "sd": float(data.y.std()),
        "min": float(data.y.min()),
        "max": float(data.y.max()),
        "families": len(data) if data.family is None else len(np.unique(data.family)),
        "duplicates": len(data) - n_groups,
        "conflicting_duplicates": int((spread[group] > 0).sum()),
        "largest_conflict": float(spread.max()),
    }
    if data.lattice is not None:
        codes = site_codes(data.x[first] > 0)
        images = [image_codes(codes, image) for image in lattice_environment(data.lattice).symmetry]
        summary["distinct_environments"] = n_groups
        summary["symmetric_images"] = len(np.unique(np.concatenate(images)))
    return summary


def _groups(data: "DataSet") -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which rows have the same input: (N,) group of each row, (n_groups,) a row of each group."""
    if data.coding == "occupation" and data.n_inputs <= _CODED_INPUTS:
        keys: NDArray[Any] = site_codes(data.x > 0)
    else:
        plain = np.ascontiguousarray(data.x + np.float32(0))  # -0 and 0 are the same input
        keys = plain.view(np.dtype((np.void, plain.dtype.itemsize * data.n_inputs))).ravel()
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    return group, first
