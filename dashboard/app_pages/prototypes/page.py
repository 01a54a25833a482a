"""Landing page: the prototypes of a pruned network side by side."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.drawing.style import Drawing
from dashboard.figures.heat_map import heat_map_html
from dashboard.figures.path_chart import path_chart_html
from dashboard.pickers.drawing_options import drawing_options
from dashboard.pickers.network_picker import is_drawable, network_picker
from dashboard.pickers.set_size import PrototypeSet, offer_curve, prototype_set, size_slider
from dashboard.pickers.sort_picker import in_order, notes, ranked, sort_picker
from dashboard.session.address import SIZE_KEY
from dashboard.session.session import Session
from dashboard.viewer.gallery import prototype_gallery
from dashboard.widgets.errors import one_line_on_error
from dashboard.widgets.export_bar import network_downloads
from dashboard.widgets.network_facts import pruned_metrics
from dashboard.widgets.progress import live, run_header
from dashboard.widgets.site_bars import site_bars
from dashboard.widgets.theme import is_dark
from rbfcore.lattice import Environment
from rbfcore.lattice.of_network import environment_of
from rbfcore.parameters import Parameters
from rbfcore.storage.pruning_path import PruningPath

if TYPE_CHECKING:
    from dashboard.runs.outcomes import PathJob, PathView

TURN_KEY = "turn"
COLUMNS = 4  # cards side by side
_WHAT_ONE_SEES = (
    "Each card is one prototype: surroundings of a jumping atom with which the network compares a surface, seen from "
    "four directions. Positive sites (red) ask for an atom and negative ones (blue) for a gap, the more opaque the "
    "more firmly; surroundings that look alike get a higher barrier when β is positive, a lower one when negative."
)
_WITHOUT_LATTICE = (
    "Each card is one prototype: a pattern with which the network compares its inputs. Positive values (red) ask for "
    "high inputs and negative ones (blue) for low ones, the more opaque the more firmly; inputs that look alike get a "
    "higher prediction when β is positive, a lower one when negative."
)


def prototypes_page() -> None:
    session = Session()
    st.title("Prototypes")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        name = network_picker(session, "Surface or network", summarised(session.networks()), as_buttons=True)
        if name is None:
            return
        drawing = drawing_options()
    words = st.empty()
    with one_line_on_error():
        facts, curve = st.columns([1.25, 1], gap="large", vertical_alignment="center")
        with curve:
            chosen = prototype_set(session, name, lambda path: show_curve(session, name, path))
            if chosen.curve is None:
                offer_curve(session, chosen)
        env = environment_of(chosen.network or chosen.picked)
        words.markdown(_WHAT_ONE_SEES if env is not None else _WITHOUT_LATTICE)
        job = session.job("path")
        if job is not None and chosen.curve is None:
            show_run(job)
        if chosen.network is None:
            st.info(
                f"{name} has {session.networks()[name].n_centroids} centroids, too many to look at one by one: "
                "compute sets of prototypes above, or choose their number on the page Prune.",
                icon=":material/content_cut:",
            )
            return
        with facts:
            pruned_metrics(session.networks(), chosen.name, chosen.network)
            sort = sort_picker(session.address, occupations=env is not None)
        show_gallery(session, chosen, chosen.network, env, drawing, sort)
        if env is None:
            st.caption("All prototypes at once: colour and opacity as above, prototypes downwards, inputs across.")
            st.html(heat_map_html(chosen.network, drawing.palette, dark=is_dark()))
        show_sites(chosen.network, env, drawing)
        network_downloads(chosen.file_name, chosen.network, key="landing", drawing=drawing, env=env)


def first_choice(networks: dict[str, Parameters]) -> str | None:
    """The network that is shown before anything is chosen."""
    suits = summarised(networks)
    return next((name for name, network in networks.items() if suits(network)), None)


def summarised(networks: dict[str, Parameters]) -> Callable[[Parameters], bool]:
    """Offers few centroids to look at, and large networks of which there is no smaller set yet."""
    parents = {network.card.parent for network in networks.values()}
    return lambda network: is_drawable(network) or network.fingerprint() not in parents


def show_curve(session: Session, name: str, curve: PruningPath) -> None:
    """The gap at every size, and the slider below it."""
    network = session.networks()[name]
    parent = session.parent(network)
    large = network if parent is None else parent[1]
    unit = network.card.unit or ""
    place = st.empty()
    size_slider(curve)
    size = session.address.number(SIZE_KEY, curve.sizes[-1])
    place.html(path_chart_html(curve, size, unit, large.card.test_rmse, dark=is_dark()))


def show_run(job: "PathJob") -> None:
    """The curve while it is being computed."""
    live(job, run_header(job), lambda view: show_progress(job, view))


def show_progress(job: "PathJob", view: "PathView") -> None:
    curve = view.snapshot
    if curve is None:
        st.caption("Getting ready: the constant part of the loss, then the first set.")
    else:
        st.html(path_chart_html(curve, curve.sizes[-1], job.work.about.unit, dark=is_dark()))


def show_gallery(
    session: Session,
    chosen: PrototypeSet,
    network: Parameters,
    env: Environment | None,
    drawing: Drawing,
    sort: str,
) -> None:
    """The cards in the order asked for; a click opens the inspector."""
    ranking = ranked(network, env, gauge_free=drawing.gauge_free)
    picked = prototype_gallery(
        network,
        env,
        palette=drawing.palette,
        opacity_name=drawing.opacity,
        columns=COLUMNS,
        order=in_order(ranking, sort),
        notes=notes(ranking, sort, network.card.unit or ""),
        turn=session.address.asked(TURN_KEY),
        on_turn=lambda turn: session.address.publish(TURN_KEY, turn, default=""),
        key="gallery",
    )
    if picked is not None:
        session.open_inspector(chosen.name, picked + 1, network.n_centroids)


def show_sites(network: Parameters, env: Environment | None, drawing: Drawing) -> None:
    """Fig. 5 of the paper for this network."""
    what = "site" if env is not None else "input"
    st.subheader(f"Which {what}s matter")
    st.caption(f"Opacity of each {what} averaged over the prototypes, with its standard deviation over them.")
    site_bars(network, env, gauge_free=drawing.gauge_free)
