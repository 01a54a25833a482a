"""Fast codes and families against the plain forms of the lattice."""

import numpy as np
import pytest

from rbfcore.lattice import canonical_codes
from rbfcore.lattice.codes import distinct_images, families, image_codes, site_codes
from rbfcore.lattice.named import LATTICES, lattice_environment

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("lattice", LATTICES)
def test_families_are_canonical_codes(lattice: str) -> None:
    sites = lattice_environment(lattice)
    assert lattice.endswith(str(sites.n_sites))
    occupied = RNG.random((300, sites.n_sites)) < 0.5
    occupied[0], occupied[1] = False, True
    images = np.concatenate([sites.symmetry, sites.reverse])
    np.testing.assert_array_equal(families(site_codes(occupied), lattice), canonical_codes(occupied, images))


@pytest.mark.parametrize("n_sites", [1, 12, 13, 14, 26, 40, 62])
def test_image_codes_move_bits_as_columns_move(n_sites: int) -> None:
    occupied = RNG.random((50, n_sites)) < 0.5
    permutation = RNG.permutation(n_sites)
    codes = site_codes(occupied)
    assert codes.tolist() == [sum(1 << site for site in np.flatnonzero(row).tolist()) for row in occupied]
    np.testing.assert_array_equal(image_codes(codes, permutation), site_codes(occupied[:, permutation]))


def test_distinct_images_are_each_image_once() -> None:
    sites = lattice_environment("fcc26")
    occupied = RNG.random((40, 26)) < 0.3
    occupied[0], occupied[1] = False, np.arange(26) == 1
    rows, images = distinct_images(site_codes(occupied), "fcc26")
    assert rows[:40].tolist() == list(range(40))
    for row in range(40):
        found = [tuple(occupied[row, sites.symmetry[image]].tolist()) for image in images[rows == row]]
        expected = {tuple(occupied[row, permutation].tolist()) for permutation in sites.symmetry}
        assert len(found) == len(expected)
        assert set(found) == expected


def test_unknown_lattices_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown lattice 'fcc': expected one of fcc18, fcc26, fcc58, bcc14"):
        lattice_environment("fcc")
