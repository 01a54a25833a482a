"""Figure 1: the losses the paper's problem allows, and a figure in both formats."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dashboard.cli import main


def test_figure1_reaches_its_losses_and_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "figure1", "-o", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    card = json.loads((tmp_path / "figure1.json").read_text())
    assert card["validation_rmse"] < 0.01
    assert card["pruned"]["normal:0,1"]["loss"] < 4e-3
    assert card["pruned"]["uniform:-4,4"]["loss"] < 1.7e-2
    assert all(len(pruned["centroids"]) == 3 for pruned in card["pruned"].values())
    assert ElementTree.parse(tmp_path / "figure1.svg").getroot().tag.endswith("svg")
    assert (tmp_path / "figure1.pdf").read_bytes().startswith(b"%PDF")
    assert "100 -> 3 centroids under normal:0,1" in printed


def test_absent_folder_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "figure1", "-o", str(tmp_path / "nowhere")]) == 2
    assert "does not exist; create it first" in capsys.readouterr().err
