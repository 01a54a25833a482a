"""Scores against their definitions written out row by row, and against the symmetrised network."""

import numpy as np
import pytest

import rbfcore as rc
from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset
from rbfcore.lattice import environment
from rbfcore.studies.scores import reversed_pairs, rmse, scores

ENV = environment("fcc", 2)
NET = rc.RBFN(26, 12)


def test_every_score_is_its_definition() -> None:
    data = load_dataset("cu100", limit=40)
    found = scores(NET.predict, data)
    stored, all_images, averaged, pairs = [], [], [], []
    for x, y in zip(data.x, data.y, strict=True):
        images = x[ENV.symmetry]
        values = NET.predict(images).astype(np.float64)
        stored.append(values[0] - y)
        averaged.append(values.mean() - y)
        distinct = {tuple(image): value for image, value in zip(images.tolist(), values, strict=True)}
        all_images += [value - y for value in distinct.values()]
        partner = np.flatnonzero((data.x == x[ENV.reverse[0]]).all(1))
        if len(partner) and not np.array_equal(x, x[ENV.reverse[0]]):
            other = partner[0]
            pairs.append((values[0] - NET.predict(data.x[other][None])[0]) - (y - data.y[other]))
    assert len(pairs) >= 2 * 35  # each pair seen from both ends, with opposite sign; few rows are their own reversal
    for name, errors in (
        ("test_rmse", stored),
        ("images_rmse", all_images),
        ("averaged_rmse", averaged),
        ("reversal_rmse", pairs),
    ):
        assert found[name] == pytest.approx(np.sqrt(np.mean(np.square(errors))), rel=1e-5), name


def test_averaging_over_images_is_the_symmetrised_network() -> None:
    data = load_dataset("cu111", limit=100)
    expected = rmse(rc.symmetrize(NET, ENV).predict(data.x), data.y)
    assert scores(NET.predict, data)["averaged_rmse"] == pytest.approx(expected, rel=1e-5)


def test_reversal_forgives_what_both_ends_share() -> None:
    """A predictor that is wrong by the same amount on the way there and back has the energy difference right."""
    data = load_dataset("cu110", limit=60)
    _, which, count = np.unique(data.x, axis=0, return_inverse=True, return_counts=True)
    data = data.rows(np.flatnonzero(count[which] == 1))  # a jump that is its own reversal has two barriers
    truth = {tuple(x): y for x, y in zip(data.x.tolist(), data.y.tolist(), strict=True)}
    found = scores(lambda x: np.array([truth.get(tuple(row), 0.0) + 0.25 for row in x.tolist()]), data)
    assert found["test_rmse"] == pytest.approx(0.25)
    assert found["reversal_rmse"] == pytest.approx(0, abs=1e-12)


def test_pairs_are_found_once_each_whatever_the_order() -> None:
    data = load_dataset("cu100", limit=30)
    shuffled = data.rows(np.random.default_rng(0).permutation(len(data)))
    first, second = reversed_pairs(shuffled)
    own = int((shuffled.x == shuffled.x[:, ENV.reverse[0]]).all(1).sum())
    assert len(first) == (60 - own) / 2
    assert len({*first.tolist(), *second.tolist()}) == 60 - own
    np.testing.assert_array_equal(shuffled.x[first][:, ENV.reverse[0]], shuffled.x[second])


def test_other_tables_have_one_score() -> None:
    table = DataSet("t", np.eye(3, dtype=np.float32), np.zeros(3), ("a", "b", "c"), "real")
    assert scores(lambda x: np.full(len(x), 2.0), table) == {"test_rmse": 2.0}
    with pytest.raises(ValueError, match="no reversed rows"):
        reversed_pairs(table)
