"""How good a predictor is on test rows: as stored, on their symmetric images, averaged over them, and reversed."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rbfcore.data.dataset import DataSet
from rbfcore.lattice.codes import distinct_images, image_codes, site_codes
from rbfcore.lattice.named import lattice_environment

Predictor = Callable[[NDArray[np.float32]], NDArray[np.floating]]


def scores(predict: Predictor, test: DataSet) -> dict[str, float]:
    """Root mean squared errors in units of y.

    Args:
        predict: (N, D) -> (N,).
        test: rows of a lattice, or of any other table, for which only the first figure exists.

    Returns:
        test_rmse: on the rows as stored.
        images_rmse: on all their distinct symmetric images, which have the same response.
        averaged_rmse: of the mean prediction over the images of a row. For a network this is the network that
            `rbfcore.symmetrize` makes.
        reversal_rmse: of f(x) - f(x reversed) against the difference of the responses, which for barriers is
            E_final - E_initial; over pairs of a row and its reversal that are both tested. Left out without pairs.
    """
    if test.lattice is None:
        return {"test_rmse": rmse(predict(test.x), test.y)}
    symmetry = lattice_environment(test.lattice).symmetry
    each = np.stack([np.asarray(predict(test.x[:, image]), dtype=np.float64) for image in symmetry])  # (G, N)
    row, image = distinct_images(site_codes(test.x > 0), test.lattice)
    errors = {
        "test_rmse": rmse(each[0], test.y),
        "images_rmse": rmse(each[image, row], test.y[row]),
        "averaged_rmse": rmse(each.mean(0), test.y),
    }
    first, second = reversed_pairs(test)
    if len(first):
        errors["reversal_rmse"] = rmse(each[0][first] - each[0][second], test.y[first] - test.y[second])
    return errors


def reversed_pairs(data: DataSet) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row numbers (n,), (n,) of rows and of their reversals, where both are in the data; each pair once.

    Rows that are their own reversal say nothing and are left out.
    """
    if data.lattice is None:
        raise ValueError(f"{data.name} has no reversed rows: its inputs are no known lattice sites")
    codes = site_codes(data.x > 0)
    turned = image_codes(codes, lattice_environment(data.lattice).reverse[0])
    order = np.argsort(codes, kind="stable")
    place = np.minimum(np.searchsorted(codes, turned, sorter=order), len(codes) - 1)
    partner = order[place]
    first = np.flatnonzero((codes[partner] == turned) & (codes < turned))
    return first, partner[first]


def rmse(predicted: NDArray[np.floating], y: NDArray[np.floating]) -> float:
    """Root mean squared difference, in float64."""
    return float(np.sqrt(np.mean(np.square(np.asarray(predicted, dtype=np.float64) - y))))
