"""The support rule against a plain walk over neighbours, and the share of random occupations that pass."""

from itertools import product

import numpy as np

from rbfcore.barriers.half_space import half_spaces, layer_step
from rbfcore.barriers.support import supported
from rbfcore.lattice import environment

SITES = environment("fcc", 2)
# A census of two million random vectors gives 18.6 %.
SHARE, SHARE_TOLERANCE = 0.185, 0.004


def is_supported(row: np.ndarray) -> bool:
    space = half_spaces(row[None])
    normal, limit = space.normal[0], space.top_layer[0] * layer_step(space.normal[0])
    known = {tuple(np.rint(2 * p).astype(int)): bool(filled) for p, filled in zip(SITES.positions, row, strict=True)}
    steps = [s for s in product((-1, 0, 1), repeat=3) if sum(map(abs, s)) == 2]
    start, end = (0, 0, 0), (1, 1, 0)

    def filled(site: tuple[int, ...], mover: tuple[int, ...]) -> bool:
        if site in (start, end):
            return site == mover
        if site in known:
            return known[site]
        return bool(np.array(site) / 2 @ normal <= limit + 1e-9)

    def neighbours(site: tuple[int, ...], mover: tuple[int, ...]) -> int:
        return sum(filled((site[0] + a, site[1] + b, site[2] + c), mover) for a, b, c in steps)

    atoms = [site for site, there in known.items() if there]
    return all(neighbours(site, mover) >= 3 for mover in (start, end) for site in [*atoms, mover])


def test_rule_against_a_plain_walk() -> None:
    rng = np.random.default_rng(4)
    occupations = (rng.random((400, 26)) < rng.uniform(0.3, 1, (400, 1))).astype(np.uint8)
    found = supported(occupations)
    assert 50 < found.sum() < 350
    assert found.tolist() == [is_supported(row) for row in occupations]


def test_share_of_random_occupations() -> None:
    occupations = np.random.default_rng(5).integers(2, size=(200_000, 26), dtype=np.uint8)
    assert abs(supported(occupations).mean() - SHARE) < SHARE_TOLERANCE


def test_images_share_their_support() -> None:
    occupations = np.random.default_rng(6).integers(2, size=(2000, 26), dtype=np.uint8)
    for image in [*SITES.symmetry, *SITES.reverse]:
        np.testing.assert_array_equal(supported(occupations[:, image]), supported(occupations))


def test_adatoms_are_supported_and_gas_is_not() -> None:
    terraces = np.array([layers < 0 for layers in SITES.layer.values()]).astype(np.uint8)
    assert supported(terraces).all()
    assert not supported(np.zeros((1, 26), dtype=np.uint8)).any()
