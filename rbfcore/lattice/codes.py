"""Named lattices of a data set, and the family numbers that keep symmetric images on one side of a split."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.lattice import Environment, environment

# Names a data set can carry -> arguments of `rbfcore.lattice.environment`.
LATTICES = {
    "fcc18": ("fcc", 1),
    "fcc26": ("fcc", 2),
    "fcc58": ("fcc", 3),
    "bcc14": ("bcc", 1),
    "bcc20": ("bcc", 2),
    "bcc38": ("bcc", 3),
}
_TABLE_BITS = 13  # two tables of 2^13 entries serve 26 sites
_BLOCK = 1 << 20


def lattice_environment(name: str) -> Environment:
    """The sites of a named lattice, e.g. "fcc26".

    Raises:
        ValueError: the name is unknown.
    """
    if name not in LATTICES:
        raise ValueError(f"unknown lattice {name!r}: expected one of {', '.join(LATTICES)}")
    return environment(*LATTICES[name])


def site_codes(occupied: NDArray[Any]) -> NDArray[np.int64]:
    """(N, D <= 62) bool or 0/1 -> (N,): bit d, least significant first, is site d."""
    codes = np.zeros(len(occupied), dtype=np.int64)
    for site, column in enumerate(np.asarray(occupied).T):
        codes |= column.astype(np.int64) << site
    return codes


def image_codes(codes: NDArray[np.int64], permutation: NDArray[np.int64]) -> NDArray[np.int64]:
    """Codes of x[:, permutation] from the codes of x: table look-ups instead of moving columns."""
    result = np.zeros_like(codes)
    target = np.argsort(permutation)  # site `permutation[d]` of x becomes site d
    for first in range(0, len(permutation), _TABLE_BITS):
        moved = target[first : first + _TABLE_BITS]
        chunk = np.arange(1 << len(moved), dtype=np.int64)
        table = np.zeros_like(chunk)
        for bit, place in enumerate(moved):
            table |= (chunk >> bit & 1) << place
        result |= table[codes >> first & (len(chunk) - 1)]
    return result


def distinct_images(codes: NDArray[np.int64], lattice: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which images each row has under the symmetry of the jump: rows (n,) and permutations (n,), each image
    once.

    Rows come first as they are (permutation 0, the identity), then their images.
    """
    found = [codes]
    rows, images = [np.arange(len(codes))], [np.zeros(len(codes), dtype=np.int64)]
    for number, permutation in enumerate(lattice_environment(lattice).symmetry[1:], 1):
        image = image_codes(codes, permutation)
        new = np.flatnonzero(np.all([image != seen for seen in found], axis=0))
        found.append(image)
        rows.append(new)
        images.append(np.full(len(new), number))
    return np.concatenate(rows), np.concatenate(images)


def families(codes: NDArray[np.int64], lattice: str) -> NDArray[np.int64]:
    """The smallest code among all images of each row under the symmetries of the jump and its reversal.

    The same numbers as `rbfcore.lattice.canonical_codes` with symmetry and reverse stacked, fast enough for
    millions of rows.

    Args:
        codes: (N,) from `site_codes`.
        lattice: a name of `LATTICES`.
    """
    sites = lattice_environment(lattice)
    images = np.concatenate([sites.symmetry, sites.reverse])
    smallest = codes.copy()
    for start in range(0, len(codes), _BLOCK):
        block, best = codes[start : start + _BLOCK], smallest[start : start + _BLOCK]
        for image in images[1:]:
            np.minimum(best, image_codes(block, image), out=best)
    return smallest
