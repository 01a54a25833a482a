"""Lattices by name: the registry, a lattice from outside, and that numbers of sites decide nothing."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import rbfcore as rc
from rbfcore.data.bundled import LATTICE, assets_folder
from rbfcore.data.columns import dataset_from_columns
from rbfcore.data.load import load_dataset
from rbfcore.data.write import write_dataset
from rbfcore.lattice import LATTICES, described_environment, environment, lattice_environment
from rbfcore.lattice.named import lattices_of
from rbfcore.lattice.of_network import environment_of, is_on, needed_environment
from rbfcore.parameters import Parameters
from rbfcore.storage.networks import read_parameters
from rbfcore.storage.pruning_path import read_pruning_path


def network(n_inputs: int, **card: object) -> Parameters:
    theta = np.random.default_rng(0).normal(size=(3, n_inputs))
    return Parameters.checked(0.1, np.ones(3), 0.1, theta, {"unit": "eV", **card})


def test_names_say_crystal_jump_and_number_of_sites() -> None:
    for name in LATTICES:
        sites = lattice_environment(name)
        assert name == f"{sites.lattice}{sites.n_sites}"
        assert lattice_environment(name) is sites
    assert lattice_environment("fcc26") is environment("fcc", 2)
    assert list(LATTICES)[:6] == ["fcc18", "fcc26", "fcc58", "bcc14", "bcc20", "bcc38"]


def test_lattices_of_the_same_size_are_told_apart_by_name_only() -> None:
    assert lattices_of(26) == ["fcc26", "hcp-basal26", "hcp-pyramidal26"]
    assert lattices_of(25) == []
    assert environment_of(network(26)) is None
    assert environment_of(network(26, lattice="hcp-basal26")) is environment("hcp", 2)
    assert environment_of(network(26, lattice="fcc26"), "hcp-pyramidal26") is environment("hcp-pyramidal", 2)
    assert is_on(network(26, lattice="fcc26"), "fcc26")
    assert not is_on(network(26), "fcc26")
    turned = {"positions": environment("fcc", 2).positions[::-1].tolist()}
    assert not is_on(network(26, lattice="fcc26", numbering=turned), "fcc26")


def test_work_that_needs_a_lattice_asks_for_one_that_fits() -> None:
    with pytest.raises(ValueError, match=r"give --lattice, one of fcc26, hcp-basal26, hcp-pyramidal26$"):
        needed_environment(network(26))
    with pytest.raises(ValueError, match="none of them has the network's 7 inputs"):
        needed_environment(network(7))
    with pytest.raises(ValueError, match=r"bcc20 has 20 sites, but the network has 26 inputs: .* fcc26, hcp"):
        needed_environment(network(26), "bcc20")
    assert needed_environment(network(20), "bcc20") is environment("bcc", 2)


def test_whatever_is_bundled_names_its_lattice() -> None:
    folder = assets_folder()
    bundled = [read_parameters(path) for path in sorted((folder / "networks").glob("*.safetensors"))]
    for path in sorted((folder / "paths").glob("*.safetensors")):
        bundled += read_pruning_path(path).networks
    assert len(bundled) > 6
    assert all(is_on(one, LATTICE) for one in bundled)


SQUARE = {"name": "square6", "target": [1, 0, 0]} | {
    "positions": [[0, 1, 0], [0, -1, 0], [1, 1, 0], [1, -1, 0], [-1, 0, 0], [2, 0, 0]]
}


def test_a_lattice_from_outside_works_as_the_known_ones(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One description, as a JSON file in the folder of sites holds it: data, families, networks and symmetry."""
    monkeypatch.setitem(LATTICES, "square6", cache(lambda: described_environment(SQUARE)))
    sites = environment_of(network(6, lattice="square6"))
    assert sites is lattice_environment("square6")
    assert sites is not None
    assert [view.name for view in sites.viewpoints] == ["along", "above", "across", "oblique"]
    every = rc.environments(np.arange(64), 6)
    path = f"{tmp_path}/square.csv"
    data = dataset_from_columns(
        every, every @ np.arange(6.0), None, name="square", filename="square", lattice="square6"
    )
    write_dataset(data, path)
    again = load_dataset(path)
    assert (data.lattice, again.lattice) == ("square6", "square6")
    assert again.family is not None
    # By Burnside: the identity fixes 2^6, the mirror 2^4, the turn half-way and the mirror there 2^3 each: 96 / 4.
    assert len(np.unique(again.family)) == 24
    assert rc.invariance_gap(network(6), sites, rc.Bernoulli()) > 0


@pytest.mark.parametrize("ending", ["csv", "parquet", "npz"])
@pytest.mark.parametrize("lattice", ["fcc26", "hcp-basal26", "hcp-pyramidal26"])
def test_files_keep_the_lattice_of_their_columns(lattice: str, ending: str, tmp_path: Path) -> None:
    x = np.random.default_rng(0).integers(0, 2, (12, 26))
    data = dataset_from_columns(x, x.sum(1), None, name="d", filename="d", lattice=lattice)
    path = f"{tmp_path}/d.{ending}"
    write_dataset(data, path)
    again = load_dataset(path)
    assert (again.lattice, again.site_names) == (lattice, data.site_names)
    np.testing.assert_array_equal(again.x, data.x)
    np.testing.assert_array_equal(again.family, data.family)
