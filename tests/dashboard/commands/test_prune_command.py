"""rbfscope prune: options reach the solver, and what single precision cannot hold is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from dashboard.cli import main
from rbfcore.network import RBFN
from rbfcore.storage.networks import load_network, save_network


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.safetensors"
    save_network(RBFN(6, 30, dtype=torch.float64, generator=torch.Generator().manual_seed(0)), path, {"unit": "eV"})
    return path


def test_options_reach_the_run_card(large: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "small.safetensors"
    arguments = ["prune", str(large), "-m", "3", "--restarts", "2", "--slope-cap", "0.5", "--ridge", "0.01"]
    assert main([*arguments, "-o", str(out), "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["pruning"]["slope_cap"] == 0.5
    assert card["pruning"]["ridge"] == 0.01
    assert card["float32_safe"] is True
    assert card["rms_gap"] == pytest.approx(card["loss"] ** 0.5)
    network = load_network(out)
    slopes = 2 * network.gamma.detach() * network.centroids.detach()
    assert float(torch.tanh(slopes).abs().max()) <= 0.5 + 1e-6


def test_a_width_per_prototype_on_continuous_inputs(large: Path, tmp_path: Path) -> None:
    out = tmp_path / "small.safetensors"
    arguments = ["prune", str(large), "-m", "3", "--restarts", "2", "-p", "normal:0,1", "--per-prototype-gamma"]
    assert main([*arguments, "-o", str(out)]) == 0
    assert load_network(out).log_gamma.shape == (3,)


def test_a_network_that_single_precision_cannot_evaluate_is_not_written(
    large: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rbfcore.pruning.prune.float32_error", lambda *_: float(np.inf))
    out = tmp_path / "small.safetensors"
    assert main(["prune", str(large), "-m", "3", "--restarts", "1", "-o", str(out)]) == 2
    assert "use a larger ridge or a lower slope cap" in capsys.readouterr().err
    assert not out.exists()
