"""What the browser asks for while a pruning goes on: the newest step, once, and when it is over."""

import json
from collections.abc import Iterator
from queue import Queue
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dashboard.runs.jobs import Job, Work, job_registry
from dashboard.runs.live_frames import frames_address, live_routes
from dashboard.runs.outcomes import PruneAbout
from rbfcore.parameters import Parameters
from rbfcore.pruning.pace import Expected
from tests.dashboard import asking
from tests.dashboard.tiny import tiny_network
from tests.dashboard.waiting import wait_until

PATIENCE = 30.0
LARGE = tiny_network(4, 26)
ABOUT = PruneAbout("eV", LARGE, 1, Expected(0.0, 1.0, None, None))
Given = Queue[int | None]


@pytest.fixture
def held() -> Iterator[tuple[Job, Given]]:
    """A run that does the steps whose numbers it is given, theta half of the number, until it is given None."""
    given: Given = Queue()

    def steps() -> Iterator[Any]:
        while (number := given.get(timeout=PATIENCE)) is not None:
            network = Parameters.checked(0.0, np.array([0.25, -0.5]), 0.1, np.full((2, 26), number / 2))
            yield SimpleNamespace(iteration=number, network=network)

    job = job_registry().start(Work("prune", "held", steps, lambda step: (step.iteration,), lambda _: None, ABOUT))
    yield job, given
    given.put(None)
    job.join(PATIENCE)


def ask(address: str, base_path: str = "") -> tuple[int, bytes]:
    """Status and body of the answer to this address."""
    status, _, body = asking.ask(live_routes(base_path), address)
    return status, body


def frame(address: str) -> dict[str, Any]:
    status, body = ask(address)
    assert status == 200
    answer: dict[str, Any] = json.loads(body)
    return answer


def test_tells_each_step_once_and_when_the_run_is_over(held: tuple[Job, Given]) -> None:
    job, given = held
    address = frames_address(job, "paper")
    assert frame(f"{address}&after=-1") == {"step": 0, "prototypes": [], "ended": False}
    assert ask(f"{address}&after=0") == (204, b"")

    given.put(3)
    wait_until(lambda: job.view().snapshot, PATIENCE)
    told = frame(f"{address}&after=0")
    assert (told["step"], told["ended"], len(told["prototypes"])) == (3, False, 2)
    first = told["prototypes"][0]
    assert first["values"] == [1.5] * 26
    assert first["alpha"] == [0.75] * 26  # min(|theta| / 2, 1)
    assert first["beta"] == 0.25
    assert "eV" in first["headline"]
    assert ask(f"{address}&after=3") == (204, b"")

    given.put(None)
    wait_until(lambda: not job.view().active, PATIENCE)
    assert frame(f"{address}&after=3")["ended"]


def test_draws_the_opacity_that_is_asked_for(held: tuple[Job, Given]) -> None:
    job, given = held
    given.put(2)
    wait_until(lambda: job.view().snapshot, PATIENCE)
    (first, _) = frame(f"{frames_address(job, 'gauge-free')}&after=0")["prototypes"]
    assert first["alpha"] == pytest.approx([np.tanh(2 * 0.1 * 1.0)] * 26, abs=1e-4)
    status, body = ask(f"{frames_address(job, 'bright')}&after=0")
    assert (status, b"bright" in body) == (400, True)


def test_lies_under_the_base_path(held: tuple[Job, Given]) -> None:
    job, _ = held
    address = frames_address(job, "paper", "/physics/")
    assert address.startswith("/physics/rbfscope/frames/")
    assert ask(address, "physics")[0] == 200
    assert ask(frames_address(job, "paper"), "physics")[0] == 404


def test_knows_no_other_runs() -> None:
    assert ask("/rbfscope/frames/of-nobody?opacity=paper") == (404, b"")
