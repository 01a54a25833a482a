"""Long work outside the page script: one thread a job, looked at through snapshots, found again by its id."""

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, TypeVar

HISTORY_LENGTH = 1000  # points kept for a curve; older ones are thinned, never cut off
MAX_ACTIVE = 4
MAX_KEPT = 24

SnapshotT = TypeVar("SnapshotT")
OutcomeT = TypeVar("OutcomeT")
AboutT = TypeVar("AboutT")


class Status(StrEnum):
    """Where a job stands."""

    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    STOPPING = "stopping"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class Preparing:
    """What steps may yield before their first snapshot, so that a run can be held and stopped there too.

    Attributes:
        share: of the preparation that is done, 0 to 1.
    """

    share: float


@dataclass(frozen=True)
class Work(Generic[SnapshotT, OutcomeT, AboutT]):
    """What a job does, as plain functions that know nothing of the screen.

    Attributes:
        kind: "train" or "prune"; a page shows jobs of its own kind.
        title: one line for the screen.
        steps: starts the work; each item is a finished, detached snapshot, `Preparing` before the first of them, or
            None where there is nothing new but a run can be held and stopped.
        point: snapshot -> the numbers of one point of the live curve.
        finish: last snapshot -> what came of it. Also called after a stop, with the best so far, if there is one.
        about: what it was started with, as far as that is worth showing beside the curve.
    """

    kind: str
    title: str
    steps: Callable[[], Iterable[SnapshotT | Preparing | None]]
    point: Callable[[SnapshotT], tuple[float, ...]]
    finish: Callable[[SnapshotT], OutcomeT]
    about: AboutT


@dataclass(frozen=True)
class JobView(Generic[SnapshotT, OutcomeT]):
    """One consistent look at a job, safe to draw while the work goes on.

    Attributes:
        prepared: share of the preparation that is done, None where the work has none.
        snapshot: the newest, None before the first.
        outcome: what came of it, None until the run has ended and where it had nothing to keep.
    """

    status: Status
    prepared: float | None
    snapshot: SnapshotT | None
    history: tuple[tuple[float, ...], ...]
    outcome: OutcomeT | None
    error: str
    seconds: float

    @property
    def active(self) -> bool:
        return self.status in (Status.RUNNING, Status.PAUSING, Status.PAUSED, Status.STOPPING)


