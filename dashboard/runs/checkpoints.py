"""Trainings that a crash of the server cut short: their files, and who may still be writing them.

A file is called OWNER-TOKEN.safetensors after the process that writes it. Whoever goes on with it renames it first, so
that of two servers only one can.
"""

import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from rbfcore.training.checkpoint import Checkpoint

FOLDER_VARIABLE = "RBFSCOPE_STATE"
_SUFFIX = ".safetensors"
_BEGAN = 19  # place of a process's start among the facts that Linux tells after its name; the first is its state
_ENDED = ("Z", "X")  # states of a process that is over, though nobody has asked for its exit code yet
_MOST_KEPT = 20
_HALF_WRITTEN_FOR = 3600.0  # seconds until a temporary file counts as left by a crash
_lock = threading.Lock()
_writing: set[Path] = set()  # files of trainings that go on in this process


@dataclass(frozen=True)
class Interrupted:
    """A training that nobody is working on any more.

    Attributes:
        path: its file.
        title: one line for the screen.
        dataset, data_fingerprint: the rows it needs.
        choice: settings, as `TrainChoice` takes them.
        epoch: the last one that was kept; max_epochs: how many there were to be, None when the rule says.
        age: seconds since it was kept.
        epoch_seconds: what an epoch took, in the middle.
    """

    path: Path
    title: str
    dataset: str
    data_fingerprint: str
    choice: dict[str, Any]
    epoch: int
    max_epochs: int | None
    age: float
    epoch_seconds: float


def checkpoint_folder() -> Path | None:
    """Where trainings are kept while they go on: $RBFSCOPE_STATE, or .local/state/rbfscope in the home folder.

    None when there is no such folder and none can be made: trainings then go on without.
    """
    chosen = os.environ.get(FOLDER_VARIABLE)
    try:
        folder = Path(chosen) if chosen else Path.home() / ".local" / "state" / "rbfscope"
        folder = folder / "trainings"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder if os.access(folder, os.W_OK) else None


def new_checkpoint(**about: Any) -> "Checkpoint | None":
    """A checkpoint of its own for a training that begins; `about` is what `Interrupted` says again later."""
    from rbfcore.training.checkpoint import Checkpoint

    folder = checkpoint_folder()
    if folder is None:
        return None
    half = [path for path in folder.glob(".*") if time.time() - _written(path) > _HALF_WRITTEN_FOR]
    for forgotten in half + _kept(folder)[_MOST_KEPT:]:
        forgotten.unlink(missing_ok=True)
    return Checkpoint(folder / f"{_owner()}-{secrets.token_hex(8)}{_SUFFIX}", about=about)


def checkpoint_again(interrupted: Interrupted) -> "Checkpoint":
    """The checkpoint of a training that is to go on, now in the name of this process.

    Raises:
        ValueError: it has been discarded, or another server goes on with it.
    """
    from rbfcore.training.checkpoint import Checkpoint, checkpoint_card

    path = interrupted.path
    ours = path.with_name(f"{_owner()}-{path.name.rpartition('-')[2]}")
    try:
        path.rename(ours)
    except FileNotFoundError:
        raise ValueError("this training was discarded, or goes on elsewhere: load the page again") from None
    return Checkpoint(ours, about=checkpoint_card(ours)["about"])


@contextmanager
def being_written(path: Path) -> Iterator[None]:
    """While a training of this process keeps its state there."""
    with _lock:
        if path in _writing:
            raise ValueError("this training goes on already, in another tab")
        _writing.add(path)
    try:
        yield
    finally:
        with _lock:
            _writing.discard(path)


def interrupted() -> list[Interrupted]:
    """What can be gone on with, newest first. Files that are no checkpoints are left alone."""
    from rbfcore.training.checkpoint import checkpoint_card

    folder = checkpoint_folder()
    left = []
    for path in [] if folder is None else _kept(folder):
        try:
            owner = path.name.rpartition("-")[0]
            if path not in _writing and (owner == _owner() or not _alive(owner)):
                card = checkpoint_card(path)
                about, training = card["about"], card["training"]
                left.append(
                    Interrupted(
                        path,
                        str(about["title"]),
                        str(about["dataset"]),
                        str(about["data_fingerprint"]),
                        dict(about["choice"]),
                        int(card["history"][-1]["epoch"]),
                        training["max_epochs"],
                        max(0.0, time.time() - _written(path)),
                        float(np.median(np.diff([0.0, *(past["seconds"] for past in card["history"])]))),
                    )
                )
        except (ValueError, KeyError, TypeError, IndexError, OverflowError):
            continue
    return left


def _kept(folder: Path) -> list[Path]:
    """Files of trainings, newest first."""
    return sorted(folder.glob(f"[!.]*{_SUFFIX}"), key=_written, reverse=True)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # removed meanwhile
        return 0.0


def _owner(process: int | None = None) -> str:
    """A process (this one), told apart from a later one of the same number by when it began, where that is known."""
    number = os.getpid() if process is None else process
    try:
        facts = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        return f"{number}-{0 if facts[0] in _ENDED else facts[_BEGAN]}"
    except (OSError, IndexError):
        return f"{number}-0"


def _alive(owner: str) -> bool:
    process = int(owner.partition("-")[0])
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it lives and is somebody else's
        pass
    return _owner(process) == owner
