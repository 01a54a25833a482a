"""What pruning does, in a minute: toy functions of one and two inputs, live."""

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from dashboard.app_pages.method.toy_forms import RESTARTS, SEED, PrunedToy, density
from dashboard.drawing.words import scientific
from dashboard.export.prototype_forms import NETWORK_FILE, Prototypes
from dashboard.session.address import Address
from dashboard.session.session import Session
from dashboard.widgets.errors import one_line_on_error
from dashboard.widgets.export_bar import form_button, form_buttons
from dashboard.widgets.switch import switch
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution

_STORY = """
1. A **large network** of many bumps has learned a function ({large}). Nobody can read it.
2. We say which inputs matter: **p(x)** ({p}). Only there is agreement asked for.
3. A **small network** of M bumps (the *prototypes*) is fitted to the large one, not to data. The expected squared gap
   under p(x) is known in closed form, so no sampling is needed; what is left is {gap}.
"""
_WHERE = {
    1: {"large": "grey", "p": "grey, below", "gap": "the amber area"},
    2: {"large": "left map", "p": "thin contour lines", "gap": "the right map, small where p(x) is large"},
}
_SIZES = {1: tuple(range(1, 13)), 2: tuple(range(1, 9))}
_WIDTHS = {"normal": (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0), "uniform": (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)}
_FIRST = {"normal": 1.0, "uniform": 4.0}
_INPUTS = {1: "one input", 2: "two inputs"}
_KINDS = {"normal": "normal", "uniform": "uniform"}


def method_page() -> None:
    session = Session()
    st.title("Method")
    settings, stage = st.columns([1.1, 2.6], gap="large")
    with settings:
        story = st.empty()
        inputs = int(switch(session.address, "Function of", "inputs", tuple(_INPUTS), _INPUTS))
        story.markdown(_STORY.format(**_WHERE[inputs]))
        m = int(slider(session.address, "Prototypes M", "method_m", _SIZES[inputs], 3))
        kind = str(switch(session.address, "Input distribution p(x)", "px", tuple(_KINDS), _KINDS))
        label = "Standard deviation" if kind == "normal" else "From −w to w, with w ="
        width = float(slider(session.address, label, f"{kind}_width", _WIDTHS[kind], _FIRST[kind]))
        st.caption("Pruned again at every change, in about a second.")
    with stage, one_line_on_error():
        show_method(inputs, m, kind, width)


def slider(address: Address, label: str, key: str, options: tuple[Any, ...], first: Any) -> Any:
    """A slider over a few values, whose value is in the address."""
    if not address.recall(key, options):
        value = st.select_slider(label, options, value=first, key=key)
    else:
        value = st.select_slider(label, options, key=key)
    address.publish(key, value, default=first)
    return value


def show_method(inputs: int, m: int, kind: str, width: float) -> None:
    """The picture, and the loss: in closed form and, as a check, summed over a fine grid."""
    from dashboard.app_pages.method.method_charts import curve_figure, surface_figure

    large, pruned, loss, variance = pruned_toy(inputs, m, kind, width)
    exact, checked, rms, share = st.columns(4)
    exact.metric("Loss J, closed form", scientific(loss), help="E_p[(f_K(x) − f_M(x))²], Eq. (5) with Theorem 1.")
    checked.metric(
        "J summed on a grid",
        scientific(grid_loss(large, pruned, kind, width)),
        help="The same by brute force: it must agree.",
    )
    rms.metric("RMS gap √J", f"{loss**0.5:.4f}")
    share.metric("Variance explained", f"{100 * (1 - loss / variance):.2f} %", help="1 − J / Var_p[f_K].")
    if inputs == 1:
        x = np.linspace(-6.5, 6.5, 901)
        figure = curve_figure(large, pruned, x, density(kind, width, x))
    else:
        axis = np.linspace(-4, 4, 81)
        one = density(kind, width, axis)
        figure = surface_figure(large, pruned, axis, np.outer(one, one))
    st.plotly_chart(figure, key=f"method_{inputs}", config={"displayModeBar": False})
    st.caption(in_words(inputs, pruned, kind, width))
    toy = PrunedToy(large, pruned, kind, width, loss)
    with st.container(horizontal=True):
        form_button(NETWORK_FILE, Prototypes(toy.name, pruned), "method")
        form_buttons(toy, "method")


def in_words(inputs: int, pruned: Parameters, kind: str, width: float) -> str:
    """The picture as text."""
    p = f"N(0, {width:g}²)" if kind == "normal" else f"U(−{width:g}, {width:g})"
    places = "; ".join(
        f"{number}: β {beta:+.2f} at ({', '.join(f'{value:.2f}' for value in theta)})"
        for number, (theta, beta) in enumerate(zip(pruned.centroids, pruned.beta, strict=True), start=1)
    )
    circles = " Circles have the radius of one standard deviation, dashed where β < 0." if inputs == 2 else ""
    return f"p(x) = {p}. Offset α = {pruned.alpha:.3f}; prototypes {places}.{circles}".replace("-", "−")


@st.cache_data(show_spinner="Pruning", max_entries=300)
def pruned_toy(inputs: int, m: int, kind: str, width: float) -> tuple[Parameters, Parameters, float, float]:
    """Large network, pruned one, exact loss, variance of the large one; the same choice is computed once."""
    from rbfcore.network import RBFN
    from rbfcore.pruning.prune import prune
    from rbfcore.studies.toy_networks import toy_network

    large = toy_network(inputs)
    result = prune(RBFN.from_plain(large), distribution(kind, width), m, restarts=RESTARTS, seed=SEED)
    return large, result.network.plain(), result.loss, result.variance


def distribution(kind: str, width: float) -> "InputDistribution":
    """The distribution of the sliders; this is where torch gets imported."""
    import rbfcore as rc

    return rc.Normal(0.0, width) if kind == "normal" else rc.Uniform(-width, width)


def grid_loss(large: Parameters, pruned: Parameters, kind: str, width: float) -> float:
    """The loss as a plain sum over a fine grid (midpoints), which knows nothing of Theorem 1."""
    from dashboard.app_pages.method.method_charts import values

    n_inputs, count = large.n_inputs, 2000 if large.n_inputs == 1 else 70
    reach = 6 * width if kind == "normal" else width
    axis = (np.arange(count) + 0.5) / count * 2 * reach - reach
    weight = density(kind, width, axis)
    weight /= weight.sum()
    if n_inputs == 1:
        return float(weight @ (values(large, axis[:, None]) - values(pruned, axis[:, None])) ** 2)
    rows = np.stack([part.ravel() for part in np.meshgrid(axis, axis, indexing="ij")], 1)
    gap = values(large, rows) - values(pruned, rows)
    return float(np.outer(weight, weight).ravel() @ gap**2)
