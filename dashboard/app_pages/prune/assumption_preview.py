"""What the chosen p(x) assumes, drawn on request: environments it draws, filling per site and layer, densities."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard.drawing.colours import TEAL
from dashboard.figures.environment_strip import environment_strip
from dashboard.pickers.distribution_picker import FIT, DistributionChoice
from dashboard.widgets.errors import one_line_on_error
from rbfcore.distributions.marginals import DRAWS, density, filled_sites, mean_filling
from rbfcore.lattice import Environment
from rbfcore.lattice.of_network import environment_of
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution

_SHOWN = 8


def assumption_preview(choice: DistributionChoice, network: Parameters) -> None:
    """A switch, and below it what inputs the distribution takes for likely. Off at first: fitting takes time."""
    if not st.toggle("Preview what it assumes", key="preview_p", persist_state="session"):
        return
    with one_line_on_error():
        p = choice.build().for_inputs(network.n_inputs)
        if choice.kind == FIT:
            st.caption(choice.fitted().words())
        if p.bernoulli_form() is not None:
            env = environment_of(network)
            drawn = p.sample(_SHOWN, seed=0).numpy() > 0
            st.caption(f"{_SHOWN} environments drawn from p(x), seen along [0 0 1]; solid is filled, dashed is empty.")
            st.html(environment_strip(drawn, env, captions=[f"{row.sum()} filled" for row in drawn]))
            _filling(mean_filling(p, network.n_inputs), env, network.card.surface or "")
            mean, spread = filled_sites(p, network.n_inputs)
            st.caption(f"Filled sites: {mean:.1f} ± {spread:.1f} (sampled, {DRAWS:,} draws).")
        else:
            _one_input(p, network.n_inputs)


def _one_input(p: "InputDistribution", n_inputs: int) -> None:
    """Density of an input by itself, or the probabilities of the few values it takes."""
    number = 1
    if n_inputs > 1:
        number = st.number_input("Input", 1, n_inputs, 1, key=f"density_{n_inputs}")
    together = "the inputs are independent of each other" if p.independent_inputs else "the inputs hang together"
    values = p.marginal(number - 1).finite_alphabet()
    st.caption(f"{'Density' if values is None else 'Probabilities'} of one input; {together}.")
    import plotly.graph_objects as go  # only here: it takes long to load

    if values is None:
        grid, height = density(p, n_inputs, number - 1)
        drawn = go.Scatter(x=grid, y=height, fill="tozeroy", line={"color": TEAL, "width": 2})
    else:
        drawn = go.Bar(x=values.values.flatten(), y=values.probabilities.flatten(), marker={"color": TEAL})
    figure = go.Figure(drawn)
    figure.update_layout(
        height=190,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={"title": f"input {number}"},
        yaxis={"title": "p", "rangemode": "tozero"},
    )
    st.plotly_chart(figure, key="density", config={"displayModeBar": False})


def _filling(filling: np.ndarray, env: Environment | None, surface: str) -> None:
    """Exact filling by layer parallel to the surface, or by shell, and of each site by opacity."""
    st.caption("Mean filling of each site, exact (opacity).")
    st.html(environment_strip(filling[None], env, captions=[f"mean {filling.mean():.2f}"]))
    if env is not None:
        st.caption(filling_words(filling, env, surface))


def filling_words(filling: np.ndarray, env: Environment, surface: str) -> str:
    """ "Mean filling by layer of {100}, exact: 1: 0.20, 0: 0.55, −1: 0.98", from the top downwards."""
    if surface in env.layer:
        groups, title = env.layer[surface], f"layer of {{{surface}}}, top first"
        names = sorted(set(groups.tolist()), reverse=True)
    else:
        groups, title = env.shell, "neighbour shell"
        names = sorted(set(groups.tolist()))
    parts = ", ".join(f"{name}: {filling[groups == name].mean():.2f}" for name in names)
    return f"Mean filling by {title}, exact: {parts}.".replace("-", "\N{MINUS SIGN}")
