"""Interactive curves: values in, plotly figure out. Drawn in neutral colours: red and blue mean the sign of a site."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

TEAL, AMBER, GREY = "#0f9b8e", "#d98a00", "#8a97a0"


def training_curve(history: Sequence[Sequence[float]], unit: str, height: int = 340) -> go.Figure:
    """RMSE of the training and validation rows by epoch.

    Args:
        history: (epoch, training RMSE, validation RMSE) of each epoch, in `unit`.
    """
    epochs, train, validation = _columns(history, 3)
    figure = go.Figure()
    figure.add_scatter(
        x=epochs, y=train, name="training", mode="lines", line={"color": AMBER, "width": 2, "dash": "dot"}
    )
    figure.add_scatter(x=epochs, y=validation, name="validation", mode="lines", line={"color": TEAL, "width": 2.5})
    return _laid_out(figure, "epoch", f"RMSE{_in(unit)}", height, log=_spans_decades(train, validation))


def pruning_curve(history: Sequence[Sequence[float]], unit: str, height: int = 340) -> go.Figure:
    """Exact RMS gap to the large network by step: every restart thin, the best of all thick.

    Args:
        history: (step, loss of restart 1, ..., loss of restart R) of each step, losses in `unit` squared.
    """
    columns = _columns(history, len(history[0]) if history else 2)
    steps, gaps = columns[0], np.sqrt(np.clip(columns[1:], 0, None))
    figure = go.Figure()
    for restart, gap in enumerate(gaps, start=1):
        figure.add_scatter(
            x=steps,
            y=gap,
            name=f"restart {restart}",
            mode="lines",
            line={"color": GREY, "width": 1},
            opacity=0.55,
            showlegend=restart == 1,
            legendgroup="restarts",
        )
    if len(gaps):
        figure.data[0].name = "each restart"
        best = gaps.min(0)
        figure.add_scatter(x=steps, y=best, name="best", mode="lines", line={"color": TEAL, "width": 3})
    return _laid_out(figure, "step", f"RMS gap{_in(unit)}", height, log=_spans_decades(*gaps))


def _columns(history: Sequence[Sequence[float]], width: int) -> np.ndarray:
    table = np.asarray(history, dtype=np.float64)
    return table.T if table.size else np.empty((width, 0))


def _spans_decades(*curves: np.ndarray) -> bool:
    finite = [curve[np.isfinite(curve) & (curve > 0)] for curve in curves]
    joined = np.concatenate(finite) if finite else np.empty(0)
    return bool(joined.size) and joined.max() > 8 * joined.min()


def _in(unit: str) -> str:
    return f" ({unit})" if unit else ""


def _laid_out(figure: go.Figure, x: str, y: str, height: int, *, log: bool = False) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        hovermode="x unified" if len(figure.data) < 4 else "closest",
        uirevision="keep the reader's zoom while the run goes on",
        xaxis={"title": x, "rangemode": "tozero"},
        yaxis={"title": y, "type": "log" if log else "linear", "rangemode": "tozero", "exponentformat": "none"},
    )
    return figure
