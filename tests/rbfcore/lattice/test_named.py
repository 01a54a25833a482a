"""Lattices by name: the registry, a lattice from outside, and that numbers of sites decide nothing."""

import json
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import rbfcore as rc
from rbfcore.data.bundled import LATTICE, assets_folder
from rbfcore.data.columns import dataset_from_columns
from rbfcore.data.load import load_dataset
from rbfcore.data.write import write_dataset
from rbfcore.lattice import LATTICES, described_environment, environment, geometries, lattice_environment, named
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


def test_a_file_of_positions_in_the_folder_of_sites_is_a_lattice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "square6.json").write_text(json.dumps(SQUARE), encoding="utf-8")
    monkeypatch.setattr(named, "SITES", tmp_path)
    known = named.known_lattices()
    assert list(known) == [*LATTICES, "square6"]
    assert known["square6"]().n_sites == 6
    assert known["square6"]() is known["square6"]()


SIMPLE_CUBIC = '''
"""Simple cubic: the jump along an edge."""

from rbfcore.lattice.geometry import Geometry
from rbfcore.lattice.viewpoints import Viewpoint

GEOMETRIES = (
    Geometry(
        name="sc",
        cell=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        basis=((0.0, 0.0, 0.0),),
        jump=(1.0, 0.0, 0.0),
        surfaces={"100": (0.0, 0.0, 1.0)},
        viewpoints=(
            Viewpoint("[1 0 0]", (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
            Viewpoint("[0 0 1]", (0.0, 0.0, 1.0), (0.0, 1.0, 0.0)),
            Viewpoint("[0 -1 0]", (0.0, -1.0, 0.0), (0.0, 0.0, 1.0)),
            Viewpoint("[1 -3 2]", (1.0, -3.0, 2.0), (0.0, 0.0, 1.0)),
        ),
        named={1: 10, 2: 26},
    ),
)
'''


def test_a_file_of_geometry_is_a_crystal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of an edge of the simple cubic lattice: 5 + 5 nearest sites, 8 + 8 next ones, and four mirrors about the edge."""
    (tmp_path / "simple_cubic.py").write_text(SIMPLE_CUBIC, encoding="utf-8")
    monkeypatch.setattr(geometries, "__path__", [*geometries.__path__, str(tmp_path)])
    geometries.known_geometries.cache_clear()
    try:
        known = named.known_lattices()
        assert list(known)[-2:] == ["sc10", "sc26"]
        small, large = known["sc10"](), known["sc26"]()
        assert (small.n_sites, large.n_sites) == (10, 26)
        assert len(large.symmetry) == len(large.reverse) == 8
        assert {name: len(sites) for name, sites in large.groups.items()} == {"1nn": 10, "2nn": 16}
        assert environment("sc", 2) is large
    finally:
        geometries.known_geometries.cache_clear()
        sys.modules.pop("rbfcore.lattice.geometries.simple_cubic")
