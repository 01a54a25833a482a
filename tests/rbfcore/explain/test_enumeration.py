"""The table of all environments against one prediction after the other, and gaps against both tables."""

from itertools import product

import numpy as np
import pytest
import torch

import rbfcore as rc
from rbfcore.parameters import Parameters
from tests.rbfcore.explain.by_enumeration import response
from tests.rbfcore.explain.networks import small_network

FLOAT32 = 1e-5  # the promise for tables in single precision, in units of y of order 1


def in_order(d: int) -> np.ndarray:
    """All environments, least significant input first."""
    return np.array(list(product((-1.0, 1.0), repeat=d)))[:, ::-1]


@pytest.mark.parametrize("d", [1, 2, 7, 12])
def test_small_tables_in_full(d: int) -> None:
    net = small_network(d, 9)
    table = rc.enumerate_binary(net)
    assert table.dtype == np.float32
    np.testing.assert_allclose(table, response(net, in_order(d)), atol=FLOAT32)
    exact = rc.enumerate_binary(net, out=np.empty(2**d))
    np.testing.assert_allclose(exact, response(net, in_order(d)), rtol=1e-12)
    np.testing.assert_array_equal(rc.environments(np.arange(2**d), d), in_order(d))


@pytest.mark.parametrize("d", [13, 14, 22, 23, 24])
def test_large_tables_at_random_places(d: int) -> None:
    """Around the sizes at which halves and chunks split."""
    net = small_network(d, 5)
    places = np.append(np.random.default_rng(d).integers(0, 2**d, 300), [0, 2**d - 1])
    expected = response(net, rc.environments(places, d).astype(float))
    np.testing.assert_allclose(rc.enumerate_binary(net)[places], expected, atol=FLOAT32)
    seen = 0
    for start, chunk in rc.table_chunks(net, torch.float64):
        assert start == seen
        inside = (places >= start) & (places < start + len(chunk))
        np.testing.assert_allclose(chunk[places[inside] - start], expected[inside], rtol=1e-12)
        seen += len(chunk)
    assert seen == 2**d


def test_memory_map(tmp_path: object) -> None:
    net = small_network(15, 4)
    out = np.lib.format.open_memmap(f"{tmp_path}/table.npy", "w+", np.float32, (2**15,))
    assert rc.enumerate_binary(net, out) is out
    out.flush()
    np.testing.assert_array_equal(np.load(f"{tmp_path}/table.npy"), rc.enumerate_binary(net))


def test_every_gauge_gives_the_same_table() -> None:
    """Weights of 1e80 and factors of 1e-80 that cancel: the table is of the function, not of how it is written."""
    net = small_network(6, 5, gamma=0.2)
    scale = 20.0
    gamma = net.gamma / scale
    moved = gamma * (np.square(net.centroids * scale).sum(1) + 6) - net.gamma * (np.square(net.centroids).sum(1) + 6)
    far = Parameters.checked(net.alpha, net.beta * np.exp(moved), gamma, net.centroids * scale)
    assert np.abs(far.beta).max() > 1e10
    np.testing.assert_allclose(rc.enumerate_binary(far), rc.enumerate_binary(net), atol=FLOAT32)


def test_too_many_inputs_and_wrong_out_are_refused() -> None:
    with pytest.raises(ValueError, match="too large for memory"):
        rc.enumerate_binary(small_network(31, 2))
    with pytest.raises(ValueError, match="at most 40"):
        next(iter(rc.table_chunks(small_network(41, 2))))
    for out in (np.empty(4, np.float32), np.empty(8, np.int64)):
        with pytest.raises(ValueError, match="out must be"):
            rc.enumerate_binary(small_network(3, 2), out)
    fixed = np.empty(8, np.float32)
    fixed.flags.writeable = False
    for out in (fixed, np.empty(16, np.float32)[::2]):
        with pytest.raises(ValueError, match="contiguous"):
            rc.enumerate_binary(small_network(3, 2), out)


@pytest.mark.parametrize("d", [1, 9, 23])
def test_comparison(d: int) -> None:
    a, b = small_network(d, 8, seed=1), small_network(d, 3, seed=2)
    found = rc.table_comparison(a, b, quantiles=(0.0, 0.5, 0.9, 1.0), n_worst=7, bins=20)
    gap = rc.enumerate_binary(a, np.empty(2**d)) - rc.enumerate_binary(b, np.empty(2**d))
    size = np.sort(np.abs(gap))
    assert found.n_environments == 2**d
    loss = rc.pruning_loss(rc.RBFN.from_plain(a), rc.RBFN.from_plain(b), rc.Bernoulli(0.5))
    assert found.rms**2 == pytest.approx(float(loss.detach()), rel=1e-8)
    assert found.mean == pytest.approx(gap.mean(), rel=1e-9)
    assert found.largest == pytest.approx(size[-1], rel=1e-12)
    for share, value in found.quantiles.items():
        assert value == pytest.approx(np.quantile(size, share, method="inverted_cdf"), abs=FLOAT32)
    np.testing.assert_allclose(np.abs(found.worst_gap), size[::-1][:7], rtol=1e-9)
    np.testing.assert_allclose(gap[found.worst_index], found.worst_gap, rtol=1e-9)
    there = found.worst.astype(float)
    np.testing.assert_allclose(response(a, there) - response(b, there), found.worst_gap, rtol=1e-9)
    assert found.counts.sum() == 2**d
    assert len(found.edges) == 21


def test_a_network_against_itself_has_no_gap() -> None:
    net = small_network(10, 6)
    found = rc.table_comparison(net, net)
    assert found.rms < 1e-14
    assert found.largest < 1e-13


def test_comparison_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="same inputs"):
        rc.table_comparison(small_network(3, 2), small_network(4, 2))
    with pytest.raises(ValueError, match="at most 28"):
        rc.table_comparison(small_network(29, 2), small_network(29, 2))
    with pytest.raises(ValueError, match="shares"):
        rc.table_comparison(small_network(3, 2), small_network(3, 2), quantiles=(1.5,))
