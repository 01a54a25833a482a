"""What a data set holds, as plotly figures: its responses, and how often each site is filled."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.figures.colours import AMBER, GREY, TEAL

_BINS = 60


def response_histogram(y: NDArray[np.float64], unit: str, height: int = 210) -> go.Figure:
    """How often responses occur. Bars are counted here, so that no rows travel to the browser."""
    count, edges = np.histogram(y, bins=_BINS)
    figure = go.Figure()
    figure.add_bar(x=(edges[1:] + edges[:-1]) / 2, y=count, width=np.diff(edges), marker_color=TEAL, name="rows")
    figure.add_vline(x=float(y.mean()), line={"color": AMBER, "dash": "dot"}, annotation_text="mean")
    return _compact(figure, f"response{f' ({unit})' if unit else ''}", "rows", height)


def occupation_bars(share: NDArray[np.float64], names: tuple[str, ...], height: int = 210) -> go.Figure:
    """Share of rows with each site filled, (D,) in the order of `names`."""
    figure = go.Figure()
    figure.add_bar(x=list(names), y=share, marker_color=TEAL, name="filled")
    figure.add_hline(y=0.5, line={"color": GREY, "dash": "dot"})
    figure.update_yaxes(range=[0, 1])
    figure.update_xaxes(type="category", tickfont={"size": 10})
    return _compact(figure, "site", "share of rows filled", height)


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
    return _compact(figure, f"true{suffix}", f"predicted{suffix}", height)


def _compact(figure: go.Figure, x: str, y: str, height: int) -> go.Figure:
    figure.update_layout(
        height=height, margin={"l": 8, "r": 8, "t": 8, "b": 8}, xaxis={"title": x}, yaxis={"title": y}, bargap=0.05,
        showlegend=False,
    )  # fmt: skip
    return figure
