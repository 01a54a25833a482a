"""Which environments of a data set lie nearest to a given one, up to symmetry, and how usual such a distance is."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rbfcore.data.dataset import DataSet
from rbfcore.lattice.codes import families, site_codes
from rbfcore.lattice.named import LATTICES, lattice_environment

MOST_INPUTS = 62  # bits of a code
_SAMPLE = 400  # environments whose own nearest neighbours tell what is usual


@dataclass(frozen=True, eq=False)
class Nearest:
    """Environments of a data set near a given one, nearest first, one per row of the data set.

    Attributes:
        row: (n,) rows of the data set.
        distance: (n,) sites that differ, in the image that fits best.
        image: (n,) which permutation of the symmetry takes the row to that image.
    """

    row: NDArray[np.int64]
    distance: NDArray[np.int64]
    image: NDArray[np.int64]


class Neighbours:
    """Occupations of a data set, ready to be searched.

    Args:
        data: -1/+1 inputs, at most 62. On a known lattice the images of a row under the symmetry of the jump count as
            the row itself; the way back does not, for it has another barrier.

    Raises:
        ValueError: other inputs.
    """

    def __init__(self, data: DataSet) -> None:
        if data.coding != "occupation" or data.n_inputs > MOST_INPUTS:
            raise ValueError(
                f"distances between environments need -1/+1 inputs, at most {MOST_INPUTS}; "
                f"{data.name} has {data.n_inputs} inputs coded {data.coding}"
            )
        self.data = data
        codes = site_codes(data.x > 0)
        known = data.lattice in LATTICES
        identity = np.arange(data.n_inputs)[None]
        self.symmetry = lattice_environment(str(data.lattice)).symmetry if known else identity
        self._codes = codes
        self._family = families(codes, str(data.lattice)) if known else codes

    def nearest(self, occupied: ArrayLike, count: int = 5) -> Nearest:
        """The nearest rows to one environment.

        Args:
            occupied: (D,) bool or 0/1.
            count: how many; of rows that are images of each other only the first.
        """
        distance, image = self._distances(self._images(occupied))
        order = np.argsort(distance, kind="stable")[: max(50, 20 * count)]
        _, first = np.unique(self._family[order] * 64 + distance[order], return_index=True)
        row = order[np.sort(first)][:count]
        return Nearest(row, distance[row].astype(np.int64), image[row].astype(np.int64))

    def distance(self, occupied: ArrayLike) -> int:
        """Sites by which one environment differs from the nearest of the data set, up to symmetry."""
        return int(self._distances(self._images(occupied))[0].min())

    def share_at_least(self, distance: int) -> float:
        """Share of the data set's environments whose nearest other one is at least this far away."""
        return float((self.typical_distances >= distance).mean())

    @cached_property
    def typical_distances(self) -> NDArray[np.int64]:
        """(n,) distances of a fixed sample of rows to the nearest row of another family, up to symmetry."""
        rows = np.random.default_rng(0).permutation(len(self._codes))[:_SAMPLE]
        fewest = np.empty(len(rows), dtype=np.int64)
        images = [self._images(self.data.x[row] > 0) for row in rows]
        for place, row in enumerate(rows):
            others = self._family != self._family[row]
            if not others.any():
                raise ValueError(f"{self.data.name} holds one environment only: there is no usual distance")
            codes = self._codes[others]
            fewest[place] = min(int(np.bitwise_count(codes ^ image).min()) for image in np.unique(images[place]))
        return fewest

    def _images(self, occupied: ArrayLike) -> NDArray[np.int64]:
        """(G,) codes of the environment as seen after each permutation's inverse: what rows are compared with."""
        row = np.asarray(occupied, dtype=bool)
        if row.shape != (self.data.n_inputs,):
            raise ValueError(f"the environment must be ({self.data.n_inputs},): one value per site, got {row.shape}")
        return site_codes(row[np.argsort(self.symmetry, axis=1)])

    def _distances(self, images: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """(N,) smallest distance and which image reaches it."""
        table = np.bitwise_count(self._codes ^ images[:, None])
        best = table.argmin(0)
        return table[best, np.arange(len(best))], best.astype(np.uint8)


def in_best_image(data: DataSet, neighbours: Neighbours, nearest: Nearest) -> NDArray[np.bool_]:
    """(n, D) the nearest rows in the image that fits best, filled = True."""
    return np.take_along_axis(data.x[nearest.row] > 0, neighbours.symmetry[nearest.image], axis=1)
