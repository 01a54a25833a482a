"""Predictions against responses, as a plotly figure."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.drawing.colours import AMBER

_BINS = 60


def parity(y: NDArray[np.float64], predicted: NDArray[np.float64], unit: str, height: int = 380) -> go.Figure:
    """Predictions against responses: how many rows fall into each cell of a grid, denser for more."""
    low, high = (float(f([f(y), f(predicted)])) for f in (np.min, np.max))
    edges = np.linspace(low, high, _BINS + 1)
    count = np.histogram2d(predicted, y, bins=(edges, edges))[0]
    centres = (edges[1:] + edges[:-1]) / 2
    figure = go.Figure()
    with np.errstate(divide="ignore"):
        shade = np.where(count > 0, np.log10(count), np.nan)
    figure.add_heatmap(
        x=centres,
        y=centres,
        z=shade,
        customdata=count,
        colorscale=[[0, "rgba(15, 155, 142, 0.35)"], [1, "rgba(15, 155, 142, 1)"]],  # TEAL on any background
        showscale=False,
        hovertemplate="true %{x:.3f}, predicted %{y:.3f}: %{customdata:.0f} rows<extra></extra>",
    )
    figure.add_scatter(
        x=[low, high], y=[low, high], mode="lines", line={"color": AMBER, "width": 1.5}, hoverinfo="skip"
    )
    figure.update_yaxes(scaleanchor="x", constrain="domain")
    figure.update_xaxes(constrain="domain")
    suffix = f" ({unit})" if unit else ""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={"title": f"true{suffix}"},
        yaxis={"title": f"predicted{suffix}"},
        showlegend=False,
    )
    return figure
