"""PruningPath curves as files: what is written is read back, and damaged files are refused."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

import rbfcore as rc
from rbfcore.parameters import Parameters
from rbfcore.pruning.path_networks import path_network_steps, path_networks
from rbfcore.storage.pruning_path import PruningPath, read_pruning_path, write_pruning_path


def large() -> Parameters:
    random = np.random.default_rng(0)
    card = {"unit": "eV", "lattice": "bcc14", "dataset": "made up"}
    return Parameters.checked(0.1, random.normal(size=30), 0.1, random.normal(size=(30, 14)), card)


def test_a_curve_is_a_pruning_path_with_cards() -> None:
    parent, p = large(), rc.Bernoulli(0.4)
    curve = path_networks(parent, p, sizes=[1, 2, 4, 99], restarts=2)
    assert curve.sizes == (1, 2, 4)  # 99 prototypes of 30 centroids make no sense
    assert curve.parent == parent.fingerprint()
    for network, gap in zip(curve.networks, curve.gaps, strict=True):
        exact = rc.pruning_loss(rc.RBFN.from_plain(parent), rc.RBFN.from_plain(network), p)
        assert gap**2 == pytest.approx(float(exact.detach()), rel=1e-7)
        card = network.metadata
        assert (card["parent"], card["unit"], card["lattice"]) == (parent.fingerprint(), "eV", "bcc14")
        assert (card["distribution"], card["parent_centroids"]) == ("bernoulli:0.4", 30)
        assert card["fingerprint"] == network.fingerprint()
    assert list(curve.gaps) == sorted(curve.gaps, reverse=True)


def test_steps_grow_by_one_size() -> None:
    """And one may stop after every step on the way to a size."""
    steps = list(path_network_steps(large(), rc.Bernoulli(0.5), sizes=[1, 3], restarts=1))
    assert [step.sizes for step in steps if step is not None] == [(1,), (1, 3)]
    new = [number for number, step in enumerate(steps) if step is not None]
    assert new[0] > 2
    assert new[1] - new[0] > 3
    assert new[1] == len(steps) - 1


def test_round_trip(tmp_path: Path) -> None:
    curve = path_networks(large(), rc.Bernoulli(0.5), sizes=[1, 2], restarts=1)
    write_pruning_path(curve, tmp_path / "curve.safetensors")
    again = read_pruning_path(tmp_path / "curve.safetensors")
    assert (again.sizes, again.gaps, again.parent) == (curve.sizes, curve.gaps, curve.parent)
    for one, other in zip(curve.networks, again.networks, strict=True):
        np.testing.assert_array_equal(one.centroids, other.centroids)
        np.testing.assert_allclose(one.gamma, other.gamma, rtol=1e-15)
        assert one.metadata == other.metadata


def test_another_network_takes_the_place_of_its_size() -> None:
    one, two, other = (
        Parameters.checked(0.0, np.ones(m), 1.0, np.ones((m, 3)), {"rms_gap": gap})
        for m, gap in ((1, 0.3), (2, 0.2), (2, 0.1))
    )
    curve = PruningPath((one, two), "parent").with_network(other)
    assert curve.gaps == (0.3, 0.1)
    assert PruningPath((one,), "parent").with_network(other).sizes == (1, 2)


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no pruning path at"):
        read_pruning_path(tmp_path / "none.safetensors")
    (tmp_path / "text.safetensors").write_text("no tensors")
    save_file({"x": np.ones(3)}, tmp_path / "other.safetensors")
    for name in ("text", "other"):
        with pytest.raises(ValueError, match=r"is no pruning path .* make it anew"):
            read_pruning_path(tmp_path / f"{name}.safetensors")
