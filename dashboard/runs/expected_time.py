"""How long trainings take: tried out on this machine, or by small models of measured runs."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.runs.jobs import leave_a_core_free

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
