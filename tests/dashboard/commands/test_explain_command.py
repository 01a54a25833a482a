"""rbfscope explain and rbfscope table, from files to files."""

import json
from pathlib import Path

import numpy as np
import pytest

import rbfcore as rc
from dashboard.cli import main
from rbfcore.parameters import Parameters
from rbfcore.storage.networks import write_parameters
from tests.rbfcore.explain.networks import small_network


@pytest.fixture
def network(tmp_path: Path) -> Path:
    net = small_network(9, 6)
    path = tmp_path / "net.safetensors"
    write_parameters(Parameters(net.alpha, net.beta, net.gamma, net.centroids, {"unit": "eV"}), path)
    return path


@pytest.mark.parametrize("ending", ["html", "json", "csv"])
def test_explain_writes_each_form(
    network: Path, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / f"report.{ending}"
    assert main(["explain", str(network), "-p", "bernoulli:0.3", "-o", str(output)]) == 0
    text = output.read_text(encoding="utf-8")
    assert text.startswith({"html": "<!doctype html>", "json": "{", "csv": "input,first"}[ending])
    said = capsys.readouterr().out
    assert "bernoulli:0.3" in said
    assert "eV" in said


def test_explain_prints_json(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(network), "-p", "uniform:-1,1", "-o", str(tmp_path / "r.json"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["card"]["distribution"] == "uniform:-1,1"
    assert found == json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))


def test_table_is_the_network(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "table.npy"
    assert main(["table", str(network), "-o", str(output), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    table = np.load(output, allow_pickle=False)
    np.testing.assert_array_equal(table, rc.enumerate_binary(rc.read_parameters(network)))
    assert facts["highest"]["response"] == table.max()
    assert facts["lowest"]["index"] == table.argmin()
    assert facts["lowest"]["filled"] == [d + 1 for d in range(9) if table.argmin() >> d & 1]
    assert facts["mean"] == pytest.approx(table.mean(), rel=1e-6)
    assert facts["largest_rounding_error_seen"] < 1e-5
    assert main(["table", str(network), "-o", str(output)]) == 0
    assert "512 environments" in capsys.readouterr().out


def test_table_against_another(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.safetensors"
    write_parameters(small_network(9, 2, seed=5), other)
    assert main(["table", str(network), "--against", str(other), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["rms_gap"] == rc.table_comparison(rc.read_parameters(network), rc.read_parameters(other)).rms
    assert main(["table", str(network), "--against", str(other)]) == 0
    assert "worst" in capsys.readouterr().out
    assert list(tmp_path.glob("*.npy")) == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["explain", "NET", "-o", "report.pdf"], "must end in .html, .json or .csv"),
        (["explain", "NET", "-p", "poisson:1", "-o", "r.json"], "unknown distribution"),
        (["explain", "NET", "-p", "bernoulli:0.1,0.2", "-o", "r.json"], "network has 9"),
        (["explain", "missing.safetensors", "-o", "r.json"], "no network file"),
        (["explain", "NET", "-o", "nowhere/r.json"], "does not exist"),
        (["table", "NET"], "say where to write"),
        (["table", "NET", "-o", "table.csv"], "must end in .npy"),
        (["table", "NET", "--against", "missing.safetensors"], "no network file"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    network: Path,
    words: list[str],
    reason: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(network.parent)
    assert main([str(network) if word == "NET" else word for word in words]) == 2
    said = capsys.readouterr().err
    assert reason in said
    assert said.count("\n") == 1
    assert [path.name for path in network.parent.iterdir()] == [network.name]
