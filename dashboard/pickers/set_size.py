"""How many prototypes to look at: the sizes of the pruning path, and the offer to compute it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from dashboard.drawing.words import duration
from dashboard.pickers.network_picker import MOST_DRAWN, is_drawable
from dashboard.runs.work import path_work
from dashboard.session.address import SIZE_KEY
from dashboard.session.session import Session
from rbfcore.distributions.recorded import distribution_text
from rbfcore.parameters import Parameters
from rbfcore.pruning.pace import path_seconds
from rbfcore.storage.pruning_path import PruningPath

SIZES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
USUAL_SIZE = 16
_SITES_AND_UNIT = ("unit", "lattice", "numbering")  # as the picked network describes them, whatever its curve says


@dataclass(frozen=True, eq=False)
class PrototypeSet:
    """The prototypes on screen.

    Attributes:
        name: of the network that was picked; picked: that network.
        network: the prototypes themselves; None while a large network has not been pruned.
        curve: pruned networks of all sizes, that of the picked network among them; None when not known.
        parent_name: the large network, when it is at hand.
        parent: its parameters.
    """

    name: str
    picked: Parameters
    network: Parameters | None
    curve: PruningPath | None
    parent_name: str | None
    parent: Parameters | None

    @property
    def file_name(self) -> str:
        """What its files are called."""
        if self.network is None or self.parent_name is None or self.network is self.picked:
            return self.name
        return f"{self.parent_name}-M{self.network.n_centroids}"


def prototype_set(session: Session, name: str, draw_slider: Callable[[PruningPath], None]) -> PrototypeSet:
    """The set of the size that the slider (or the address) asks for.

    Args:
        name: the network picked: prototypes, or a large network.
        draw_slider: draws the picker of sizes with the key that `size_key` names.
    """
    picked = session.networks()[name]
    parent_name, parent = session.parent(picked) or ((None, None) if is_drawable(picked) else (name, picked))
    fingerprint = parent.fingerprint() if parent is not None else picked.card.parent or ""
    curve = session.curve(fingerprint)
    if curve is None:
        return PrototypeSet(name, picked, picked if is_drawable(picked) else None, None, parent_name, parent)
    if is_drawable(picked):
        curve = curve.with_network(picked)
    inherited = picked.card.taken(_SITES_AND_UNIT)
    usual = picked.n_centroids if is_drawable(picked) else min(curve.sizes, key=lambda m: abs(m - USUAL_SIZE))
    if not session.address.recall(SIZE_KEY, curve.sizes):
        session.address.suggest(SIZE_KEY, usual)
    draw_slider(curve)
    size = session.address.number(SIZE_KEY, curve.sizes[-1])
    session.address.publish(SIZE_KEY, size, default=usual)
    shown = next(network for network in curve.networks if network.n_centroids == size)
    if shown is not picked:
        shown = replace(shown, metadata={**inherited, **shown.metadata})
    return PrototypeSet(name, picked, shown, curve, parent_name, parent)


def network_of_size(session: Session, name: str, size: int) -> Parameters | None:
    """The set of `size` prototypes that belongs to the network called `name`, if there is one."""
    picked = session.networks().get(name)
    if picked is None or picked.n_centroids == size:
        return picked
    parent = session.parent(picked)
    curve = session.curve((parent[1] if parent else picked).fingerprint())
    sizes = {} if curve is None else {network.n_centroids: network for network in curve.networks}
    return sizes.get(size)


def size_slider(curve: PruningPath) -> None:
    """Sizes along the curve; left and right arrow keys move it."""
    st.select_slider("Prototypes M", curve.sizes, key=SIZE_KEY, label_visibility="collapsed")


def size_list(curve: PruningPath) -> None:
    """The same choice as a list, where there is no room for a slider."""
    st.selectbox("Prototypes M", curve.sizes, key=SIZE_KEY, width=110)


def offer_curve(session: Session, chosen: PrototypeSet) -> None:
    """A button that computes the missing pruning path, with the time it takes."""
    if chosen.parent is None or chosen.parent_name is None:
        st.caption("Sets of other sizes need the large network: bring it to the Library, or prune it there.")
        return
    sizes = tuple(size for size in SIZES if size <= min(MOST_DRAWN, chosen.parent.n_centroids))
    text = distribution_text((chosen.network or chosen.parent).card)
    if text is None:
        st.caption("Sets of other sizes need a p(x) that a short text names, such as bernoulli:0.5: see Prune.")
        return
    seconds = path_seconds(chosen.parent.n_centroids, chosen.parent.n_inputs, sizes, text.partition(":")[0])
    job = session.job("path")
    busy = job is not None and job.view().active
    about = duration(max(1, seconds))
    if st.button(f"Compute sets of {sizes[0]} to {sizes[-1]} prototypes (about {about})", disabled=busy):
        session.start(path_work(chosen.parent_name, chosen.parent, text, sizes, session.shelf))
        st.rerun()
