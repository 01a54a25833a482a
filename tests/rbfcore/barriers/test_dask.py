"""The same run on a Dask cluster of processes, one of which is killed on the way."""

import hashlib
import os
import signal
from pathlib import Path

import pytest
from distributed import LocalCluster

from rbfcore.barriers import parallel
from rbfcore.barriers.generation import GenerationRun, generate_steps
from tests.rbfcore.barriers.cheap import CheapBarriers


def test_a_killed_worker_changes_nothing(tmp_path: Path) -> None:
    local, remote = (GenerationRun("100", 700, tmp_path / name, 2, chunk=32) for name in ("local.npz", "dask.npz"))
    compute = CheapBarriers()
    for _ in generate_steps(local, compute, compute.settings()):
        pass

    slow = CheapBarriers(0.05)
    # No client of its own here: the run must not depend on one.
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        pids = {name: worker.pid for name, worker in cluster.workers.items()}
        assert len(set(pids.values())) == 2
        killed = []
        for number, step in enumerate(generate_steps(remote, slow, compute.settings(), dask=cluster.scheduler_address)):
            if number == 3:
                os.kill(next(iter(pids.values())), signal.SIGKILL)
                killed.append(step)
        assert len(killed) == 1
        assert not killed[0].done
    files = [hashlib.sha256(run.out.read_bytes()).hexdigest() for run in (local, remote)]
    assert files[0] == files[1]


def test_no_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "CONNECT_SECONDS", 1.0)
    run = GenerationRun("100", 10, tmp_path / "a.npz", chunk=32)
    with pytest.raises(ValueError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"):
        list(generate_steps(run, CheapBarriers(), {}, dask="tcp://127.0.0.1:9"))
