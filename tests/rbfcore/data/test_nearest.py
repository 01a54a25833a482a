"""Nearest environments, against comparing all images with all rows one by one."""

import numpy as np
import pytest

from rbfcore.data.dataset import DataSet
from rbfcore.data.nearest import Neighbours, in_best_image
from rbfcore.lattice import environment


def data(n: int = 300, lattice: str | None = "fcc26", d: int = 26) -> DataSet:
    random = np.random.default_rng(0)
    x = np.where(random.random((n, d)) < 0.6, 1, -1).astype(np.float32)
    names = tuple(str(site + 1) for site in range(d))
    return DataSet("made up", x, random.random(n), names, "occupation", "eV", lattice=lattice)


@pytest.mark.parametrize(("lattice", "d"), [("fcc26", 26), ("bcc20", 20), (None, 26)])
def test_distances_are_the_smallest_over_all_images(lattice: str | None, d: int) -> None:
    rows = data(lattice=lattice, d=d)
    kind = {"fcc26": ("fcc", 2), "bcc20": ("bcc", 2)}.get(str(lattice))
    symmetry = environment(*kind).symmetry if kind else np.arange(d)[None]
    neighbours = Neighbours(rows)
    for seed in range(5):
        wanted = np.random.default_rng(seed).random(d) < 0.5
        every = (((rows.x > 0)[:, symmetry]) != wanted).sum(2)  # (N, G)
        found = neighbours.nearest(wanted, 4)
        assert list(found.distance) == sorted(every.min(1))[:4]
        assert neighbours.distance(wanted) == every.min()
        assert list((in_best_image(rows, neighbours, found) != wanted).sum(1)) == list(found.distance)
        np.testing.assert_array_equal(every[found.row, found.image], found.distance)


def test_an_image_of_a_row_is_at_distance_zero() -> None:
    rows, env = data(), environment("fcc", 2)
    neighbours = Neighbours(rows)
    for permutation in env.symmetry:
        found = neighbours.nearest(rows.x[17, permutation] > 0, 1)
        assert (found.row[0], found.distance[0]) == (17, 0)


def test_usual_distances_leave_the_own_family_out() -> None:
    """A row and its images are one environment: another one must be found."""
    env, rows = environment("fcc", 2), data(40)
    x = np.concatenate([rows.x, rows.x[:, env.symmetry[1]], rows.x[:, env.reverse[0]]])
    doubled = DataSet("images too", x, np.zeros(len(x)), rows.site_names, "occupation", lattice="fcc26")
    usual = Neighbours(doubled).typical_distances
    assert usual.min() > 0
    neighbours = Neighbours(rows)
    assert neighbours.share_at_least(0) == 1
    assert neighbours.share_at_least(27) == 0
    shares = [neighbours.share_at_least(distance) for distance in range(12)]
    assert shares == sorted(shares, reverse=True)


def test_bad_requests_say_what_is_expected() -> None:
    real = DataSet("real", np.zeros((3, 2), np.float32), np.zeros(3), ("a", "b"), "real")
    with pytest.raises(ValueError, match="need -1/\\+1 inputs"):
        Neighbours(real)
    with pytest.raises(ValueError, match="must be \\(26,\\)"):
        Neighbours(data()).nearest(np.ones(25))
    with pytest.raises(ValueError, match="one environment only"):
        _ = Neighbours(data(1)).typical_distances
