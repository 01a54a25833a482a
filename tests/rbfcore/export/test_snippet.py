"""Exported code runs, with the numbers of the view, and refuses another network."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import rbfcore as rc
from rbfcore.data.bundled import assets_folder
from rbfcore.export.snippet import importance_snippet, prototypes_snippet, toy_snippet
from rbfcore.parameters import Parameters
from rbfcore.storage.networks import write_parameters
from rbfcore.studies.toy_networks import toy_network

ROOT = Path(__file__).parents[3]


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "view.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "view.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def own(**metadata: object) -> Parameters:
    rng = np.random.default_rng(1)
    return Parameters.checked(0.1, rng.normal(size=6), 0.2, rng.normal(size=(6, 7)), {"unit": "eV", **metadata})


def test_bundled_prototypes_and_their_pruning_again(tmp_path: Path) -> None:
    net = rc.read_parameters(assets_folder() / "networks" / "cu111-16.safetensors")
    done = run(prototypes_snippet("cu111-16", net, shown=[1, 2]), tmp_path)
    assert done.returncode == 0, done.stderr
    opacity = rc.site_opacity(net, normalised=True)
    assert f"site   9  opacity {opacity.mean[8]:.3f} +- {opacity.std[8]:.3f}" in done.stdout
    again = float(done.stdout.rsplit("exact RMS gap", 1)[1])
    assert again == pytest.approx(net.metadata["rms_gap"], rel=0.02)  # another processor may round differently


def test_importance_of_ones_own_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    net = own()
    write_parameters(net, tmp_path / "mine.safetensors")
    p = rc.Uniform(-1.5, 2.0)
    found = rc.sobol(net, p)
    monkeypatch.chdir(tmp_path)
    exec(importance_snippet("mine", net, p.describe(), found.variance), {})
    best = int(np.argmax(rc.shapley_effects(net, p)))
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith(f"{best + 1:3}  Shapley"))
    assert f"first {found.first[best]:.4f}  total {found.total[best]:.4f}" in line


def test_toy_functions(capsys: pytest.CaptureFixture[str]) -> None:
    """The loss that the code checks is the one of the same pruning here."""
    p = rc.Uniform(-2, 2)
    shown = rc.prune(rc.RBFN.from_plain(toy_network(1)), p, 2, restarts=2, seed=0)
    exec(toy_snippet(1, p.describe(), 2, 2, 0, shown.loss), {})
    assert f"loss {shown.loss:.4g}" in capsys.readouterr().out
    with pytest.raises(AssertionError):
        exec(toy_snippet(1, p.describe(), 2, 2, 0, 2 * shown.loss), {})


def test_another_network_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_parameters(own(), tmp_path / "mine.safetensors")
    other = Parameters.checked(0.2, own().beta, 0.2, own().centroids)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AssertionError, match="another network"):
        exec(prototypes_snippet("mine", other), {})


def test_no_code_for_what_has_no_short_name() -> None:
    with pytest.raises(ValueError, match="unknown distribution"):
        importance_snippet("mine", own(), "mixture of 3", 1.0)
