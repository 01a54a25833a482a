"""The half-space of crystal that fits 26 occupations best: it fills the lattice beyond them and names the surface."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.lattice import environment
from rbfcore.lattice.codes import image_codes, site_codes

SURFACES = ("100", "110", "111")
_BLOCK = 1 << 15

# Sites, most significant first, whose bits make the code that the embedding's canonical representative has smallest
# among its eight images. Ties between half-spaces depend on it; this order reproduces the first computed sets.
_SIGNIFICANCE = (24, 26, 23, 25, 21, 22, 19, 20, 6, 11, 12, 17, 18, 4, 5, 9, 10, 15, 16, 2, 3, 7, 8, 13, 14, 1)


@dataclass(frozen=True, eq=False)
class HalfSpaces:
    """One half-space per environment: sites r (in lattice constants) with r . normal <= top_layer * step are filled.

    `step` is `layer_step(normal)`, the distance between layers: 1/2 for {100} and {110}, 1 for {111} normals.

    Attributes:
        normal: (N, 3) int8, outward, entries -1, 0, 1.
        top_layer: (N,) int8, the highest filled layer; layer 0 holds the migrating atom.
        mismatch: (N,) int8, how many of the 26 sites differ from the half-space.
        candidate: (N,) row of `half_space_candidates()`.
    """

    normal: NDArray[np.int8]
    top_layer: NDArray[np.int8]
    mismatch: NDArray[np.int8]
    candidate: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.normal)

    @property
    def family(self) -> NDArray[np.int8]:
        """(N,) number of non-zero entries of the normal: index into `SURFACES` plus 1."""
        return np.asarray(np.abs(self.normal).sum(1, dtype=np.int8))

    @property
    def surface(self) -> NDArray[np.str_]:
        """(N,) surface labels "100", "110" or "111": the family of the normal."""
        return np.array(SURFACES)[self.family - 1]


def layer_step(normal: NDArray[Any]) -> float:
    """Distance between neighbouring layers of an FCC crystal, measured as r . normal with r in lattice constants."""
    return 1.0 if np.abs(normal).sum() == 3 else 0.5


def half_spaces(occupations: NDArray[Any], surface: str | None = None) -> HalfSpaces:
    """The half-space with the fewest mismatches on the 26 sites, chosen among 116 (26 normals x top layer).

    It is chosen for the canonical representative of the environment's symmetry family and carried back, so images of
    one environment, and its reversal, get images of one half-space. Ties go to normals perpendicular to the jump
    first, then {100} before {110} before {111}, then the lexicographically smaller normal, then the lower top layer.

    Args:
        occupations: (N, 26) 0/1 or bool, numbering of the 26 sites.
        surface: "100", "110" or "111" to choose among the half-spaces of that family only.

    Raises:
        ValueError: occupations of another shape or with other values, or an unknown surface.

    Source: PHYSICS section 3.1.
    """
    occupied = checked_occupations(occupations)
    if surface is not None and surface not in SURFACES:
        raise ValueError(f"unknown surface {surface!r}: expected one of {', '.join(SURFACES)}")
    normals, tops, filled = half_space_candidates()
    allowed = np.arange(len(normals))
    if surface is not None:
        allowed = np.flatnonzero(np.abs(normals).sum(1) == SURFACES.index(surface) + 1)
    chosen = np.empty(len(occupied), dtype=np.int64)
    mismatch = np.empty(len(occupied), dtype=np.int8)
    to_given = _carried_back()
    templates = filled[allowed].astype(np.float32)
    for start in range(0, len(occupied), _BLOCK):
        block = occupied[start : start + _BLOCK]
        image, representative = canonical_images(block)
        ones = representative.astype(np.float32)
        # |x - f| summed over sites of 0/1 vectors; exact, all numbers are small whole ones.
        differing = ones.sum(1)[:, None] + templates.sum(1) - 2 * (ones @ templates.T)
        best = differing.argmin(1)  # the first of equals: candidates are sorted by preference
        chosen[start : start + _BLOCK] = to_given[image, allowed[best]]
        mismatch[start : start + _BLOCK] = differing[np.arange(len(block)), best]
    return HalfSpaces(normals[chosen], tops[chosen], mismatch, chosen)


def checked_occupations(occupations: NDArray[Any]) -> NDArray[np.uint8]:
    """Occupations as (N, 26) uint8 of zeros and ones.

    Raises:
        ValueError: another shape, or values other than 0 and 1.
    """
    values = np.asarray(occupations)
    if values.ndim != 2 or values.shape[1] != 26:
        raise ValueError(f"occupations must be (N, 26), one column per site, got {values.shape}")
    if not np.isin(values, (0, 1)).all():
        raise ValueError("occupations must be 0 (empty) or 1 (filled); code -1/+1 inputs as (x + 1) / 2")
    return values.astype(np.uint8)


@lru_cache
def half_space_candidates() -> tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.bool_]]:
    """Normals (116, 3), top layers (116,) and filled sites (116, 26), in order of preference.

    Top layers run from one below the lower end of the jump, where only the crystal under the atom is left, to the
    highest of the 26 sites, where all are filled.
    """
    sites = environment("fcc", 2)
    directions = [np.array(n) for n in product((-1, 0, 1), repeat=3) if any(n)]
    directions.sort(key=lambda n: (abs(n @ sites.target), abs(n).sum(), tuple(n)))
    normals, tops, filled = [], [], []
    for normal in directions:
        layers = np.rint(sites.positions @ normal / layer_step(normal)).astype(int)
        end = round(sites.target @ normal / layer_step(normal))
        for top in range(min(0, end) - 1, layers.max() + 1):
            normals.append(normal)
            tops.append(top)
            filled.append(layers <= top)
    return np.array(normals, dtype=np.int8), np.array(tops, dtype=np.int8), np.array(filled)


@lru_cache
def _images() -> NDArray[np.int64]:
    """(8, 26) permutations of the sites: symmetries of the jump, then its reversals."""
    sites = environment("fcc", 2)
    return np.concatenate([sites.symmetry, sites.reverse])


@lru_cache
def _carried_back() -> NDArray[np.int64]:
    """(8, 116): which candidate, seen from the given environment, is candidate i of its image x[:, images[g]].

    Worked out with the motion of space behind each permutation, because a completely filled or nearly empty set of
    26 sites does not tell half-spaces apart.
    """
    sites = environment("fcc", 2)
    normals, tops, _ = half_space_candidates()
    index = {(*normal, top): i for i, (normal, top) in enumerate(zip(normals.tolist(), tops.tolist(), strict=True))}
    result = np.empty((len(_images()), len(normals)), dtype=np.int64)
    with_one = np.column_stack([sites.positions, np.ones(len(sites.positions))])
    for g, permutation in enumerate(_images()):
        motion = np.linalg.lstsq(with_one, sites.positions[permutation], rcond=None)[0]
        rotation, shift = np.rint(motion[:3].T), motion[3]
        for i, (normal, top) in enumerate(zip(normals, tops.tolist(), strict=True)):
            turned = rotation @ normal
            moved = round(top + turned @ shift / layer_step(normal))
            result[g, i] = index[(*turned.astype(int).tolist(), moved)]
    return result


def canonical_images(occupied: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Which image of each row is the canonical representative (the first of equals), and that image (N, 26)."""
    order = np.array(_SIGNIFICANCE[::-1]) - 1
    codes = site_codes(occupied)
    images = np.stack([image_codes(image_codes(codes, image), order) for image in _images()])
    smallest = images.argmin(0)
    return smallest, np.take_along_axis(occupied, _images()[smallest], axis=1)
