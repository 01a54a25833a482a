"""What one wants to know about a data set before training on it."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.lattice.codes import image_codes, site_codes
from rbfcore.lattice.named import lattice_environment

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet

_CODED_INPUTS = 62


def summarise(data: "DataSet") -> dict[str, Any]:
    """Counts and moments that JSON can hold.

    Returns:
        rows, inputs, coding, lattice, unit; mean, sd, min, max of y; families; duplicates: rows beyond the
        first of their input; conflicting_duplicates: rows whose input occurs with another response too;
        largest_conflict: the widest spread of responses to one input, in units of y. On a lattice also
        distinct_environments, symmetry_classes: how many of them are no image of each other under the symmetry of
            the jump, and symmetric_images: how many environments they and all their images make together.
    """
    order, starts = _same_inputs(data)
    y = data.y[order]
    spread = np.maximum.reduceat(y, starts) - np.minimum.reduceat(y, starts)
    size = np.diff(np.append(starts, len(y)))
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
        "families": len(data) if data.family is None else len(_distinct(data.family)),
        "duplicates": len(data) - len(starts),
        "conflicting_duplicates": int(size[spread > 0].sum()),
        "largest_conflict": float(spread.max()),
    }
    if data.lattice is not None:
        summary["distinct_environments"] = len(starts)
        classes, images = _count_images(site_codes(data.x[order[starts]] > 0), data.lattice)
        summary |= {"symmetry_classes": classes, "symmetric_images": images}
    return summary


def _count_images(codes: NDArray[np.int64], lattice: str) -> tuple[int, int]:
    """How many orbits these environments belong to, and how many environments those hold, each with its own size."""
    symmetry = lattice_environment(lattice).symmetry
    smallest = codes.copy()
    for permutation in symmetry[1:]:
        np.minimum(smallest, image_codes(codes, permutation), out=smallest)
    orbits = _distinct(smallest)
    # As many symmetries leave a member as it is as there are symmetries for each member of its orbit.
    unmoved = np.sum([image_codes(orbits, permutation) == orbits for permutation in symmetry], axis=0)
    return len(orbits), int((len(symmetry) // unmoved).sum())


def _distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """np.unique by sorting, several times faster than its hash table on millions of mostly distinct numbers."""
    ordered = np.sort(numbers)
    return np.asarray(ordered[np.append(True, ordered[1:] != ordered[:-1])])


def _same_inputs(data: "DataSet") -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows in an order that brings equal inputs together (N,), and where each new input starts in it."""
    if data.coding == "occupation" and data.n_inputs <= _CODED_INPUTS:
        codes = site_codes(data.x > 0)
        order = np.argsort(codes, kind="stable")
        differs = np.diff(codes[order]) != 0
    else:
        x = data.x + np.float32(0)  # -0 and 0 are the same input
        order = np.lexsort(x.T)
        differs = (np.diff(x[order], axis=0) != 0).any(1)
    return order, np.flatnonzero(np.append(True, differs))
