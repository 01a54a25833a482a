"""The same run on a Dask cluster of processes, one of which is killed on the way."""

import hashlib
import os
import signal
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from rbfcore.barriers import parallel
from rbfcore.barriers.generation import GenerationRun, generate_steps
from tests.rbfcore.barriers.cheap import CheapBarriers


def test_a_killed_worker_changes_nothing(tmp_path: Path) -> None:
    local, remote = (GenerationRun("100", 700, tmp_path / name, 2, chunk=32) for name in ("local.npz", "dask.npz"))
    compute = CheapBarriers()
    for _ in generate_steps(local, compute, compute.settings()):
        pass

    slow = CheapBarriers(0.05)
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        Client(cluster) as client,
    ):
        pids = client.run(os.getpid)
        killed = []
        for number, step in enumerate(generate_steps(remote, slow, compute.settings(), dask=cluster.scheduler_address)):
            if number == 3:
                os.kill(next(iter(pids.values())), signal.SIGKILL)
                killed.append(step)
        assert len(killed) == 1
        assert not killed[0].done
        assert set(client.run(os.getpid).values()) != set(pids.values())  # the cluster has replaced it
    files = [hashlib.sha256(run.out.read_bytes()).hexdigest() for run in (local, remote)]
    assert files[0] == files[1]


def test_no_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "CONNECT_SECONDS", 1.0)
    run = GenerationRun("100", 10, tmp_path / "a.npz", chunk=32)
    with pytest.raises(ValueError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"):
        list(generate_steps(run, CheapBarriers(), {}, dask="tcp://127.0.0.1:9"))
