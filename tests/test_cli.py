"""The console command as a user meets it: results on good input, one line and exit code 2 on bad input."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from dashboard.cli import main
from rbfcore.network import RBFN
from rbfcore.storage.networks import read_parameters, save_network
from tests.servers import free_port, until_healthy


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A small occupation table: y follows two sites and their product."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 2, (600, 5))
    y = x[:, 0] + 0.5 * x[:, 1] * x[:, 2]
    path = tmp_path / "small.csv"
    pd.DataFrame(np.column_stack([x, y]), columns=[*"abcde", "y"]).to_csv(path, index=False)
    return path


@pytest.fixture
def network(tmp_path: Path) -> Path:
    path = tmp_path / "large.safetensors"
    save_network(RBFN(5, 20, generator=torch.Generator().manual_seed(0)), path, {"unit": "eV"})
    return path


def test_train_then_prune_then_export(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net, pruned = tmp_path / "net.safetensors", tmp_path / "pruned.safetensors"
    assert main(["train", str(table), "-k", "12", "--max-epochs", "20", "-o", str(net), "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["test_rmse"] < card["test_sd"]
    assert card["training"]["n_centroids"] == 12
    assert card["fingerprint"] == read_parameters(net).fingerprint()
    assert set(card["versions"]) == {"python", "rbfscope", "torch", "numpy"}
    assert main(["prune", str(net), "-m", "3", "--restarts", "2", "-o", str(pruned), "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["parent"] == read_parameters(net).fingerprint()
    assert card["distribution"] == "bernoulli:0.5"
    assert main(["export", str(pruned), "--to", "csv", "-o", str(tmp_path / "p.csv")]) == 0
    assert len(pd.read_csv(tmp_path / "p.csv")) == 3 * 5
    assert main(["export", str(pruned), "--to", "json", "-o", str(tmp_path / "p.json")]) == 0
    assert len(json.loads((tmp_path / "p.json").read_text())["prototypes"]) == 3
    assert main(["export", str(pruned), "--to", "pdf", "-o", str(tmp_path / "p.pdf")]) == 0
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF")


def test_prune_under_a_fitted_distribution(
    table: Path, network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "p.safetensors"
    arguments = ["prune", str(network), "-m", "2", "--restarts", "1", "-o", str(out), "-p", f"fit:{table}"]
    assert main(arguments) == 0
    assert "exact RMS gap" in capsys.readouterr().out
    qs = read_parameters(out).metadata["distribution"].removeprefix("bernoulli:").split(",")
    assert np.array(qs, dtype=float) == pytest.approx(pd.read_csv(table).to_numpy()[:, :5].mean(0), abs=0.01)


def test_same_seed_same_network(table: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.safetensors" for name in ("one", "two")]
    for file in files:
        assert main(["train", str(table), "-k", "6", "--max-epochs", "3", "--seed", "4", "-o", str(file)]) == 0
    one, two = map(read_parameters, files)
    assert one.fingerprint() == two.fingerprint()


def test_exported_atoms_are_read_by_ase(tmp_path: Path) -> None:
    """ASE knows nothing of this program: 16 frames of 26 sites, the moving atom and its target, with our numbers."""
    import ase.io

    from rbfcore.data.bundled import assets_folder

    source = assets_folder() / "networks" / "cu100-16.safetensors"
    assert main(["export", str(source), "--to", "xyz", "-o", str(tmp_path / "p.xyz")]) == 0
    frames = ase.io.read(tmp_path / "p.xyz", index=":")
    assert [len(frame) for frame in frames] == [28] * 16
    np.testing.assert_allclose(frames[0].arrays["theta"][:26], read_parameters(source).centroids[0], rtol=1e-6)


def test_events_for_kinetic_monte_carlo(tmp_path: Path, table: Path, network: Path) -> None:
    out = tmp_path / "events.csv"
    assert main(["export", str(network), "--to", "kmc", "-o", str(out), "--temperature", "500"]) == 0
    events = pd.read_csv(out, comment="#", dtype={"occupation": str})
    assert len(events) == 2**5
    assert (events["temperature_K"] == 500).all()
    assert main(["export", str(network), "--to", "kmc", "-o", str(out), "--data", str(table)]) == 0
    assert len(pd.read_csv(out, comment="#")) == 2**5  # 600 rows of 5 sites meet every environment
    assert main(["export", str(network), "--to", "spparks", "-o", str(out)]) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["prune", "NET", "-p", "bernoulli:1.5"], "q must be strictly between 0 and 1"),
        (["prune", "NET", "-p", "uniform:2,1"], "low"),
        (["prune", "NET", "-p", "weird:1"], "weird"),
        (["prune", "NET", "-m", "21"], "between 1 and the network's 20 centroids"),
        (["prune", "NET", "-p", "bernoulli:0.5,0.5"], "2 inputs, the network has 5"),
        (["prune", "absent.safetensors"], "no network file"),
        (["train", "cu999"], "unknown data set 'cu999'"),
        (["train", "DATA", "-k", "0"], "n_centroids must be a whole number"),
        (["train", "DATA", "--recipe", "magic"], "unknown recipe"),
        (["train", "DATA", "--symmetry", "tied"], "26 FCC sites"),
    ],
)
def test_bad_input_is_one_line_and_code_2(
    arguments: list[str],
    message: str,
    table: Path,
    network: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out.safetensors"
    out.write_bytes(b"what was there before")
    places = {"NET": str(network), "DATA": str(table)}
    assert main([*(places.get(a, a) for a in arguments), "-o", str(out)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith("rbfscope: ")
    assert message in printed.err
    assert out.read_bytes() == b"what was there before"


def test_bad_usage_is_code_2() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["prune"])
    assert stopped.value.code == 2


# What a script starts in the background would not hear the interrupt.
_AS_AT_A_TERMINAL = """
import signal, sys
from dashboard.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
"""


def test_the_dashboard_ends_on_interrupt(tmp_path: Path) -> None:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-c", _AS_AT_A_TERMINAL, "app", "--port", str(port)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        until_healthy(f"http://127.0.0.1:{port}")
        server.send_signal(signal.SIGINT)
        said, _ = server.communicate(timeout=30)
    finally:
        server.kill()
    assert (server.returncode, said.splitlines()[-1]) == (130, "rbfscope: stopped")
