"""The method drawn over toy functions: large network, input distribution, pruned network, and the gap that is left."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from dashboard.drawing.colours import AMBER, GREY, PURPLE, TEAL
from rbfcore.parameters import Parameters

_BUMPS_BELOW = 0.35  # prototypes are drawn from this far under zero
REACH_1D, REACH_2D = 6.0, 4.0


def features(network: Parameters, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, D) -> (N, K): exp(-gamma |x - theta|^2), for the few points and small networks of a drawing."""
    squares = ((x[:, None, :] - network.centroids) ** 2).sum(2)
    return np.asarray(np.exp(-np.asarray(network.gamma) * squares))


def values(network: Parameters, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, D) -> (N,): Eq. (2)."""
    return network.alpha + features(network, x) @ network.beta


def curve_figure(
    large: Parameters, pruned: Parameters, x: NDArray[np.float64], density: NDArray[np.float64]
) -> go.Figure:
    """One input: both networks with the gap shaded, prototypes as bumps, and below what the loss adds up.

    Args:
        large, pruned: networks over one input.
        x: (N,) places; density: (N,) of the input distribution there.
    """
    rows = x[:, None]
    f, g = values(large, rows), values(pruned, rows)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.74, 0.26], vertical_spacing=0.05)
    line = {"color": TEAL, "width": 3, "simplify": False}
    figure.add_scatter(
        x=x, y=f, name="large network f_K", mode="lines", line={"color": GREY, "width": 6, "simplify": False}
    )
    figure.add_scatter(
        x=x, y=g, name="pruned network f_M", mode="lines", line=line, fill="tonexty", fillcolor="rgba(217,138,0,0.35)"
    )
    bumps = pruned.beta * features(pruned, rows) + pruned.alpha  # (N, M), each on the offset alpha
    for number, bump in enumerate(bumps.T, start=1):
        figure.add_scatter(
            x=x,
            y=bump,
            mode="lines",
            line={"color": PURPLE, "width": 1.5, "dash": "dot"},
            name="prototypes α + βᵢφᵢ(x)",
            legendgroup="prototypes",
            showlegend=number == 1,
        )
    figure.add_scatter(
        x=pruned.centroids[:, 0],
        y=pruned.alpha + pruned.beta,
        mode="markers+text",
        text=[str(number) for number in range(1, len(pruned.beta) + 1)],
        textposition=["top center" if beta > 0 else "bottom center" for beta in pruned.beta],
        marker={"color": PURPLE, "size": 9, "symbol": "diamond"},
        name="θᵢ",
        legendgroup="prototypes",
        showlegend=False,
    )
    shown = {"x": x, "mode": "lines", "fill": "tozeroy"}
    figure.add_scatter(
        **shown,
        y=density,
        name="p(x)",
        line={"color": GREY, "width": 1},
        fillcolor="rgba(138,151,160,0.25)",
        row=2,
        col=1,
    )
    weighted = density * (f - g) ** 2
    top = float(weighted.max()) or 1.0
    figure.add_scatter(
        **shown,
        y=weighted / top * float(density.max()),
        name="p(x) (f_K − f_M)², its area is the loss J (scaled)",
        line={"color": AMBER, "width": 1.5},
        fillcolor="rgba(217,138,0,0.55)",
        row=2,
        col=1,
    )
    inside = f[np.abs(x) <= REACH_1D]
    low, high = float(inside.min()), float(inside.max())
    room = 0.25 * (high - low)
    figure.update_yaxes(title="f(x)", range=[low - room - _BUMPS_BELOW, high + room + 0.1], row=1, col=1)
    figure.update_yaxes(title="p(x)", rangemode="tozero", row=2, col=1)
    figure.update_xaxes(range=[-REACH_1D, REACH_1D])
    figure.update_xaxes(title="x", row=2, col=1)
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    figure.update_layout(height=560, margin={"l": 8, "r": 8, "t": 8, "b": 8}, legend=legend, hovermode="closest")
    return figure


def surface_figure(
    large: Parameters, pruned: Parameters, axis: NDArray[np.float64], density: NDArray[np.float64]
) -> go.Figure:
    """Two inputs: both networks and the gap as maps, prototypes as circles, p(x) as contour lines.

    Args:
        large, pruned: networks over two inputs.
        axis: (N,) places along each input; density: (N, N) of the input distribution, the second input downwards.
    """
    first, second = np.meshgrid(axis, axis)
    rows = np.stack([first.ravel(), second.ravel()], 1)
    f, g = (values(network, rows).reshape(first.shape) for network in (large, pruned))
    figure = make_subplots(
        rows=1,
        cols=3,
        shared_yaxes=True,
        horizontal_spacing=0.03,
        subplot_titles=["large f_K", "pruned f_M", "gap f_K − f_M"],
    )
    reach = float(np.abs(f).max())
    for column, map_ in enumerate((f, g, f - g), start=1):
        bar = {"title": "f", "thickness": 12, "len": 0.9} if column == 3 else None
        figure.add_heatmap(
            z=map_,
            x=axis,
            y=axis,
            colorscale="PuOr",
            zmin=-reach,
            zmax=reach,
            showscale=column == 3,
            colorbar=bar,
            row=1,
            col=column,
        )
        figure.add_contour(
            z=density,
            x=axis,
            y=axis,
            contours={"coloring": "none"},
            ncontours=5,
            line={"color": "rgba(60,60,60,0.55)", "width": 1},
            showscale=False,
            hoverinfo="skip",
            row=1,
            col=column,
        )
    widths = 1 / np.sqrt(2 * np.broadcast_to(pruned.gamma, (len(pruned.beta),)))
    for number, (theta, beta, width) in enumerate(zip(pruned.centroids, pruned.beta, widths, strict=True), start=1):
        angle = np.linspace(0, 2 * np.pi, 61)
        figure.add_scatter(
            x=theta[0] + width * np.cos(angle),
            y=theta[1] + width * np.sin(angle),
            mode="lines",
            line={"color": "#1b1b1b", "width": 1.8, "dash": "solid" if beta > 0 else "dash"},
            name=f"prototype {number}, β {beta:+.2f}",
            row=1,
            col=2,
        )
        figure.add_annotation(
            x=theta[0],
            y=theta[1],
            text=str(number),
            showarrow=False,
            font={"color": "#1b1b1b", "size": 13},
            row=1,
            col=2,
        )
    figure.update_xaxes(range=[-REACH_2D, REACH_2D], title="x₁")
    figure.update_yaxes(range=[-REACH_2D, REACH_2D])
    figure.update_yaxes(title="x₂", row=1, col=1)
    for column in (1, 2, 3):
        axis_name = "x" if column == 1 else f"x{column}"
        figure.update_yaxes(scaleanchor=axis_name, constrain="domain", row=1, col=column)
    figure.update_layout(height=340, margin={"l": 8, "r": 8, "t": 32, "b": 8}, showlegend=False)
    return figure
