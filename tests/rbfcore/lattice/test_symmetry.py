"""Symmetry of a jump: the permutations of the numbering file, orbits, and Burnside's count of environments."""

import numpy as np
import pytest
from numpy.typing import NDArray

from rbfcore.lattice import canonical_codes, environment

# Sites, numbered from 1, that change places; all others stay.
MIRROR_001 = [(7, 13), (8, 14), (9, 15), (10, 16), (11, 17), (12, 18), (23, 25), (24, 26)]
MIRROR_110 = [(2, 3), (4, 5), (7, 8), (9, 10), (11, 12), (13, 14), (15, 16), (17, 18), (19, 20), (21, 22)]
TURN_BACK = [(1, 6), (2, 4), (3, 5), (7, 11), (8, 12), (13, 17), (14, 18), (19, 21), (20, 22), (23, 24), (25, 26)]
IDENTITY = tuple(range(26))

ORBITS = [[0], [1, 2], [3, 4], [5], [6, 7, 12, 13], [8, 9, 14, 15], [10, 11, 16, 17], [18, 19], [20, 21]]
ORBITS += [[22, 24], [23, 25]]
ORBITS_WITH_REVERSAL = [[0, 5], [1, 2, 3, 4], [6, 7, 10, 11, 12, 13, 16, 17], [8, 9, 14, 15], [18, 19, 20, 21]]
ORBITS_WITH_REVERSAL += [[22, 23, 24, 25]]


def swap(pairs: list[tuple[int, int]]) -> tuple[int, ...]:
    order = list(IDENTITY)
    for a, b in pairs:
        order[a - 1], order[b - 1] = b - 1, a - 1
    return tuple(order)


def product(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(first[site] for site in second)


KEEPING = {IDENTITY, swap(MIRROR_001), swap(MIRROR_110), product(swap(MIRROR_001), swap(MIRROR_110))}
TURNING = {product(swap(TURN_BACK), keeping) for keeping in KEEPING}


def as_set(permutations: NDArray[np.int64]) -> set[tuple[int, ...]]:
    return {tuple(permutation) for permutation in permutations.tolist()}


def burnside(permutations: NDArray[np.int64]) -> int:
    """Number of 0/1 vectors that differ under the group: the mean of 2^cycles over it."""
    total = 0
    for permutation in permutations:
        seen: set[int] = set()
        cycles = 0
        for start in range(len(permutation)):
            cycles += start not in seen
            while start not in seen:
                seen.add(start)
                start = int(permutation[start])
        total += 2**cycles
    assert total % len(permutations) == 0
    return total // len(permutations)


def test_permutations_of_the_26_sites() -> None:
    found = environment("fcc", 2)
    assert as_set(found.symmetry) == KEEPING
    assert as_set(found.reverse) == TURNING
    assert tuple(found.symmetry[0].tolist()) == IDENTITY
    assert tuple(found.reverse[0].tolist()) == swap(TURN_BACK)  # the mirror at the middle of the jump


def test_orbits_of_the_26_sites() -> None:
    found = environment("fcc", 2)
    assert found.orbits == ORBITS
    both = np.concatenate([found.symmetry, found.reverse])
    assert sorted({tuple(sorted(set(column.tolist()))) for column in both.T}) == [
        tuple(o) for o in ORBITS_WITH_REVERSAL
    ]


def test_distinct_environments_of_26_sites_by_burnside() -> None:
    found = environment("fcc", 2)
    assert burnside(found.symmetry) == 16_863_232
    assert burnside(np.concatenate([found.symmetry, found.reverse])) == 8_438_784


def test_bcc_jump_has_a_group_of_order_six_and_eight_orbits() -> None:
    found = environment("bcc", 2)
    assert len(found.symmetry) == len(found.reverse) == 6
    assert len(found.orbits) == 8


@pytest.mark.parametrize(
    ("lattice", "shells"), [("fcc", 1), ("fcc", 2), ("fcc", 3), ("bcc", 1), ("bcc", 2), ("bcc", 3)]
)
def test_symmetries_form_a_group_and_keep_distances(lattice: str, shells: int) -> None:
    found = environment(lattice, shells)
    keeping, turning = as_set(found.symmetry), as_set(found.reverse)
    assert len(keeping) == len(turning)
    assert {product(a, b) for a in keeping for b in keeping} == keeping
    assert {product(a, b) for a in turning for b in turning} == keeping
    from_start = np.linalg.norm(found.positions, axis=1)
    from_target = np.linalg.norm(found.positions - found.target, axis=1)
    for permutation in found.symmetry:
        np.testing.assert_allclose(from_start[permutation], from_start)
        np.testing.assert_allclose(from_target[permutation], from_target)
    for permutation in found.reverse:
        np.testing.assert_allclose(from_start[permutation], from_target)


@pytest.mark.parametrize(("lattice", "shells"), [("bcc", 1), ("fcc", 1)])
def test_canonical_codes_count_what_burnside_counts(lattice: str, shells: int) -> None:
    """All 2^14 and 2^18 occupations, one by one."""
    found = environment(lattice, shells)
    every = (np.arange(2**found.n_sites)[:, None] >> np.arange(found.n_sites)) & 1
    both = np.concatenate([found.symmetry, found.reverse])
    for images in (found.symmetry, both):
        assert len(np.unique(canonical_codes(every, images))) == burnside(images)


def test_canonical_code_is_the_smallest_of_all_images() -> None:
    rng = np.random.default_rng(0)
    occupied = rng.random((50, 26)) < 0.5
    found = canonical_codes(occupied, np.array(sorted(KEEPING | TURNING)))
    for row, code in zip(occupied, found, strict=True):
        images = [[bool(row[site]) for site in permutation] for permutation in KEEPING | TURNING]
        assert code == min(sum(1 << site for site, filled in enumerate(image) if filled) for image in images)


def test_canonical_codes_refuse_other_widths() -> None:
    found = environment("fcc", 2)
    with pytest.raises(ValueError, match=r"occupied must be \(N, 26\), got \(5, 25\)"):
        canonical_codes(np.zeros((5, 25)), found.symmetry)
    with pytest.raises(ValueError, match="at most 62 sites, got 63"):
        canonical_codes(np.zeros((5, 63)), np.arange(63)[None])
