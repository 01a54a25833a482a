"""Prune a network to prototypes and watch them form."""

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.app_pages.prune.assumption_preview import assumption_preview
from dashboard.drawing.style import Drawing
from dashboard.drawing.words import duration
from dashboard.figures.pruning_svg import pruning_html
from dashboard.pickers.distribution_picker import DistributionChoice, distribution_picker
from dashboard.pickers.drawing_options import drawing_options
from dashboard.pickers.network_picker import MOST_DRAWN, network_picker
from dashboard.runs.expected_time import said_before, said_during
from dashboard.runs.live_frames import frames_address
from dashboard.runs.work import PruneSettings, prune_work
from dashboard.session.address import LARGE_KEY
from dashboard.session.session import Session
from dashboard.viewer.gallery import prototype_gallery
from dashboard.widgets.errors import one_line_on_error
from dashboard.widgets.export_bar import network_downloads
from dashboard.widgets.progress import live, run_header
from dashboard.widgets.theme import is_dark
from dashboard.widgets.whole_number import whole_number
from rbfcore.lattice.of_network import environment_of
from rbfcore.parameters import Parameters
from rbfcore.pruning.pace import Expected, Sizes, pruning_time

if TYPE_CHECKING:
    from dashboard.runs.outcomes import PruneJob, PruneView

_MOST_FITTED = 8  # components of a mixture whose number the fit chooses
_METHODS = {
    None: "The fastest for this p(x)",
    "gauss-newton": "Gauss-Newton, for occupations",
    "lbfgs": "L-BFGS, under any distribution",
    "adam": "The paper's Adam schedule",
}
_WHAT_HAPPENS = r"""
Pruning fits a network $f_M$ of a few prototypes to the large network $f_K$, without any data: the expected squared gap

$$
J = \mathbb{E}_{p(x)}\left[(f_K(x) - f_M(x))^2\right]
$$

is known in closed form for the input distributions offered here, so its square root is an exact statement about every
possible input. Choose a network and $p(x)$, then start: the prototypes form here while you watch.
"""


def prune_page() -> None:
    session = Session()
    st.title("Prune")
    settings, stage = st.columns([1.1, 2.6], gap="large")
    job = session.job("prune")
    with settings:
        name = network_picker(
            session,
            "Network to summarise",
            lambda network: network.n_centroids > 1,
            key=LARGE_KEY,
            prefer=lambda network: network.card.parent is not None,
        )
        if name is None:
            return
        network = session.networks()[name]
        distribution = distribution_picker(session, mixtures=True)
        assumption_preview(distribution, network)
        options = prune_settings(session, distribution.occupations)
        expected = expected_time(network, distribution, options)
        fit = distribution.fit_seconds
        first = f" Fitting p(x) to the data comes first, once: about {duration(fit)}." if fit >= 1 else ""
        st.caption(said_before(expected) + first)
        busy = job is not None and job.view().active
        if st.button("Start pruning", type="primary", disabled=busy, width="stretch"):
            with st.spinner("Starting"), one_line_on_error():
                p = distribution.build()
                job = session.start(prune_work(name, network, p, options, session.shelf, expected))
                st.rerun()
    with stage:
        if job is None:
            st.markdown(_WHAT_HAPPENS)
        else:
            show_run(session, job)


def prune_settings(session: Session, by_slopes: bool) -> PruneSettings:
    """M, restarts, seed, and the options of the method; Gauss-Newton is offered where it prunes by slopes."""
    fields = st.columns(2)
    m = whole_number(session.address, "Prototypes M", "prune_m", 16, 1, MOST_DRAWN, fields[0])
    restarts = whole_number(session.address, "Restarts", "restarts", 10, 1, 100, fields[1])
    with st.expander("Seed and method"):
        seed = whole_number(session.address, "Seed", "prune_seed", 0, 0)
        offered = [name for name in _METHODS if name != "gauss-newton" or by_slopes]
        session.address.recall("method", offered)
        method = st.radio("Method", offered, format_func=_METHODS.__getitem__, key="method")
        session.address.publish("method", method, default=None)
        options = _adam_options() if method == "adam" else _slope_options()
    return PruneSettings(m, restarts, seed, method, options)


