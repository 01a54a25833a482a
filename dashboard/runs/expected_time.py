"""How long trainings and prunings take, tried out or by small models of measured runs, and how to say it."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.drawing.words import duration
from dashboard.runs.jobs import leave_a_core_free
from rbfcore.pruning.pace import Expected

if TYPE_CHECKING:
    from rbfcore.training.settings import TrainSettings

REMEMBERED = 600.0  # seconds; by then the machine may have more or less else to do


@st.cache_data(show_spinner=False, max_entries=64, ttl=REMEMBERED)
def epoch_seconds(
    settings: "TrainSettings", n_train: int, n_validation: int, n_inputs: int, lattice: str | None
) -> float:
    """`rbfcore.training.pace.epoch_seconds` with as many threads as a job has, not measured again for ten minutes."""
    from rbfcore.training.pace import epoch_seconds as measured

    with ThreadPoolExecutor(1, initializer=leave_a_core_free) as job:
        return job.submit(measured, settings, n_train, n_validation, n_inputs, lattice).result()


def xgboost_seconds(n_rows: int) -> float:
    """Boosted trees on 26 sites, on one busy core. Measured: 143,000 rows 25 s, 122,000 rows 20 s."""
    return 1 + 1.7e-4 * n_rows


def said_before(expected: Expected) -> str:
    """What to say of a pruning before it starts."""
    if expected.steps is not None:
        whole = expected.ready + expected.steps * expected.step
        return f"Takes about {duration(max(1, whole))}; {expected.usual} is common."
    if expected.at_most is not None:
        return f"Takes at most about {duration(max(1, expected.ready + expected.at_most * expected.step))}."
    return (
        f"About {expected.step:.2g} s a step. This schedule ends by itself, often only after 10,000 steps or more: how "
        "many is not known before. You can stop it at any moment and keep the best."
    )


def said_during(expected: Expected, step: int, seconds: float) -> str:
    """What to say of a pruning after so many steps and seconds of work, by the pace of this very run."""
    slower = seconds / (expected.ready + step * expected.step)
    if expected.steps is not None and step < expected.steps:
        more = slower * (expected.steps - step) * expected.step
        return f"About {duration(max(1, more))} more if it takes the usual {expected.steps:.0f} steps."
    last = f", after step {expected.at_most} at the latest" if expected.at_most is not None else ""
    if expected.steps is not None:
        return f"Longer than usual (about {expected.steps:.0f} steps). It ends when no restart gains any more{last}."
    if expected.at_most is not None:
        return f"At most {duration(slower * (expected.at_most - step) * expected.step)} more{last}."
    return "How long it goes on is not known: it ends when the learning rate of every restart has fallen far enough."
