"""Jobs: they pause, stop, fail and are found again, whatever the page does."""

import itertools
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.runs.jobs import HISTORY_LENGTH, Job, JobRegistry, Preparing, Status, Work
from tests.dashboard.waiting import wait_until

PATIENCE = 20.0  # seconds; the first job of a test process imports torch


def counting(limit: int | None = None, pause: float = 0.001, **changes: Any) -> Work:
    """Work whose steps are 0, 1, 2, ..."""

    def steps() -> Iterator[int]:
        for number in itertools.count() if limit is None else range(limit):
            time.sleep(pause)
            yield number

    work = {
        "kind": "count",
        "title": "counting",
        "steps": steps,
        "point": lambda step: (step, 2.0 * step),
        "finish": lambda step: {"best": step},
        "about": None,
    }
    return Work(**{**work, **changes})


def started(work: Work) -> Job:
    return JobRegistry().start(work)


def test_runs_to_the_end_and_reports_the_result() -> None:
    job = started(counting(20))
    job.join(PATIENCE)
    view = job.view()
    assert (view.status, view.snapshot, view.outcome, view.active) == (Status.FINISHED, 19, {"best": 19}, False)
    assert view.history == tuple((n, 2.0 * n) for n in range(20))


def test_pause_holds_the_work_and_its_clock() -> None:
    job = started(counting())
    wait_until(lambda: (job.view().snapshot or 0) > 3, PATIENCE)
    job.pause()
    wait_until(lambda: job.view().status is Status.PAUSED, PATIENCE)
    before = job.view()
    time.sleep(0.3)
    after = job.view()
    assert (after.status, after.snapshot, after.seconds) == (Status.PAUSED, before.snapshot, before.seconds)
    job.resume()
    wait_until(lambda: job.view().snapshot > after.snapshot + 3, PATIENCE)
    job.stop()
    job.join(PATIENCE)


@pytest.mark.skipif(not hasattr(time, "pthread_getcpuclockid"), reason="no processor time of a single thread here")
def test_a_paused_run_uses_no_processor() -> None:
    job = started(counting())
    (thread,) = [thread for thread in threading.enumerate() if thread.name.endswith(job.id)]
    clock = time.pthread_getcpuclockid(thread.ident)
    wait_until(lambda: (job.view().snapshot or 0) > 3, PATIENCE)
    job.pause()
    wait_until(lambda: job.view().status is Status.PAUSED, PATIENCE)
    time.sleep(0.1)  # from taking its status to waiting
    before = time.clock_gettime(clock)
    time.sleep(0.5)
    assert time.clock_gettime(clock) == before
    job.stop()
    job.join(PATIENCE)


def test_a_run_is_pausing_until_its_step_is_done() -> None:
    """A step can be long: it is not said to be paused while it computes, its clock goes on, and it can go on."""
    begun, done = threading.Event(), threading.Event()

    def steps() -> Iterator[int]:
        begun.set()
        assert done.wait(PATIENCE)
        yield from itertools.count()

    job = started(counting(steps=steps))
    assert begun.wait(PATIENCE)
    job.pause()
    before = job.view()
    time.sleep(0.05)
    assert (before.status, job.view().status) == (Status.PAUSING, Status.PAUSING)
    assert job.view().seconds > before.seconds
    job.resume()
    assert job.view().status is Status.RUNNING
    job.pause()
    done.set()
    wait_until(lambda: job.view().status is Status.PAUSED, PATIENCE)
    assert job.view().snapshot == 0
    job.stop()
    job.join(PATIENCE)


@pytest.mark.parametrize("paused", [False, True])
def test_stop_keeps_the_best_so_far(paused: bool) -> None:
    job = started(counting())
    wait_until(lambda: (job.view().snapshot or 0) > 3, PATIENCE)
    if paused:
        job.pause()
    job.stop()
    job.join(PATIENCE)
    view = job.view()
    assert view.status is Status.STOPPED
    assert view.outcome == {"best": view.snapshot}


