"""A server that is killed while it trains: the page of the next one offers to go on, and ends with the same network."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dashboard.drawing.words import pace
from dashboard.runs.checkpoints import FOLDER_VARIABLE, _owner, checkpoint_folder, interrupted
from dashboard.runs.jobs import Status, job_registry
from dashboard.runs.work import TrainChoice, train_work
from dashboard.shelf.shelf import Shelf
from rbfcore.training.checkpoint import checkpoint_card
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import address, button, tiny_data

CHOICE = TrainChoice(8, "fast", 0, 320, 40, {"max_epochs": 300, "tied_orbits": True})
CHILD = """
import rbfcore.training.checkpoint as checkpoint
from dashboard.runs.jobs import Job
from dashboard.shelf.shelf import Shelf
from tests.dashboard.runs.test_interrupted import CHOICE, tiny_data, train_work

plain = checkpoint.CheckpointFile.write
checkpoint.CheckpointFile.write = lambda self, state, last: plain(self, state, last=True)  # after every epoch
job = Job(train_work(tiny_data(400), CHOICE, Shelf()))
job.start()
job.join()
"""
PATIENCE = 60.0


@pytest.fixture
def cut_short(state_folder: Path) -> Path:
    """The file that a killed process leaves."""
    child = subprocess.Popen([sys.executable, "-c", CHILD])
    while not list(state_folder.glob("[!.]*")) and child.poll() is None:
        time.sleep(0.01)
    assert interrupted() == []  # somebody is working on it
    os.kill(child.pid, signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    if Path("/proc").is_dir():
        assert len(interrupted()) == 1  # nobody, though the system still lists the dead process
    assert child.wait() == -signal.SIGKILL
    (left,) = state_folder.glob("[!.]*")
    return left


def test_goes_on_and_ends_as_if_nothing_had_been(cut_short: Path, open_page: OpenPage, shelf: Shelf) -> None:
    epochs = len(checkpoint_card(cut_short)["history"])
    assert 1 <= epochs < 300
    shelf.add_dataset("tiny", tiny_data(400))
    page = open_page("train", data="tiny")
    (kept,) = [caption.value for caption in page.caption if f"Kept after epoch {epochs} of 300" in caption.value]
    assert " more." in kept
    button(page, "Go on").click()
    page.run()
    job = job_registry().get(address(page, "run"))
    assert job is not None
    job.join(PATIENCE)
    view = job.view()
    assert view.status is Status.FINISHED, view.error
    assert view.history[0][0] == 1  # the curve begins where the first run began
    whole = train_work(tiny_data(400), CHOICE, Shelf())
    *_, last = whole.steps()
    assert view.outcome.network.fingerprint() == whole.finish(last).network.fingerprint()
    assert not [path for path in cut_short.parent.iterdir() if not path.name.startswith(".")]  # halves go later
    page.run()
    assert not [found for found in page.button if found.label == "Go on"]
    assert any(f"since it went on after epoch {epochs}" in caption.value for caption in page.caption)
    (shown,) = [metric.value for metric in page.metric if metric.label == "Time per epoch"]
    assert shown == pace(view.seconds / (300 - epochs))


def test_rows_that_are_gone_are_asked_for(cut_short: Path, open_page: OpenPage) -> None:
    page = open_page("train")
    button(page, "Go on").click()
    page.run()
    assert ["upload that data set in the Library again" in error.value for error in page.error] == [True]
    assert cut_short.exists()
    button(page, "Discard").click()
    page.run()
    assert not cut_short.exists()
    assert not page.exception


def test_without_a_place_to_keep_it_the_training_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "file"))
    assert checkpoint_folder() is None
    assert interrupted() == []
    work = train_work(tiny_data(), TrainChoice(4, overrides={"max_epochs": 2}), Shelf())
    *_, last = work.steps()
    assert last.done
    assert work.finish(last).network.n_centroids == 4


def test_another_process_with_the_same_number_does_not_hide_it(cut_short: Path) -> None:
    """Numbers of processes come again: the parent of this one stands for whoever has the dead server's number now."""
    token, parent = cut_short.name.rpartition("-")[2], os.getppid()
    renamed = cut_short.rename(cut_short.with_name(f"{parent}-1-{token}"))
    assert [found.path for found in interrupted()] == [renamed]
    renamed.rename(cut_short.with_name(f"{_owner(parent)}-{token}"))
    assert interrupted() == []


def test_only_one_server_goes_on(cut_short: Path) -> None:
    (found,) = interrupted()
    cut_short.rename(cut_short.with_name(f"{_owner(os.getppid())}-taken.safetensors"))  # as the other server does
    with pytest.raises(ValueError, match="goes on elsewhere: load the page again"):
        train_work(tiny_data(400), CHOICE, Shelf(), found)


@pytest.mark.parametrize("name", ["odd", "odd-1-2", f"{10**40}-1-2", "1-2", ".hidden"])
def test_other_files_are_left_alone(name: str, state_folder: Path) -> None:
    assert interrupted() == []
    odd = state_folder / f"{name}.safetensors"
    odd.write_bytes(b"odd")
    assert interrupted() == []
    assert train_work(tiny_data(), TrainChoice(4), Shelf()).about.resumed_after == 0
    assert odd.exists()


def test_half_a_file_of_long_ago_is_cleared_away(state_folder: Path) -> None:
    assert interrupted() == []
    old, new = state_folder / ".tmpA", state_folder / ".1-2-3.safetensors.x.safetensors"
    for half in (old, new):
        half.write_bytes(b"half")
    os.utime(old, (0, 0))
    train_work(tiny_data(), TrainChoice(4), Shelf())
    assert (old.exists(), new.exists()) == (False, True)
