"""Environments as whole numbers, and the family numbers that keep symmetric images on one side of a split.

Bit d (least significant first) of a code says whether site d + 1 is filled: the code is the environment's row in the
table of all environments.
"""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rbfcore.lattice.named import lattice_environment

MOST_SITES = 62  # bits of a code in an array
_TABLE_BITS = 13  # two tables of 2^13 entries serve 26 sites
_BLOCK = 1 << 20


def code_of(filled: Iterable[object]) -> int:
    """The code of one environment of any number of sites."""
    return sum(1 << site for site, full in enumerate(filled) if full)


def filled_of(code: int, n_sites: int) -> NDArray[np.bool_]:
    """(D,) which sites are filled."""
    return np.array([bool(code >> site & 1) for site in range(n_sites)])


def read_code(text: str, n_sites: int) -> int:
    """An environment as typed.

    Args:
        text: the number of its row in the table of all environments (decimal, or hexadecimal with 0x), or one 0 or 1
            for every site, site 1 first; spaces do not matter.

    Raises:
        ValueError: neither, or a number beyond the table.
    """
    plain = re.sub(r"[\s_,]", "", text)
    if len(plain) == n_sites and set(plain) <= {"0", "1"}:
        return code_of(sign == "1" for sign in plain)
    try:
        code = int(plain, 16) if plain.lower().startswith("0x") else int(plain)
    except ValueError:
        code = -1
    if not 0 <= code < 1 << n_sites:
        raise ValueError(
            f"an environment is a whole number from 0 to {(1 << n_sites) - 1} or {n_sites} zeros and ones, got "
            f"{text[:60]!r}: copy it from the address of another view, or click the sites"
        )
    return code


def site_codes(occupied: NDArray[Any]) -> NDArray[np.int64]:
    """(N, D <= 62) bool or 0/1 -> (N,) codes."""
    codes = np.zeros(len(occupied), dtype=np.int64)
    for site, column in enumerate(np.asarray(occupied).T):
        codes |= column.astype(np.int64) << site
    return codes


def rows_of(codes: NDArray[np.integer], n_sites: int) -> NDArray[np.uint8]:
    """(N,) codes -> (N, D) of 0 and 1."""
    return (np.asarray(codes, dtype=np.int64)[:, None] >> np.arange(n_sites) & 1).astype(np.uint8)


def neighbour_codes(codes: NDArray[np.int64], n_sites: int) -> NDArray[np.int64]:
    """(N,) codes -> (N, D): each with one site filled or emptied."""
    return codes[:, None] ^ (1 << np.arange(n_sites, dtype=np.int64))


def canonical_codes(occupied: ArrayLike, images: NDArray[np.int64]) -> NDArray[np.int64]:
    """The smallest code among the images of each row: equal for rows that are images of each other.

    Args:
        occupied: (N, D) bool or 0/1, D <= 62.
        images: (G, D) permutations closed under composition, e.g. symmetry and reverse stacked.

    Returns:
        (N,) codes.
    """
    occupied = np.asarray(occupied)
    if occupied.ndim != 2 or occupied.shape[1] != images.shape[1]:
        raise ValueError(f"occupied must be (N, {images.shape[1]}), got {occupied.shape}")
    if occupied.shape[1] > MOST_SITES:
        raise ValueError(f"codes hold at most {MOST_SITES} sites, got {occupied.shape[1]}")
    codes: NDArray[np.int64] = np.min([site_codes(occupied[:, image]) for image in images], axis=0)
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
    seen = [codes]
    rows, images = [np.arange(len(codes))], [np.zeros(len(codes), dtype=np.int64)]
    for number, permutation in enumerate(lattice_environment(lattice).symmetry[1:], 1):
        image = image_codes(codes, permutation)
        new = np.flatnonzero(np.all([image != earlier for earlier in seen], axis=0))
        seen.append(image)
        rows.append(new)
        images.append(np.full(len(new), number))
    return np.concatenate(rows), np.concatenate(images)


def families(codes: NDArray[np.int64], lattice: str) -> NDArray[np.int64]:
    """The smallest code among all images of each row under the symmetries of the jump and its reversal.

    The same numbers as `canonical_codes` with symmetry and reverse stacked, fast enough for
    millions of rows.

    Args:
        codes: (N,) from `site_codes`.
        lattice: a name of `rbfcore.lattice.named.LATTICES`.
    """
    sites = lattice_environment(lattice)
    images = np.concatenate([sites.symmetry, sites.reverse])
    smallest = codes.copy()
    for start in range(0, len(codes), _BLOCK):
        block, best = codes[start : start + _BLOCK], smallest[start : start + _BLOCK]
        for image in images[1:]:
            np.minimum(best, image_codes(block, image), out=best)
    return smallest
