"""rbfscope barriers generate and closure, with the real physics on a handful of environments."""

import json
from pathlib import Path

import numpy as np
import pytest

import rbfcore as rc
from dashboard.cli import main
from rbfcore.barriers.computation import compute


def test_generate_and_closure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "cu_100.npz"
    command = ["barriers", "generate", "100", "-n", "12", "--count", "environments", "--chunk", "6", "-o", str(out)]
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["computed"] == 12
    with np.load(out) as stored:
        occupations = np.unpackbits(stored["occupations_packed"], axis=1, count=26)
        again = compute(occupations)
        np.testing.assert_array_equal(stored["status"], again.status)
        np.testing.assert_array_equal(stored["status_free"], again.status_free)
        np.testing.assert_allclose(stored["barrier_tethered"], again.barrier, rtol=0, atol=2.0**-15)
        np.testing.assert_allclose(stored["reverse_barrier_free"], again.reverse_free, rtol=0, atol=2.0**-15)
        successes = int((stored["status"] == 0).sum())
    data = rc.load_dataset(str(out))
    assert len(data) == 2 * successes
    assert data.provenance["settings"]["potential"] == "mishin"

    folder = tmp_path / "complete"
    assert main(["barriers", "closure", str(out), "-o", str(folder), "--budget", "6", "--chunk", "6", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["computed"] <= 6
    assert (folder / "cu_100.npz").is_file()


def test_other_settings_end_with_advice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.parts").mkdir()
    (tmp_path / "a.parts" / "manifest.json").write_text('{"settings": {"seed": 3}}')
    assert main(["barriers", "generate", "100", "-n", "1", "-o", str(tmp_path / "a.npz")]) == 2
    error = capsys.readouterr().err
    assert "seed 3 there, 0 now" in error
    assert "--restart" in error
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-n", "0"], "whole number >= 1"),
        (["-n", "5", "--tether", "-1"], "tether must be"),
        (["-n", "5", "--workers", "0"], "workers must be"),
        (["-n", "5", "--seed", "-2"], "seed must be"),
    ],
)
def test_bad_settings(options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["barriers", "generate", "111", "-o", str(tmp_path / "a.npz"), *options]) == 2
    assert message in capsys.readouterr().err


def test_closure_needs_a_set_that_says_how_it_was_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from rbfcore.data.bundled import bundled_path

    path = tmp_path / "old.npz"
    with np.load(bundled_path("cu100")) as stored:
        arrays = {name: stored[name] for name in stored.files if name != "provenance"}
    facts = {"surface": "100", "settings": {"potential": "mishin"}}
    np.savez(path, provenance=np.array(json.dumps(facts)), **arrays)
    assert main(["barriers", "closure", str(path), "-o", str(tmp_path / "out")]) == 2
    assert "does not say its tether_eV_per_A2, free, r_mobile" in capsys.readouterr().err
