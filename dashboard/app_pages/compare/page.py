"""Two prunings side by side: which prototype of one is which of the other, and what differs."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard.app_pages.compare.comparison_forms import Comparison
from dashboard.app_pages.compare.paired_cards import paired_cards
from dashboard.drawing.words import duration
from dashboard.pickers.distribution_picker import DistributionChoice, distribution_picker
from dashboard.pickers.drawing_options import drawing_options
from dashboard.pickers.network_picker import is_drawable, network_picker
from dashboard.session.address import FIRST_KEY, SECOND_KEY
from dashboard.session.session import Session
from dashboard.shelf.computed import compared, known_gap
from dashboard.viewer.gallery import prototype_gallery
from dashboard.widgets.dropdown import dropdown
from dashboard.widgets.errors import one_line_on_error
from dashboard.widgets.export_bar import export_bar
from dashboard.widgets.switch import switch
from rbfcore.lattice.of_network import comparable, environment_of
from rbfcore.parameters import Parameters
from rbfcore.pruning.pace import Sizes, pruning_time
from rbfcore.symmetry.set_comparison import SetComparison

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution

_ORDERS = {"pairs": "As pruned", "alike": "Most alike first", "different": "Least alike first"}
_AT_A_TIME = 16
_WHAT = (
    "Prototypes of two networks are paired so that the pairs resemble each other as much as they can, up to the "
    "symmetry of the lattice. The third card of a row shows what the second adds to the first at each site."
)


def compare_page() -> None:
    session = Session()
    st.title("Compare")
    choices, stage = st.columns([1.1, 2.6], gap="large")
    with choices:
        first = network_picker(session, "First prototypes", is_drawable, key=FIRST_KEY)
        if first is None:
            return
        a = session.networks()[first]
        second = network_picker(
            session,
            "Second prototypes",
            lambda network: is_drawable(network) and comparable(a, network),
            key=SECOND_KEY,
            prefer=lambda network: _unlike(a, network),
        )
        if second is None:
            return
        distribution = distribution_picker(session, "compare_")
        order = dropdown(session.address, "Order of the pairs", "pairs", list(_ORDERS), _ORDERS)
    b = session.networks()[second]
    with stage, one_line_on_error():
        p = distribution.build()
        env = environment_of(a)
        comparison = compared(a, b, env, p)
        st.caption(_WHAT)
        show_figures(session, comparison, (first, a), (second, b), distribution, p)
        drawing = drawing_options()
        shown = _page_of(session, _sorted(comparison, order))
        cards = paired_cards(comparison, shown, occupations=env is not None)
        prototype_gallery(
            cards.prototypes,
            env,
            palette=drawing.palette,
            opacity_name=drawing.opacity,
            columns=3,
            titles=cards.titles,
            notes=cards.notes,
            key="compared",
        )
        if comparison.alone_first or comparison.alone_second:
            st.caption(_alone("first", comparison.alone_first) + _alone("second", comparison.alone_second))
        export_bar(Comparison((first, a), (second, b), comparison, p.describe()), "compare")


def show_figures(
    session: Session,
    comparison: SetComparison,
    first: tuple[str, Parameters],
    second: tuple[str, Parameters],
    distribution: DistributionChoice,
    p: "InputDistribution",
) -> None:
    """Exact gaps and how far the pairs resemble each other."""
    unit = first[1].card.unit or ""
    suffix = f", {unit}" if unit else ""
    between, likeness, *gaps = st.columns(4)
    between.metric(
        f"RMS gap{suffix}", f"{comparison.gap:.4f}", help="Between the two functions under p(x), in closed form."
    )
    likeness.metric(
        "Mean similarity",
        f"{comparison.matching.mean:.2f}",
        help="Correlation of what two paired prototypes contribute, under p(x); 1 means the same pattern.",
    )
    parents = [session.parent(network) for _, network in (first, second)]
    known = [parent for parent in parents if parent is not None]
    # Sums over pairs of the large network's centroids: quick for inputs of a few values, else on request only.
    family, n_components = distribution.form
    wanted = distribution.occupations or not known
    if not wanted:
        sizes = Sizes(known[0][1].n_centroids, first[1].n_inputs, 1, 1)
        seconds = pruning_time(sizes, None, family, n_components or 1).ready
        wanted = st.checkbox(
            f"Exact gaps to the large networks too (about {duration(max(1, 2 * seconds))})", key="gaps"
        )
    sides = zip(gaps, ("First", "Second"), (first, second), parents, strict=True)
    for place, label, (_, network), parent in sides:
        if not wanted:
            place.metric(f"{label} to its network", "–", help="Computed when asked for below.")
        elif parent is None:
            place.metric(f"{label} to its network", "–", help="The large network it was pruned from is not at hand.")
        else:
            gap = known_gap(parent[1], network, p)
            place.metric(f"{label} to {parent[0]}{suffix}", f"{gap:.4f}", help="Exact RMS gap under this p(x).")
    st.markdown(verdict(comparison))


def verdict(comparison: SetComparison) -> str:
    """How far the sets may be read as one."""
    strong = int((comparison.matching.similarity >= 0.9).sum())
    total = len(comparison.matching.similarity)
    told = (
        f"**{strong} of {total} pairs** resemble each other closely (similarity of .9 or more). Unrelated patterns "
        f"with the same values at each site would reach {comparison.chance:.2f} on average."
    )
    if strong < total:
        told += " A prototype without a close partner depends on the seed or on p(x): do not read it as a fact."
    return told


def _sorted(comparison: SetComparison, order: str) -> np.ndarray:
    similarity = comparison.matching.similarity
    if order == "pairs":
        return np.arange(len(similarity))
    return np.argsort(-similarity if order == "alike" else similarity, kind="stable")


def _page_of(session: Session, order: np.ndarray) -> np.ndarray:
    """The pairs on screen: few enough to repaint quickly."""
    if len(order) <= _AT_A_TIME:
        return order
    starts = list(range(0, len(order), _AT_A_TIME))
    names = [f"{start + 1}–{min(start + _AT_A_TIME, len(order))}" for start in starts]
    start = starts[names.index(switch(session.address, "Pairs", "shown", names))]
    return order[start : start + _AT_A_TIME]


def _unlike(a: Parameters, candidate: Parameters) -> int:
    """Other prunings of the same large network come first, the network itself last."""
    if candidate.fingerprint() == a.fingerprint():
        return 2
    return 0 if candidate.card.parent == a.card.parent else 1


def _alone(which: str, places: list[int]) -> str:
    if not places:
        return ""
    return f"Without a partner in the {which} set: {', '.join(str(place + 1) for place in places)}. "
