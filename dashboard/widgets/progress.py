"""A run on the page: its state, its buttons, and fragments that redraw while it goes on."""

from collections.abc import Callable

import streamlit as st

from dashboard.runs.jobs import AboutT, Job, JobView, OutcomeT, SnapshotT, Status

_SECONDS = 1.0  # between two looks; a paused run is looked at too, for it may be resumed from another tab

_LOOK = {
    Status.RUNNING: ("running", "green"),
    Status.PAUSING: ("pausing after this step", "orange"),
    Status.PAUSED: ("paused", "orange"),
    Status.STOPPING: ("stopping after this step", "orange"),
    Status.FINISHED: ("finished", "green"),
    Status.STOPPED: ("stopped, best so far kept", "gray"),
    Status.FAILED: ("failed", "red"),
}
_NOTHING_KEPT = ("stopped before its first step", "gray")


def run_header(job: Job[SnapshotT, OutcomeT, AboutT]) -> JobView[SnapshotT, OutcomeT]:
    """Title, state and the buttons that make sense now; returns the look at the job that they show."""
    view = job.view()
    empty = view.status is Status.STOPPED and view.snapshot is None
    text, colour = _NOTHING_KEPT if empty else _LOOK[view.status]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{job.work.title}** :{colour}-badge[{text}]", width="content")
        if view.active:
            _run_buttons(job, view.status)
    if view.status is Status.FAILED:
        st.error(view.error, icon=":material/error:")
    return view


def _run_buttons(job: Job[SnapshotT, OutcomeT, AboutT], status: Status) -> None:
    stopping = status is Status.STOPPING
    if status in (Status.PAUSING, Status.PAUSED):
        st.button("Resume", icon=":material/play_arrow:", shortcut="P", on_click=job.resume, key="resume_run")
    else:
        st.button(
            "Pause", icon=":material/pause:", shortcut="P", on_click=job.pause, disabled=stopping, key="pause_run"
        )
    hint = "Ends the run and keeps the best so far."
    st.button("Stop run", icon=":material/stop:", on_click=job.stop, disabled=stopping, help=hint, key="stop_run")


def live(
    job: Job[SnapshotT, OutcomeT, AboutT],
    shown: JobView[SnapshotT, OutcomeT],
    draw: Callable[[JobView[SnapshotT, OutcomeT]], None],
) -> None:
    """Call `draw` with a fresh look at the job, again and again while it goes on.

    When the state of the run is no longer the one `shown` in its header, whether it changed by itself, in another tab
    or while the page was being drawn, the whole page is drawn anew.
    """

    def redraw() -> None:
        view = job.view()
        if view.status is not shown.status:
            st.rerun(scope="app")
        draw(view)

    st.fragment(redraw, run_every=_SECONDS if shown.active else None)()
