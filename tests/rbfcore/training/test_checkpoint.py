"""Interrupted training: goes on from the file and ends, to the bit, as it would have without the interruption."""

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import rbfcore as rc
from dashboard.commands.train import train_and_save
from rbfcore.data.dataset import DataSet
from rbfcore.training.checkpoint import Checkpoint, checkpoint_card
from rbfcore.training.settings import TrainSettings, train_settings
from rbfcore.training.train import TrainStep, steps


@pytest.fixture(scope="module")
def rows() -> tuple[DataSet, DataSet]:
    train, validation, _ = rc.load_dataset("cu100", limit=400).split(seed=0)
    return train, validation


WAYS: dict[str, dict[str, Any]] = {
    "tied, cosine": {"max_epochs": 6, "tied_orbits": True},
    "images": {"max_epochs": 6, "symmetric_images": True},
    "plateau": {"recipe": "paper", "patience": 0, "cooldown": 1, "max_epochs": 9},
}


def facts(step: TrainStep) -> tuple[object, ...]:
    """All but the seconds."""
    return (step.epoch, step.train_rmse, step.validation_rmse, step.best_validation_rmse, step.learning_rate, step.done)


@pytest.mark.parametrize("way", WAYS)
def test_resumed_equals_uninterrupted(way: str, rows: tuple[DataSet, DataSet], tmp_path: Path) -> None:
    settings = train_settings(32, **WAYS[way])
    whole = list(steps(*rows, settings))
    checkpoint = Checkpoint(tmp_path / "state.safetensors", every=0, about={"dataset": "cu100"})
    for _ in itertools.islice(steps(*rows, settings, checkpoint), 3):
        pass
    assert len(checkpoint_card(checkpoint.path)["history"]) == 3
    resumed = list(steps(*rows, settings, checkpoint))
    assert [facts(step) for step in resumed] == [facts(step) for step in whole]
    assert resumed[-1].network.fingerprint() == whole[-1].network.fingerprint()
    assert [step.seconds for step in resumed] == sorted(step.seconds for step in resumed)
    again = list(steps(*rows, settings, checkpoint))  # nothing is left to do
    assert [facts(step) for step in again] == [facts(step) for step in whole]
    assert again[-1].network.fingerprint() == whole[-1].network.fingerprint()


CHILD = """
import sys
import rbfcore as rc
from pathlib import Path
from rbfcore.training.checkpoint import Checkpoint
from rbfcore.training.settings import train_settings
from rbfcore.training.train import steps

train, validation, _ = rc.load_dataset("cu100", limit=40_000).split(seed=0)
kept = [Checkpoint(Path(path), every=0) for path in sys.argv[2:]]
*_, last = steps(train, validation, train_settings(32, max_epochs=8), *kept)
rc.save_network(rc.RBFN.from_plain(last.network), sys.argv[1])
"""


def test_killed_in_the_middle(tmp_path: Path) -> None:
    """kill -9 while a process trains; the same program again ends with the network of an undisturbed run."""
    kept, killed, whole = (tmp_path / f"{name}.safetensors" for name in ("state", "killed", "whole"))
    program = [sys.executable, "-c", CHILD]
    running = subprocess.Popen([*program, killed, kept])
    while not kept.exists() and running.poll() is None:
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert 1 <= len(checkpoint_card(kept)["history"]) < 8
    subprocess.run([*program, killed, kept], check=True)
    subprocess.run([*program, whole], check=True)
    assert rc.read_parameters(killed).fingerprint() == rc.read_parameters(whole).fingerprint()


def test_the_command_goes_on_and_clears_up(rows: tuple[DataSet, DataSet], tmp_path: Path) -> None:
    data = rc.load_dataset("cu100", limit=400)
    settings, kept = train_settings(16, max_epochs=4), tmp_path / "state.safetensors"
    next(steps(*rows, settings, Checkpoint(kept, every=0)))
    resumed = train_and_save(data, settings, tmp_path / "net.safetensors", checkpoint=kept)
    assert not kept.exists()
    whole = train_and_save(data, settings, tmp_path / "whole.safetensors")
    assert resumed.fingerprint == whole.fingerprint
    assert resumed.epochs == whole.epochs == 4


def test_another_training_is_refused_and_kept(rows: tuple[DataSet, DataSet], tmp_path: Path) -> None:
    train, validation = rows
    checkpoint = Checkpoint(tmp_path / "state.safetensors", every=0)
    settings = TrainSettings(n_centroids=8, max_epochs=2)
    next(steps(train, validation, settings, checkpoint))
    before = checkpoint.path.read_bytes()
    with pytest.raises(ValueError, match=r"other settings \(seed 0, max_epochs 2\)"):
        steps(train, validation, TrainSettings(n_centroids=8, max_epochs=3, seed=1), checkpoint)
    with pytest.raises(ValueError, match=r"state\.safetensors belongs to a training with other rows"):
        steps(validation, train, settings, checkpoint)
    assert checkpoint.path.read_bytes() == before


def test_files_that_are_no_checkpoint(rows: tuple[DataSet, DataSet], tmp_path: Path) -> None:
    network = tmp_path / "net.safetensors"
    rc.save_network(rc.RBFN(3, 4), network)
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"half a file")
    for path in (network, damaged, tmp_path / "missing.safetensors"):
        with pytest.raises(ValueError, match=f"{path.name} holds no checkpoint of a training"):
            checkpoint_card(path)
    with pytest.raises(ValueError, match=r"damaged\.safetensors holds no checkpoint"):
        steps(*rows, TrainSettings(), Checkpoint(damaged))
    with pytest.raises(ValueError, match=r"stored as \.safetensors, got 'state.pt'"):
        steps(*rows, TrainSettings(), Checkpoint(tmp_path / "state.pt"))
