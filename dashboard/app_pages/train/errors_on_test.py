"""How well a trained network does on test rows: beside simple models, row by row, and beside boosted trees."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard.drawing.words import duration
from dashboard.figures.parity import parity
from dashboard.runs.expected_time import xgboost_seconds
from dashboard.widgets.errors import one_line_on_error

if TYPE_CHECKING:
    from dashboard.runs.outcomes import EvaluatedSplit, TrainOutcome

_CLOSE = 0.05  # eV


def errors_on_test(outcome: "TrainOutcome", unit: str) -> None:
    """Test RMSE beside ridge, the mean and, on request, XGBoost; predictions against true values."""
    split = outcome.split
    suffix = f", {unit}" if unit else ""
    test, ridge, mean = st.columns(3)
    test.metric(f"Test RMSE{suffix}", f"{outcome.test_rmse:.4f}")
    ridge.metric("Ridge on the inputs", f"{outcome.ridge_rmse:.4f}", help="A linear model on the same rows.")
    mean.metric("Predicting the mean", f"{outcome.test_sd:.4f}", help="Standard deviation of the test responses.")
    drawn, told = st.columns([1.5, 1])
    drawn.plotly_chart(parity(split.test.y, split.predicted, unit), key="parity", config={"displayModeBar": False})
    with told, one_line_on_error():
        st.caption(residuals(split.predicted - split.test.y, unit))
        _boosted_trees(split)


def residuals(error: np.ndarray, unit: str) -> str:
    """Spread and bias of the test errors in a sentence."""
    middle, most = np.quantile(np.abs(error), (0.5, 0.95))
    largest = f"{np.abs(error).max():.3f} {unit}".rstrip()
    told = (
        f"{len(error):,} test rows; the line is perfect prediction. Half of the errors are below {middle:.4f}, 95 % "
        f"below {most:.4f}, the largest is {largest}; on average {error.mean():+.4f}."
    )
    if unit == "eV":
        told += f" Within {_CLOSE} eV: {(np.abs(error) < _CLOSE).mean():.1%} of the rows."
    return told


def _boosted_trees(split: "EvaluatedSplit") -> None:
    expected = duration(xgboost_seconds(len(split.train)))
    if not st.checkbox(f"Compare with XGBoost ({expected})", key=f"xgboost_{split.train.fingerprint()}"):
        return
    error, seconds = _xgboost(split.train.fingerprint(), split.test.fingerprint(), split)
    st.metric("XGBoost", f"{error:.4f}")
    st.caption(f"Boosted trees on the same rows, grown in {duration(seconds)}.")


@st.cache_resource(show_spinner="Growing trees", max_entries=8)
def _xgboost(train: str, test: str, _split: "EvaluatedSplit") -> tuple[float, float]:
    import time

    from rbfcore.training.baselines import xgboost_baseline

    del train, test  # the key
    started = time.perf_counter()
    fitted = xgboost_baseline(_split.train, _split.test, _split.validation)
    return fitted.test_rmse, time.perf_counter() - started
