"""What the chosen p(x) assumes, drawn on request: environments it draws, filling per site and layer, densities."""

import numpy as np
import streamlit as st

from dashboard.drawing.colours import TEAL
from dashboard.figures.environment_strip import environment_strip
from dashboard.pickers.distribution_picker import DistributionChoice
from dashboard.widgets.errors import one_line_on_error
from rbfcore.distributions.marginals import DRAWS, density, filled_sites, mean_filling
from rbfcore.lattice import Environment
from rbfcore.lattice.of_network import environment_of
from rbfcore.parameters import Parameters

_SHOWN = 8


def assumption_preview(choice: DistributionChoice, network: Parameters) -> None:
    """A switch, and below it what inputs the distribution takes for likely. Off at first: fitting takes time."""
    if not st.toggle("Preview what it assumes", key="preview_p", persist_state="session"):
        return
    with one_line_on_error():
        p = choice.build().for_inputs(network.n_inputs)
        if choice.kind == "fit":
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
            number = 1
            if network.n_inputs > 1:
                number = st.number_input("Input", 1, network.n_inputs, 1, key=f"density_{network.n_inputs}")
            st.caption("Density of one input; the inputs are independent of each other.")
            grid, height = density(p, network.n_inputs, number - 1)
            import plotly.graph_objects as go  # only here: it takes long to load

            figure = go.Figure(go.Scatter(x=grid, y=height, fill="tozeroy", line={"color": TEAL, "width": 2}))
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
