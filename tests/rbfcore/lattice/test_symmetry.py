"""Symmetry of a jump: the permutations of the numbering file, orbits, and Burnside's count of environments."""

from itertools import permutations

import numpy as np
import pytest
from numpy.typing import NDArray

from rbfcore.lattice import (
    LATTICES,
    Environment,
    canonical_codes,
    described_environment,
    environment,
    lattice_environment,
)
from rbfcore.symmetry.elements import element_names
from rbfcore.symmetry.group import group

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


def as_set(rows: NDArray[np.int64]) -> set[tuple[int, ...]]:
    return {tuple(permutation) for permutation in rows.tolist()}


def burnside(images: NDArray[np.int64]) -> int:
    """Number of 0/1 vectors that differ under the group: the mean of 2^cycles over it."""
    total = 0
    for permutation in images:
        seen: set[int] = set()
        cycles = 0
        for start in range(len(permutation)):
            cycles += start not in seen
            while start not in seen:
                seen.add(start)
                start = int(permutation[start])
        total += 2**cycles
    assert total % len(images) == 0
    return total // len(images)


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


def by_signed_permutations(found: Environment) -> tuple[set[tuple[int, ...]], set[tuple[int, ...]]]:
    """All 48 maps of the cube that carry a cubic environment onto itself: those that keep the jump, those that turn
    it."""
    middle = found.target / 2
    keeping: set[tuple[int, ...]] = set()
    turning: set[tuple[int, ...]] = set()
    for axes in permutations(range(3)):
        for signs in np.ndindex(2, 2, 2):
            images = (found.positions - middle)[:, axes] * (1 - 2 * np.array(signs)) + middle
            start = -middle[list(axes)] * (1 - 2 * np.array(signs)) + middle
            same = np.linalg.norm(images[:, None] - found.positions, axis=2) < 1e-9
            order = tuple(same.argmax(1).tolist())
            if same.any(1).all() and np.allclose(start, 0):
                keeping.add(order)
            elif same.any(1).all() and np.allclose(start, found.target):
                turning.add(order)
    return keeping, turning


@pytest.mark.parametrize(
    ("lattice", "shells"), [("fcc", 1), ("fcc", 2), ("fcc", 3), ("bcc", 1), ("bcc", 2), ("bcc", 3)]
)
def test_cubic_environments_have_the_symmetries_of_the_cube_in_order(lattice: str, shells: int) -> None:
    found = environment(lattice, shells)
    keeping, turning = by_signed_permutations(found)
    identity = tuple(range(found.n_sites))
    assert [tuple(row) for row in found.symmetry.tolist()] == [identity, *sorted(keeping - {identity})]
    assert [tuple(row) for row in found.reverse.tolist()] == sorted(turning)


def turned(axis: list[float], degrees: float) -> NDArray[np.float64]:
    """A rotation matrix by Rodrigues' formula."""
    x, y, z = np.array(axis) / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.deg2rad(degrees)
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


@pytest.mark.parametrize(("axis", "degrees"), [([0, 0, 1], 30), ([1, 0, 0], 30), ([1, 2, 3], 77.7), ([1, 1, 0], 180)])
@pytest.mark.parametrize("name", LATTICES)
@pytest.mark.parametrize("decimals", [4, 15])
def test_symmetry_does_not_depend_on_the_orientation(
    name: str, axis: list[float], degrees: float, decimals: int
) -> None:
    """Also with positions as they are typed: FCC of 26 sites keeps its 4 elements when it is turned by 30 degrees."""
    usual, rotation = lattice_environment(name), turned(axis, degrees)
    places, end = (usual.positions @ rotation.T).round(decimals), (usual.target @ rotation.T).round(decimals)
    found = described_environment({"positions": places.tolist(), "target": end.tolist()})
    np.testing.assert_array_equal(found.symmetry, usual.symmetry)
    np.testing.assert_array_equal(found.reverse, usual.reverse)
    moved = np.einsum("gij,dj->gdi", found.rotations, found.positions - found.target / 2) + found.target / 2
    np.testing.assert_allclose(moved, found.positions[found.symmetry], atol=1e-3)


def own(positions: object, target: object = (1, 0, 0)) -> Environment:
    return described_environment({"positions": np.asarray(positions).tolist(), "target": list(np.asarray(target))})


def test_sites_on_the_axis_of_the_jump() -> None:
    assert own([[-1, 0, 0], [2, 0, 0]]).symmetry.tolist() == [[0, 1]]
    assert own([[-1, 0, 0], [2, 0, 0]]).reverse.tolist() == [[1, 0]]
    assert own([[-1, 0, 0], [3, 0, 0]]).reverse.shape == (0, 2)
    assert own([[5, 0, 0]]).orbits == [[0]]


def test_a_planar_set_lists_each_permutation_once() -> None:
    """In space the mirror through the plane moves nothing; each permutation comes from two maps."""
    found = own([[0, 1, 0], [0, -1, 0], [1, 1, 0], [1, -1, 0]])
    assert found.symmetry.tolist() == [[0, 1, 2, 3], [1, 0, 3, 2]]
    assert found.reverse.tolist() == [[2, 3, 0, 1], [3, 2, 1, 0]]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 12])
def test_a_ring_around_the_middle_has_the_symmetry_of_its_polygon(count: int) -> None:
    """A regular polygon has 2n rotations and reflections; as permutations of 1 or 2 corners there are as many as
    corners. Turning the jump round moves no site of the middle plane, so the same permutations do it."""
    angles = 2 * np.pi * np.arange(count) / count
    found = own(np.column_stack([np.full(count, 0.5), np.cos(angles), np.sin(angles)]))
    assert len(found.symmetry) == (2 * count if count > 2 else count)
    np.testing.assert_array_equal(np.sort(found.reverse, axis=0), np.sort(found.symmetry, axis=0))
    assert group(found, count).shape == found.symmetry.shape


def test_sites_without_symmetry_have_the_identity_alone() -> None:
    found = own(np.random.default_rng(0).normal(size=(40, 3)) * 3)
    assert found.symmetry.tolist() == [list(range(40))]
    assert found.reverse.shape == (0, 40)
    assert element_names(found) == ("identity",)


@pytest.mark.parametrize("size", [2e-4, 6e-4, 9e-4, 2e-3])
def test_sites_that_almost_match_still_give_a_group(size: float) -> None:
    """Near the tolerance some maps match and others do not; what remains is closed under composition."""
    usual = environment("bcc", 2)
    for seed in range(20):
        shift = np.random.default_rng(seed).uniform(-size, size, usual.positions.shape)
        found = own(usual.positions + shift, usual.target)
        both = np.concatenate([group(found, found.n_sites), found.reverse])
        assert as_set(both[:, both].reshape(-1, found.n_sites)) == as_set(both)


def test_elements_of_a_turned_lattice_are_named_in_decimals() -> None:
    usual, rotation = environment("fcc", 2), turned([0, 0, 1], 30)
    names = element_names(own(usual.positions @ rotation.T, usual.target @ rotation.T))
    assert names == (
        "identity",
        "mirror (0 0 1)",
        "mirror (0.97 -0.26 0.00)",  # (1 -1 0) turned by 30 degrees: 15 degrees below the x axis
        "rotation 180° about [0.26 0.97 0.00]",
    )
