"""rbfscope prune-path, symmetry and compare against the library, which has its own tests."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch

import rbfcore as rc
from dashboard.cli import main
from rbfcore.lattice import environment

HALF = rc.Bernoulli(0.5)


def saved(path: Path, k: int, seed: int, **card: str) -> Path:
    network = rc.RBFN(26, k, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    rc.save_network(network, path, {"unit": "eV", **card})
    return path


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return saved(tmp_path / "large.safetensors", 40, 0, lattice="fcc26")


def test_path_writes_curve_and_networks(large: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    curve = tmp_path / "curve.csv"
    arguments = ["prune-path", str(large), "--sizes", "2,1,4", "--restarts", "2", "--networks", str(tmp_path)]
    assert main([*arguments, "-o", str(curve), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    with curve.open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["n_prototypes"]) for row in rows] == [1, 2, 4]
    gaps = [float(row["rms_gap"]) for row in rows]
    assert gaps == sorted(gaps, reverse=True)
    for row, printed in zip(rows, facts["curve"], strict=True):
        small = rc.load_network(row["network"])
        assert small.n_centroids == printed["n_prototypes"]
        loss = float(rc.pruning_loss(rc.load_network(large), small, HALF).detach())
        assert loss == pytest.approx(float(row["loss"]), rel=1e-6)


@pytest.mark.parametrize("sizes", ["", "1,x", "0,2"])
def test_bad_sizes_are_refused(large: Path, sizes: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prune-path", str(large), "--sizes", sizes]) == 2
    assert "--sizes must be whole numbers" in capsys.readouterr().err


def test_symmetry_measures_averages_and_prunes_again(
    large: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "symmetric.safetensors"
    arguments = ["symmetry", str(large), "-o", str(out), "--stability", "2", "-m", "2", "--restarts", "1", "--json"]
    assert main(arguments) == 0
    facts = json.loads(capsys.readouterr().out)
    env = environment("fcc", 2)
    assert facts["invariance_gap"] == pytest.approx(rc.invariance_gap(rc.load_network(large), env, HALF))
    assert len(facts["prototypes"]) == 40
    assert len(facts["stability"]["prototypes"]) == 2
    assert main(["symmetry", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["invariance_gap"] < 1e-9


def test_symmetry_asks_for_a_lattice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = saved(tmp_path / "bare.safetensors", 3, 0)
    assert main(["symmetry", str(bare)]) == 2
    assert "--lattice" in capsys.readouterr().err
    assert main(["symmetry", str(bare), "--lattice", "bcc20"]) == 2
    assert "20 sites" in capsys.readouterr().err
    assert main(["symmetry", str(bare), "--lattice", "fcc26"]) == 0


def test_compare_finds_the_images_of_a_permuted_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = saved(tmp_path / "a.safetensors", 5, 1, lattice="fcc26")
    network = rc.load_network(a)
    order, image = torch.tensor([3, 0, 4, 1, 2]), torch.from_numpy(environment("fcc", 2).symmetry[1])
    moved = rc.RBFN.from_parameters(
        network.alpha, network.beta[order], network.gamma, network.centroids[order][:, image]
    )
    b = tmp_path / "b.safetensors"
    rc.save_network(moved, b, {})
    assert main(["compare", str(a), str(b), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert [pair["prototype_b"] for pair in facts["pairs"]] == [2, 4, 5, 1, 3]
    assert facts["mean_similarity"] == pytest.approx(1, abs=1e-6)
    assert facts["loss"] == pytest.approx(float(rc.pruning_loss(network, moved, HALF).detach()))
    assert main(["compare", str(a), str(b)]) == 0
    assert "mean similarity 1.000" in capsys.readouterr().out


def test_compare_refuses_networks_on_different_lattices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both have 26 sites."""
    a = saved(tmp_path / "a.safetensors", 3, 0, lattice="fcc26")
    b = saved(tmp_path / "b.safetensors", 3, 1, lattice="hcp-basal26")
    assert main(["compare", str(a), str(b)]) == 2
    assert "lives on the lattice fcc26" in capsys.readouterr().err


def test_atoms_of_a_network_that_names_no_lattice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare, out = saved(tmp_path / "bare.safetensors", 2, 0), tmp_path / "atoms.xyz"
    assert main(["export", str(bare), "--to", "xyz", "-o", str(out)]) == 2
    assert "give --lattice" in capsys.readouterr().err
    assert main(["export", str(bare), "--to", "xyz", "-o", str(out), "--lattice", "hcp-basal26"]) == 0
    rows = [line.split() for line in out.read_text(encoding="utf-8").splitlines()[2:28]]
    places = [[float(number) for number in row[1:4]] for row in rows]
    np.testing.assert_allclose(places, environment("hcp", 2).positions, atol=1e-7)
