"""The half-space chosen for an environment against plain loops, its images, and rows of the first computed sets."""

from itertools import product

import numpy as np
import pytest

from rbfcore.barriers.half_space import SURFACES, half_spaces, layer_step
from rbfcore.lattice import environment

SITES = environment("fcc", 2)
IMAGES = np.concatenate([SITES.symmetry, SITES.reverse])

# Code of the occupations (bit d = site d), normal, top layer, mismatches: mostly rows with ties.
FIRST_SETS = (
    (0x37BFBCE, (0, -1, 0), 1, 5),
    (0x123B00F, (0, 0, 1), -1, 7),
    (0x17BF5EE, (0, -1, 0), 1, 6),
    (0x3FF7B4B, (0, 0, -1), 2, 6),
    (0x33FE2FF, (0, 0, 1), 0, 4),
    (0x37BE9FB, (0, -1, 0), 1, 5),
    (0x108B1CE, (0, 1, 0), 0, 6),
    (0x3297D5D, (0, 0, 1), 1, 8),
    (0x37CDF37, (0, 0, -1), 2, 7),
    (0x30CBAC5, (1, 0, 0), 0, 4),
    (0x166F352, (1, 0, 0), 1, 7),
    (0x37B97FF, (0, -1, 0), 1, 4),
    (0x16CF3D4, (1, 0, 0), 0, 4),
    (0x32EFBDF, (1, 0, 0), 1, 3),
    (0x366CAD6, (1, 0, 0), 1, 6),
    (0x36A3BC6, (1, 0, 0), 1, 6),
    (0x363C3C5, (1, -1, 0), 1, 8),
    (0x00FF0DE, (0, 1, 1), 1, 6),
    (0x12CF8FF, (1, 0, -1), 2, 6),
    (0x361C3D6, (1, 0, 1), 1, 8),
    (0x16AF36E, (1, 0, -1), 2, 7),
    (0x36B765D, (1, -1, 0), 1, 7),
    (0x367F794, (1, -1, 0), 1, 7),
    (0x027C3DE, (-1, 0, -1), 0, 8),
    (0x27FD2FB, (-1, 0, -1), 1, 6),
    (0x10AAAB5, (1, -1, 0), -1, 4),
    (0x30EC1DB, (0, 1, 1), 1, 6),
    (0x14F18BF, (1, 0, 1), 2, 8),
    (0x3CB3AF1, (1, -1, 0), 0, 6),
    (0x14BFFE3, (-1, 1, 0), 1, 6),
    (0x30F8F1F, (1, 1, 0), 3, 7),
    (0x379BEF1, (1, -1, 0), 1, 6),
    (0x328E295, (1, -1, 1), -1, 5),
    (0x3715BE2, (-1, 1, -1), 0, 8),
    (0x143FAE6, (1, -1, 1), 0, 8),
    (0x17BF2ED, (1, -1, 1), 0, 7),
    (0x267F5EF, (-1, 1, 1), 0, 6),
    (0x362AD5F, (1, -1, -1), 0, 9),
    (0x37BFAF7, (1, -1, 1), 0, 4),
    (0x30857B9, (1, -1, 1), 0, 10),
    (0x3653AE5, (1, -1, 1), 0, 8),
    (0x3277895, (1, -1, 1), 0, 5),
    (0x301FAE7, (1, -1, 1), 0, 6),
    (0x3ED7A15, (1, -1, 1), 0, 7),
    (0x341DAF7, (1, -1, 1), 0, 7),
    (0x379EAAD, (1, -1, 1), 0, 6),
    (0x26FB2B5, (1, -1, 1), 0, 5),
    (0x24F71D2, (1, 1, 1), 1, 6),
)


def bits(codes: np.ndarray) -> np.ndarray:
    return (codes[:, None] >> np.arange(26) & 1).astype(np.uint8)


def random_occupations(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.random((n, 26)) < rng.random((n, 1))).astype(np.uint8)


def filled(normal: np.ndarray, top_layer: int) -> np.ndarray:
    return SITES.positions @ normal <= top_layer * layer_step(normal) + 1e-9


def fewest_mismatches(row: np.ndarray, families: tuple[int, ...]) -> int:
    """Over every normal and every cut between the 26 sites that leaves the atom no more than one layer above."""
    found = []
    for normal in product((-1, 0, 1), repeat=3):
        if sum(map(abs, normal)) not in families:
            continue
        heights = SITES.positions @ normal
        step = 1.0 if sum(map(abs, normal)) == 3 else 0.5
        lowest = min(0.0, float(SITES.target @ normal)) - step
        found += [int(((heights <= cut + 1e-9) != row).sum()) for cut in np.unique(heights) if cut >= lowest - 1e-9]
    return min(found)


def test_mismatch_is_the_smallest_of_all_half_spaces() -> None:
    occupations = random_occupations(300, seed=1)
    found = half_spaces(occupations)
    for row, normal, top, mismatch in zip(occupations, found.normal, found.top_layer, found.mismatch, strict=True):
        assert mismatch == (filled(normal, top) != row).sum() == fewest_mismatches(row, (1, 2, 3))


@pytest.mark.parametrize("surface", SURFACES)
def test_one_surface_alone(surface: str) -> None:
    occupations = random_occupations(100, seed=2)
    found = half_spaces(occupations, surface)
    assert set(found.surface) == {surface}
    for row, mismatch in zip(occupations, found.mismatch, strict=True):
        assert mismatch == fewest_mismatches(row, (SURFACES.index(surface) + 1,))


def test_images_of_an_environment_get_images_of_its_half_space() -> None:
    occupations = random_occupations(400, seed=3)
    reference = half_spaces(occupations)
    for image in IMAGES[1:]:
        found = half_spaces(occupations[:, image])
        np.testing.assert_array_equal(found.mismatch, reference.mismatch)
        np.testing.assert_array_equal(found.surface, reference.surface)
        for row in range(len(occupations)):
            own_symmetry = sum((occupations[row, other] == occupations[row]).all() for other in IMAGES) > 1
            before = filled(reference.normal[row], reference.top_layer[row])
            after = filled(found.normal[row], found.top_layer[row])
            # An environment with symmetry of its own has several equivalent half-spaces.
            assert own_symmetry or (after == before[image]).all()


def test_rows_of_the_first_computed_sets() -> None:
    codes, normals, tops, mismatches = zip(*FIRST_SETS, strict=True)
    found = half_spaces(bits(np.array(codes)))
    np.testing.assert_array_equal(found.normal, normals)
    np.testing.assert_array_equal(found.top_layer, tops)
    np.testing.assert_array_equal(found.mismatch, mismatches)


def test_flat_terrace() -> None:
    """An adatom hop on each surface: only the layers under the atom are filled."""
    for surface, layers in SITES.layer.items():
        found = half_spaces((layers < 0)[None].astype(np.uint8))
        assert (found.surface[0], found.top_layer[0], found.mismatch[0]) == (surface, -1, 0)


def test_bad_occupations() -> None:
    with pytest.raises(ValueError, match=r"\(N, 26\)"):
        half_spaces(np.zeros((3, 25)))
    with pytest.raises(ValueError, match="0 \\(empty\\) or 1"):
        half_spaces(np.full((2, 26), -1))
    with pytest.raises(ValueError, match="unknown surface"):
        half_spaces(np.zeros((2, 26)), "211")
