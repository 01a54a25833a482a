"""Generation runs: the same file whatever the number of workers, kills, restarts and full disks on the way."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from rbfcore.barriers.candidates import CandidateStream, occupations_of
from rbfcore.barriers.generation import GenerationRun, generate_steps
from rbfcore.data.load import load_dataset
from tests.rbfcore.barriers.cheap import CheapBarriers

PROGRAM = Path(__file__).with_name("run_cheap.py")
ROOT = Path(__file__).parents[3]
CHEAP = CheapBarriers()


def make(
    out: Path, n: int = 900, chunk: int = 64, seed: int = 5, resume: bool = True, counted: str = "families"
) -> str:
    """Run to the end in this process; the file's hash."""
    run = GenerationRun("110", n, out, seed, counted, chunk)
    steps = list(generate_steps(run, CHEAP, CHEAP.settings(), resume))
    assert steps[-1].done
    return digest(out)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def command(out: Path, n: int = 900, chunk: int = 64, workers: int = 1, seconds: float = 0.0, *more: int) -> list[str]:
    numbers = [str(value) for value in (n, chunk, workers, seconds, *more)]
    return [sys.executable, str(PROGRAM), str(out), "110", *numbers]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An undisturbed run: the reference of the others."""
    out = tmp_path_factory.mktemp("generated") / "whole.npz"
    make(out)
    return out


def test_file_holds_the_first_candidates_up_to_the_nth_success(finished: Path) -> None:
    first = CandidateStream("110", 5).draw()
    occupations = occupations_of(first.codes)
    expected = CHEAP(occupations)
    end = int(np.flatnonzero(expected["status"] == 0)[899]) + 1
    order = np.argsort(first.codes[:end])
    with np.load(finished) as stored:
        np.testing.assert_array_equal(
            np.unpackbits(stored["occupations_packed"], axis=1, count=26), occupations[:end][order]
        )
        np.testing.assert_array_equal(stored["source"], first.source[:end][order])
        np.testing.assert_array_equal(stored["status"], expected["status"][:end][order])
        for name in ("barrier_tethered", "reverse_barrier_free"):
            np.testing.assert_allclose(stored[name], expected[name][:end][order], rtol=0, atol=2.0**-15)
        assert (stored["status"] == 0).sum() == 900


def test_file_is_a_data_set(finished: Path) -> None:
    data = load_dataset(str(finished))
    assert len(data) == 1800  # both directions
    assert data.provenance["surface"] == "110"
    assert data.provenance["settings"]["seed"] == 5
    assert load_dataset(str(finished), target="free").y.shape[0] > 50


def test_two_workers_give_the_same_file(finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "two.npz"
    subprocess.run(command(out, workers=2), env=environment(), check=True, timeout=120)
    assert digest(out) == digest(finished)


def test_ten_kills_and_resumes_give_the_same_file(finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed.npz"
    parts = out.with_suffix(".parts")
    rng = np.random.default_rng(11)
    kills = 0
    for attempt in range(10):
        with subprocess.Popen(command(out, 900, 64, 1, 0.02), env=environment()) as process:
            # The first is killed while it draws candidates, the others at any moment after a chunk more is finished.
            wait_for_more(parts, "chunk-*.npz" if attempt else "*.json", process)
            time.sleep(rng.uniform(0, 0.03))
            process.send_signal(signal.SIGKILL)
            kills += process.wait() == -signal.SIGKILL
    assert kills == 10
    assert not out.exists()
    subprocess.run(command(out), env=environment(), check=True, timeout=120)
    assert digest(out) == digest(finished)
    assert not list(parts.glob(".*"))


def wait_for_more(folder: Path, pattern: str, process: "subprocess.Popen[bytes]") -> None:
    """Until the folder holds more such files than now."""
    before, end = len(list(folder.glob(pattern))), time.monotonic() + 60
    while len(list(folder.glob(pattern))) <= before:
        assert time.monotonic() < end, "nothing happened"
        assert process.poll() is None, "it ended by itself"
        time.sleep(0.002)


def test_full_disk_keeps_what_is_finished(finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "full.npz"
    # The manifest fits into 3 kB; the candidates do not, nor does, when they are there, the finished file into 6 kB.
    for largest in (3_000, None, 6_000):
        limit = [largest] if largest else []
        run = subprocess.run(
            command(out, 900, 64, 1, 0, *limit), env=environment(), timeout=120, stderr=subprocess.PIPE
        )
        if largest is None:
            assert run.returncode == 0
            out.unlink()
            continue
        assert run.returncode == 2
        assert b"everything finished is kept" in run.stderr
        assert not out.exists()
        assert not [*tmp_path.glob(".*"), *out.with_suffix(".parts").glob(".*")]
    subprocess.run(command(out), env=environment(), check=True, timeout=120)
    assert digest(out) == digest(finished)


def test_more_continues_the_same_run(finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "grown.npz"
    make(out, n=300)
    chunk = out.with_suffix(".parts") / "chunk-000000.npz"
    before = chunk.stat().st_mtime_ns
    assert make(out) == digest(finished)
    assert chunk.stat().st_mtime_ns == before


def test_damaged_parts_are_made_again(finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "damaged.npz"
    make(out)
    parts = out.with_suffix(".parts")
    for name in ("candidates-00000.npz", "chunk-000002.npz"):
        content = (parts / name).read_bytes()
        (parts / name).write_bytes(content[: len(content) // 2])
    assert make(out) == digest(finished)


def test_other_settings_are_refused_and_restart_takes_them(tmp_path: Path) -> None:
    out = tmp_path / "set.npz"
    first = make(out, n=100)
    with pytest.raises(ValueError, match=r"other settings \(seed 5 there, 6 now\).*start over"):
        make(out, n=100, seed=6)
    assert make(out, n=100, seed=6, resume=False) != first
    assert make(out, n=100, resume=False) == first


def test_second_run_is_kept_out(tmp_path: Path) -> None:
    run = GenerationRun("110", 100, tmp_path / "busy.npz", chunk=64)
    first = generate_steps(run, CHEAP, CHEAP.settings())
    next(first)
    with pytest.raises(ValueError, match="another run is working"):
        next(generate_steps(run, CHEAP, CHEAP.settings()))
    assert list(first)[-1].done


def test_environments_can_be_counted(tmp_path: Path) -> None:
    make(tmp_path / "all.npz", n=333, counted="environments")
    with np.load(tmp_path / "all.npz") as stored:
        assert len(stored["status"]) == 333


def test_bad_settings(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="whole number"):
        GenerationRun("110", 0, tmp_path / "a.npz")
    with pytest.raises(ValueError, match=r"must be an \.npz"):
        GenerationRun("110", 1, tmp_path / "a.csv")
    with pytest.raises(ValueError, match="does not exist"):
        make(tmp_path / "missing" / "a.npz", n=1)
    with pytest.raises(ValueError, match="unknown counting"):
        GenerationRun("110", 1, tmp_path / "a.npz", counted="rows")
    (tmp_path / "a.parts").mkdir()
    (tmp_path / "a.parts" / "mine.npz").write_bytes(b"precious")
    with pytest.raises(ValueError, match="not a run"):
        make(tmp_path / "a.npz", n=1, resume=False)
    assert (tmp_path / "a.parts" / "mine.npz").read_bytes() == b"precious"


def test_hopeless_settings_stop(tmp_path: Path) -> None:
    def nothing_works(occupations: np.ndarray) -> dict[str, np.ndarray]:
        return {"status": np.full(len(occupations), 4, dtype=np.uint8)}

    with pytest.raises(ValueError, match=r"only 0 of .* have status 0"):
        list(generate_steps(GenerationRun("100", 50, tmp_path / "b.npz", chunk=64), nothing_works, {}))