def test_stop_where_there_is_nothing_new_keeps_the_last_snapshot() -> None:
    begun = threading.Event()

    def steps() -> Iterator[int | None]:
        yield 7
        begun.set()
        while True:
            yield None

    job = started(counting(steps=steps))
    assert begun.wait(PATIENCE)
    job.stop()
    job.join(PATIENCE)
    view = job.view()
    assert (view.status, view.snapshot, len(view.history)) == (Status.STOPPED, 7, 1)


def test_stop_while_getting_ready_ends_with_the_piece_at_work() -> None:
    begun, go_on = threading.Event(), threading.Event()
    pieces = []

    def steps() -> Iterator[Preparing]:
        for number in range(100):
            yield Preparing(number / 100)
            pieces.append(number)
            if number == 4:
                begun.set()
                assert go_on.wait(PATIENCE)

    job = started(counting(steps=steps))
    assert begun.wait(PATIENCE)
    assert job.view().prepared == 0.04
    job.stop()
    go_on.set()
    job.join(PATIENCE)
    view = job.view()
    assert pieces == [0, 1, 2, 3, 4]
    assert (view.status, view.snapshot, view.history, view.outcome, view.error) == (Status.STOPPED, None, (), None, "")


def test_a_failure_becomes_one_line() -> None:
    def steps() -> Iterator[int]:
        yield 1
        raise ValueError("q must lie in (0, 1)\nand more")

    job = started(counting(steps=steps))
    job.join(PATIENCE)
    view = job.view()
    assert (view.status, view.error, view.snapshot) == (Status.FAILED, "q must lie in (0, 1)", 1)


def test_an_unexpected_failure_names_its_kind() -> None:
    def steps() -> Iterator[int]:
        yield {}["missing"]

    job = started(counting(steps=steps))
    job.join(PATIENCE)
    assert job.view().error == "KeyError: 'missing'"


def test_work_without_steps_fails_clearly() -> None:
    job = started(counting(0))
    job.join(PATIENCE)
    assert job.view().error == "the run ended before its first step"


def test_history_is_thinned_but_spans_the_run() -> None:
    job = started(counting(5 * HISTORY_LENGTH, pause=0.0))
    job.join(PATIENCE)
    steps = [point[0] for point in job.view().history]
    assert len(steps) <= HISTORY_LENGTH + 1
    assert steps[0] == 0
    assert steps == sorted(steps)
    assert steps[-1] > 4.9 * HISTORY_LENGTH


def test_two_views_see_the_same_run_under_an_unguessable_id() -> None:
    registry = JobRegistry()
    job = registry.start(counting())
    wait_until(lambda: (job.view().snapshot or 0) > 3, PATIENCE)
    assert len(job.id) >= 16
    assert registry.get("guess") is None
    assert registry.get(None) is None
    found = registry.get(job.id)
    assert found is not None
    found.pause()
    wait_until(lambda: job.view().status is Status.PAUSED, PATIENCE)
    job.stop()
    job.join(PATIENCE)


def test_too_many_runs_are_refused_in_one_line() -> None:
    registry = JobRegistry(max_active=1)
    job = registry.start(counting())
    with pytest.raises(ValueError, match="already going"):
        registry.start(counting())
    job.stop()
    job.join(PATIENCE)
    registry.start(counting(1)).join(PATIENCE)


def test_oldest_ended_runs_are_forgotten() -> None:
    registry = JobRegistry(max_kept=3)
    jobs = []
    for _ in range(5):
        jobs.append(registry.start(counting(1)))
        jobs[-1].join(PATIENCE)
    assert [registry.get(job.id) is None for job in jobs] == [True, True, False, False, False]


def test_the_page_is_never_touched_from_the_thread() -> None:
    """The thread of a job has no script context, so a stray st.* call could not reach a page."""
    names = []
    work = counting(1, finish=lambda step: names.append(threading.current_thread().name) or {"best": step})
    job = started(work)
    job.join(PATIENCE)
    assert names == [f"count-{job.id}"]