class Job(Generic[SnapshotT, OutcomeT, AboutT]):
    """Work in a thread of its own that can be paused, resumed and stopped between two steps."""

    def __init__(self, work: Work[SnapshotT, OutcomeT, AboutT]) -> None:
        self.id = secrets.token_urlsafe(12)
        self.work = work
        self._lock = threading.Lock()
        self._go = threading.Event()
        self._go.set()
        self._stop = threading.Event()
        self._status = Status.RUNNING
        self._prepared: float | None = None
        self._snapshot: SnapshotT | None = None
        self._steps = 0
        self._history: list[tuple[float, ...]] = []
        self._stride = 1
        self._outcome: OutcomeT | None = None
        self._error = ""
        self._worked = 0.0
        self._since: float | None = None
        self._thread = threading.Thread(target=self._run, name=f"{work.kind}-{self.id}", daemon=True)

    def start(self) -> None:
        self._since = time.monotonic()
        self._thread.start()

    def pause(self) -> None:
        """Hold after the step that is being computed; until then the run is "pausing"."""
        with self._lock:
            if self._status is Status.RUNNING:
                self._go.clear()
                self._status = Status.PAUSING

    def resume(self) -> None:
        with self._lock:
            if self._status in (Status.PAUSING, Status.PAUSED):
                self._status = Status.RUNNING
                self._clock(running=True)
                self._go.set()

    def stop(self) -> None:
        """End after the step that is being computed and keep the best so far."""
        with self._lock:
            if self._status in (Status.RUNNING, Status.PAUSING, Status.PAUSED):
                self._clock(running=True)
                self._status = Status.STOPPING
                self._stop.set()
                self._go.set()

    def join(self, timeout: float | None = None) -> None:
        self._thread.join(timeout)

    def view(self) -> JobView[SnapshotT, OutcomeT]:
        with self._lock:
            seconds = self._worked + (0.0 if self._since is None else time.monotonic() - self._since)
            history = tuple(self._history)
            return JobView(self._status, self._prepared, self._snapshot, history, self._outcome, self._error, seconds)

    def _clock(self, *, running: bool) -> None:
        if self._since is not None:
            self._worked += time.monotonic() - self._since
        self._since = time.monotonic() if running else None

    def _run(self) -> None:
        try:
            leave_a_core_free()
            for step in self.work.steps():
                self._keep(step)
                self._hold()
                if self._stop.is_set():
                    break
            outcome = None
            if self._snapshot is not None:
                outcome = self.work.finish(self._snapshot)
            elif not self._stop.is_set():
                raise ValueError("the run ended before its first step")
        except Exception as error:  # whatever went wrong belongs on the page, not in a dead thread
            self._end(Status.FAILED, error=_one_line(error))
        else:
            self._end(Status.STOPPED if self._stop.is_set() else Status.FINISHED, outcome)

    def _hold(self) -> None:
        """Between two steps: wait here, without computing, while the run is paused."""
        with self._lock:
            if self._status is Status.PAUSING:
                self._status = Status.PAUSED
                self._clock(running=False)
        self._go.wait()

    def _keep(self, step: SnapshotT | Preparing | None) -> None:
        if step is None:
            return
        if isinstance(step, Preparing):
            with self._lock:
                self._prepared = step.share
            return
        point = self.work.point(step)
        with self._lock:
            self._snapshot = step
            if self._steps % self._stride == 0:
                self._history.append(point)
            self._steps += 1
            if len(self._history) > HISTORY_LENGTH:
                del self._history[1::2]
                self._stride *= 2

    def _end(self, status: Status, outcome: OutcomeT | None = None, error: str = "") -> None:
        with self._lock:
            self._clock(running=False)
            self._status, self._outcome, self._error = status, outcome, error


def leave_a_core_free() -> None:
    """Let torch use all cores but one in this thread, so that the page stays quick while it works."""
    import torch

    torch.set_num_threads(max(1, (os.cpu_count() or 1) - 1))


def _one_line(error: Exception) -> str:
    text = str(error).strip().splitlines()
    said = text[0] if text else "no message"
    return said if isinstance(error, ValueError) else f"{type(error).__name__}: {said}"


class JobRegistry:
    """All jobs of this server, by id. The oldest finished ones are forgotten."""

    def __init__(self, max_active: int = MAX_ACTIVE, max_kept: int = MAX_KEPT) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, Job[Any, Any, Any]] = {}
        self._max_active, self._max_kept = max_active, max_kept

    def start(self, work: Work[SnapshotT, OutcomeT, AboutT]) -> Job[SnapshotT, OutcomeT, AboutT]:
        """Start a job.

        Raises:
            ValueError: too many are going already.
        """
        with self._lock:
            active = [job for job in self._jobs.values() if job.view().active]
            if len(active) >= self._max_active:
                raise ValueError(
                    f"{len(active)} runs are already going on this server, expected fewer than {self._max_active}: "
                    "stop one (your runs are listed in the Library), or wait until one ends"
                )
            ended = [key for key, job in self._jobs.items() if not job.view().active]
            for key in ended[: max(0, len(self._jobs) + 1 - self._max_kept)]:
                del self._jobs[key]
            job = Job(work)
            self._jobs[job.id] = job
        job.start()
        return job

    def get(self, job_id: str | None) -> Job[Any, Any, Any] | None:
        with self._lock:
            return self._jobs.get(job_id or "")


@lru_cache(maxsize=1)
def job_registry() -> JobRegistry:
    """The one registry of this server, for pages and for what the browser asks for past them."""
    return JobRegistry()
