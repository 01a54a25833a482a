"""Which sites, pairs and orders of interaction a network responds to: drawn opacity and exact variance shares."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from dashboard.app_pages.importance.opacity_forms import SiteOpacities
from dashboard.drawing.colours import SERIES
from dashboard.drawing.style import OPACITY_HELP, OPACITY_LABELS
from dashboard.drawing.words import duration, two_to
from dashboard.figures.opacity_charts import DrawnSites, opacity_figure, overlaid_opacity_figure
from dashboard.figures.shares_svg import orders_html, share_of, shares_html
from dashboard.pickers.distribution_picker import DistributionChoice, distribution_picker
from dashboard.pickers.network_picker import is_drawable, network_label, networks_picker
from dashboard.session.session import Session
from dashboard.shelf.explanations import expected_seconds, explanations
from dashboard.viewer.importance_map import importance_map
from dashboard.widgets.errors import one_line_on_error
from dashboard.widgets.export_bar import explanation_downloads, export_bar
from dashboard.widgets.switch import switch
from dashboard.widgets.theme import is_dark
from dashboard.widgets.unfolding import unfolding
from rbfcore.distributions.recorded import UNIFORM, is_uniform
from rbfcore.explain.prototypes import site_opacity
from rbfcore.lattice.of_network import environment_of
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.explain.report import Explanation

_PLAIN = {"displayModeBar": False}
_QUESTIONS = {"variance": "What the network responds to", "opacity": "What the prototypes draw"}
_MEASURES = {"shapley": "Shapley effect", "first": "First order", "total": "Total"}
_WHAT_IS_EXACT = """
Nothing here is sampled. Under independent inputs p(x) every index is a finite sum over pairs of centroids in closed
form. A site's *first-order* share is what it explains by itself; its *total* share adds every interaction it takes part
in; its *Shapley effect* splits each interaction evenly among the sites that take part, so that these shares add up to
100 %. All of them say what the *network* does under this p(x): another p(x) gives other shares, and where the network
is wrong, so are they.
"""


@dataclass(frozen=True)
class _Wanted:
    """What is to be explained: networks by name, and the choice of p(x)."""

    networks: dict[str, Parameters]
    choice: DistributionChoice

    def known(self, name: str) -> "Explanation | None":
        """What has been computed before."""
        network = self.networks[name]
        try:
            return explanations().find(network, self.choice.fingerprint(network.n_inputs))
        except ValueError:  # said when it is to be computed
            return None


def importance_page() -> None:
    session = Session()
    st.title("Importance")
    # One question at a time: the charts of both would take a second to draw.
    if switch(session.address, "Question", "question", list(_QUESTIONS), _QUESTIONS) == "variance":
        show_variance(session)
    else:
        show_opacities(session)


def show_variance(session: Session) -> None:
    """Exact shares of the variance."""
    settings, stage = st.columns([1.1, 2.6], gap="large")
    with settings:
        names = networks_picker(session, "Networks", lambda _: True, key="explained", at_most=len(SERIES))
        choice = distribution_picker(session, page="importance_")
        networks = session.networks()
        wanted = _Wanted({name: networks[name] for name in names}, choice)
        explained = compute_on_demand(wanted)
    with stage:
        if not explained:
            st.subheader("Exact shares of the variance")
            st.markdown(_WHAT_IS_EXACT)
            return
        with one_line_on_error():
            show_explanations(wanted, explained)


def compute_on_demand(wanted: _Wanted) -> "dict[str, Explanation]":
    """What is known already, or after the button, which says how long it takes."""
    explained = {name: wanted.known(name) for name in wanted.networks}
    missing = {name: wanted.networks[name] for name, one in explained.items() if one is None}
    if missing:
        seconds = sum(expected_seconds(network, wanted.choice.occupations) for network in missing.values())
        pressed = st.button("Compute", type="primary", width="stretch", key="compute_importance")
        st.caption(f"About {duration(max(1, seconds))}, exact; kept for the next visit.")
        if pressed:
            with st.spinner("Summing over all pairs of centroids"), one_line_on_error():
                p = wanted.choice.build()
                for name, network in missing.items():
                    explanations().compute(name, network, p, wanted.choice.fingerprint(network.n_inputs))
                st.rerun()
    return {name: one for name, one in explained.items() if one is not None}


def show_explanations(wanted: _Wanted, explained: "dict[str, Explanation]") -> None:
    """Figures, the linked map, tables and downloads."""
    st.subheader("Exact shares of the variance")
    first = next(iter(explained.values()))
    if len({len(one.names) for one in explained.values()}) > 1:
        raise ValueError("the networks have different numbers of inputs: choose networks over the same sites")
    st.markdown(summary(explained))
    measure = "shapley"
    if len(explained) > 1:
        measure = switch(Session().address, "Measure", "measure", list(_MEASURES), _MEASURES)
    st.html(shares_html(explained, measure, dark=is_dark()))
    name = next(iter(explained))
    if len(explained) > 1:
        name = switch(Session().address, "On the lattice", "mapped", list(explained))
    network = wanted.networks[name]
    env = environment_of(network)
    importance_map(network, env, explained[name], name)
    st.markdown("**Shares by order of interaction**")
    st.html(orders_html(explained, dark=is_dark()))
    unfolding("What is exact, and under which p(x)", "what_is_exact", lambda: what_is_exact(first))
    unfolding("The numbers as a table", "numbers", lambda: show_table(explained))
    explanation_downloads(name, network, explained[name], env, key="explanation")


def what_is_exact(one: "Explanation") -> None:
    """What the shares mean, and the p(x) in full."""
    st.markdown(_WHAT_IS_EXACT)
    st.caption(f"p(x): {one.under}")


def show_table(explained: "dict[str, Explanation]") -> None:
    """All shares, to sort and to copy."""
    st.dataframe(shares_table(explained).round(5), hide_index=True, height=320)


def summary(explained: "dict[str, Explanation]") -> str:
    """Mean, spread and the additive part in one sentence a network."""
    lines = []
    for name, one in explained.items():
        indices = one.indices
        lines.append(
            f"**{name}** under {short_under(one)}: mean {indices.mean:.3f} {one.unit}, standard deviation "
            f"{indices.variance**0.5:.3f} {one.unit}; single {one.kind}s explain {100 * one.orders[0]:.1f} % of the "
            f"variance, pairs {100 * float(one.orders[1:2].sum()):.1f} %, higher orders "
            f"{100 * float(one.orders[2:].sum()):.1f} %."
        )
    return "  \n".join(lines).replace(" %", "\u00a0%")


def short_under(one: "Explanation") -> str:
    """The distribution in words that fit a sentence."""
    if is_uniform(one.card, len(one.names)):
        return f"p(x) = {UNIFORM} (all {two_to(len(one.names))} environments equally likely)"
    return f"p(x) = {one.under if len(one.under) < 60 else one.under[:57] + '…'}"


def shares_table(explained: "dict[str, Explanation]") -> pd.DataFrame:
    """One row per network and site."""
    parts = []
    for name, one in explained.items():
        columns = {label: share_of(one, measure) for measure, label in _MEASURES.items()}
        parts.append(pd.DataFrame({"network": name, one.kind: one.names, **columns}))
    return pd.concat(parts, ignore_index=True)


def show_opacities(session: Session) -> None:
    """Fig. 5 for the networks whose prototypes can be looked at."""
    st.subheader("How strongly the prototypes draw each site")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        names = networks_picker(
            session, "Prototypes", is_drawable, key="drawn", at_most=len(SERIES), preferred=3, width=460
        )
        opacity = switch(
            session.address, "Opacity", "opacity", list(OPACITY_LABELS), OPACITY_LABELS, explanation=OPACITY_HELP
        )
        together = switch(session.address, "Networks", "panels", ["in panels", "overlaid"])
    if not names:
        return
    with one_line_on_error():
        networks = session.networks()
        rows = [
            DrawnSites(
                network_label(name, networks[name]),
                site_opacity(networks[name], gauge_free=opacity == "gauge-free", normalised=True),
                environment_of(networks[name]),
                networks[name].card.surface,
            )
            for name in names
        ]
        label = "|tanh 2γθ|, normalised" if opacity == "gauge-free" else "min(|θ|/2, 1), normalised"
        draw = overlaid_opacity_figure if together == "overlaid" else opacity_figure
        st.plotly_chart(draw(rows, label), key="opacities", config=_PLAIN)
        st.caption(
            "Fig. 5 of the paper: opacity averaged over the prototypes, divided by its largest mean; bars: standard "
            "deviation over the prototypes. Colour: neighbour shell; hatching: layer parallel to the surface."
        )
        export_bar(SiteOpacities({name: networks[name] for name in names}, opacity == "gauge-free"), "figure5")
