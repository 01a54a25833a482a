"""The errors of a training by epoch, as an interactive curve."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.drawing.colours import AMBER, TEAL

_LOGARITHMIC_FROM = 8  # largest over smallest where the axis becomes logarithmic


def training_curve(history: Sequence[Sequence[float]], unit: str, height: int = 340) -> go.Figure:
    """RMSE of the training and validation rows by epoch.

    Args:
        history: (epoch, training RMSE, validation RMSE) of each epoch, in `unit`.
    """
    epochs, *errors = np.asarray(history, dtype=np.float64).reshape(-1, 3).T
    figure = go.Figure()
    for name, error, line in zip(
        ("training", "validation"),
        errors,
        ({"color": AMBER, "width": 2, "dash": "dot"}, {"color": TEAL, "width": 2.5}),
        strict=True,
    ):
        figure.add_scatter(x=epochs, y=error, name=name, mode="lines", line=line)
    shown = np.concatenate(errors)
    shown = shown[np.isfinite(shown) & (shown > 0)]
    log = bool(shown.size) and shown.max() > _LOGARITHMIC_FROM * shown.min()
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        hovermode="x unified",
        uirevision="keep the reader's zoom while the run goes on",
        xaxis={"title": "epoch", "rangemode": "tozero"},
        yaxis={
            "title": f"RMSE ({unit})" if unit else "RMSE",
            "type": "log" if log else "linear",
            "rangemode": "tozero",
            "exponentformat": "none",
        },
    )
    return figure