def expected_time(network: Parameters, distribution: DistributionChoice, options: PruneSettings) -> Expected:
    """How long a pruning will take, as far as one can know."""
    sizes = Sizes(network.n_centroids, network.n_inputs, options.n_prototypes, options.restarts)
    family, n_components = distribution.form
    limit = options.options.get("max_iterations")
    return pruning_time(sizes, options.method, family, n_components or _MOST_FITTED, limit)


def _slope_options() -> dict[str, float]:
    cap = st.number_input(
        "Slope cap",
        0.05,
        0.99,
        0.8,
        0.05,
        help="|tanh 2γθ| stays below it: lower reads easier, higher fits closer.",
    )
    return {"slope_cap": cap}


def _adam_options() -> dict[str, float]:
    st.caption("Adam on all restarts at once; the rate falls tenfold whenever the loss stops falling.")
    rate = st.number_input("First learning rate", 1e-6, 10.0, 1e-3, format="%g")
    steps = st.number_input("At most so many steps", 1, None, None, placeholder="no limit")
    return {"learning_rate": rate} | ({} if steps is None else {"max_iterations": steps})


def show_run(session: Session, job: "PruneJob") -> None:
    """State and buttons, the loss, the result, and the prototypes as they move."""
    shown = run_header(job)
    live(job, shown, lambda view: show_loss(job, view))
    show_pruned(session, shown)
    drawing = drawing_options()
    show_prototypes(session, job, shown, drawing)


def show_loss(job: "PruneJob", view: "PruneView") -> None:
    """The gap now, and how it came down."""
    step, about = view.snapshot, job.work.about
    if step is None:
        show_preparation(view, about.expected)
        return
    gap, steps, running, seconds = st.columns(4)
    gap.metric(f"RMS gap{', ' + about.unit if about.unit else ''}", f"{step.rms_gap:.4f}")
    steps.metric("Step", step.iteration)
    running.metric("Restarts going", f"{step.running} of {about.restarts}")
    seconds.metric("Time", duration(view.seconds))
    if view.active:
        over = "Finishing: the exact figures of the result are being computed."
        st.caption(over if step.done else said_during(about.expected, step.iteration, view.seconds))
    st.html(pruning_html(view.history, about.unit, dark=is_dark()))


def show_preparation(view: "PruneView", expected: Expected) -> None:
    """Before the first step."""
    if view.active:
        takes = f" It takes about {duration(expected.ready)}." if expected.ready >= 2 else ""
        st.progress(view.prepared or 0.0, f"Getting ready: the constant part of the loss is being computed.{takes}")
    else:
        st.caption("There is nothing to keep: this run ended before its first step.")


def show_prototypes(session: Session, job: "PruneJob", view: "PruneView", drawing: Drawing) -> None:
    """The best prototypes, moving by themselves while the run goes on; once it has ended a click opens one."""
    if view.snapshot is None and not view.active:
        return
    with one_line_on_error():
        large, outcome = job.work.about.large, view.outcome
        env = environment_of(large)
        now = large if view.snapshot is None else view.snapshot.network
        network = now if outcome is None else outcome.network  # in its final order
        picked = prototype_gallery(
            network,
            env,
            palette=drawing.palette,
            opacity_name=drawing.opacity,
            order=[] if view.snapshot is None else None,  # an empty frame until there are some
            unit=job.work.about.unit,
            frames=frames_address(job, drawing.opacity, st.get_option("server.baseUrlPath")) if view.active else None,
            key="live",
        )
        if picked is not None and outcome is not None:
            session.open_inspector(outcome.name, picked + 1)


def show_pruned(session: Session, view: "PruneView") -> None:
    """The result on the shelf, and where to look at it."""
    outcome = view.outcome
    if outcome is None:
        return
    with one_line_on_error():
        pruned = outcome.network
        name = session.shelf.add_network(outcome.name, pruned)
        st.markdown(f":material/inventory_2: On the shelf as **{name}**.")
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button("Open in the gallery", icon=":material/grid_view:"):
                session.open_gallery(name)
            if st.button("Open in the inspector", icon=":material/view_in_ar:"):
                session.open_inspector(name, 1)
            if st.button("Compare with another pruning", icon=":material/compare_arrows:"):
                session.open_comparison(name)
        network_downloads(name, pruned, key="pruned", drawing=Drawing(), env=environment_of(pruned))
