"""The commands of the studies on a few rows: files appear, a second call computes nothing, bad input is one line."""

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from dashboard.cli import main
from dashboard.figures.paper.figure2 import edge_on
from rbfcore.lattice import environment

FEW = ["--limit", "150", "--max-epochs", "2"]


def run(*words: str) -> int:
    return main(["reproduce", *words])


def test_table1_figure3_and_a_report_of_what_is_finished(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = [*FEW, "--surface", "100", "--splits", "2", "-o", str(tmp_path), "--models", "ridge", "rbfn-8-fast"]
    assert run("table1", *options, "--report") == 0
    assert json.loads((tmp_path / "table1.json").read_text())["cells"] == {"finished": 0, "of": 4}
    assert run("table1", *options) == 0
    first = capsys.readouterr().out
    assert "{100}: ridge wins with" in first or "{100}: rbfn-8-fast wins with" in first
    card = json.loads((tmp_path / "table1.json").read_text())
    assert card["cells"] == {"finished": 4, "of": 4}
    assert set(card["data"]) == {"cu100"}
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "cells").iterdir()}
    assert run("table1", *options) == 0
    assert stamps == {path: path.stat().st_mtime_ns for path in (tmp_path / "cells").iterdir()}
    found = pd.read_csv(tmp_path / "table1.csv", dtype={"surface": str})
    assert found.model.tolist() == ["ridge", "rbfn-8-fast"]
    assert "| ridge | ." in (tmp_path / "table1.md").read_text()
    assert run("figure3", "--limit", "150", "-o", str(tmp_path)) == 0
    assert (tmp_path / "figure3.pdf").read_bytes().startswith(b"%PDF")


def test_figure5_statements_and_their_prototypes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = [*FEW, "--surface", "111", "--splits", "2", "-o", str(tmp_path), "--model", "rbfn-16-fast-tied"]
    options += ["--prototypes", "3", "--restarts", "2", "--sizes", "1", "2"]
    assert run("figure5", *options) == 0
    assert "1nn sites matter more than 2nn sites | {111} | Shapley effect" in capsys.readouterr().out
    for name in ("figure5", "figure5-gauge-free"):
        assert ElementTree.parse(tmp_path / f"{name}.svg").getroot().tag.endswith("svg")
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    card = json.loads((tmp_path / "statements.json").read_text())
    assert set(card["groups"]["111"]["opacity"]) == {"1nn", "2nn other layers"}
    assert len(card["networks"]["111"]) == 2
    assert run("prototypes", "--study", "--limit", "150", "--surface", "111", "-o", str(tmp_path)) == 0
    drawn = ElementTree.parse(tmp_path / "prototypes-111.svg").getroot()
    assert sum(node.get("data-prototype") is not None for node in drawn.iter()) == 3


def test_drawings_of_the_sites_and_of_bundled_prototypes(tmp_path: Path) -> None:
    assert run("figure2", "-o", str(tmp_path)) == 0
    assert run("figure4", "-o", str(tmp_path), "--surface", "110", "--prototypes", "2", "16") == 0
    assert run("prototypes", "-o", str(tmp_path), "--surface", "111", "--opacity", "gauge-free") == 0
    for name in ("figure2", "figure4-110", "prototypes-111"):
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    drawn = ElementTree.parse(tmp_path / "figure4-110.svg").getroot()
    assert [node.get("data-prototype") for node in drawn.iter() if node.get("data-prototype")] == ["2", "16"]
    drawn = ElementTree.parse(tmp_path / "prototypes-111.svg").getroot()
    assert sum(node.get("data-view") is not None for node in drawn.iter()) == 16 * 4


@pytest.mark.parametrize("surface", ["100", "110", "111"])
def test_surfaces_are_seen_along_their_plane(surface: str) -> None:
    """Sites of a layer lie on one line of the screen, higher layers higher, and the jump runs across it."""
    env = environment("fcc", 2)
    right, up, _ = edge_on(env, surface).rotation()
    heights = env.positions @ up
    for layer in set(env.layer[surface].tolist()):
        assert np.ptp(heights[env.layer[surface] == layer]) < 1e-9
    assert np.corrcoef(heights, env.layer[surface])[0, 1] == pytest.approx(1)
    assert abs(right @ env.target) == pytest.approx(np.linalg.norm(env.target))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["table1", "--models", "svm"], "unknown model 'svm'"),
        (["table1", "--splits", "0"], "splits must be >= 1"),
        (["figure3"], "run `rbfscope reproduce table1"),
        (["figure4", "--prototypes", "17"], "takes numbers from 1 to 16"),
        (["prototypes", "--study"], "run `rbfscope reproduce figure5"),
        (["figure5", "--report"], "no finished networks"),
        (["committee", "--splits", "1"], "at least two members"),
    ],
)
def test_bad_input_is_one_line(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words, "-o", str(tmp_path)) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
