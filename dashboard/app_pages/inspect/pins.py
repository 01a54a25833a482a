"""Prototypes pinned to be compared side by side, across networks and sizes; the address keeps them."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.drawing.style import Drawing
from dashboard.pickers.set_size import network_of_size
from dashboard.session.session import Session
from dashboard.viewer.gallery import prototype_gallery
from dashboard.widgets.unfolding import unfolding
from rbfcore.explain.ranking import canonical_form, image_correlations
from rbfcore.lattice import Environment
from rbfcore.lattice.of_network import environment_of
from rbfcore.parameters import Parameters

PINS_KEY = "pins"
MOST_PINS = 8


@dataclass(frozen=True)
class Pin:
    """One prototype: the network as picked, the size of its set, and its number, 1 ... M."""

    name: str
    size: int
    number: int

    def __str__(self) -> str:
        return f"{self.name}:{self.size}:{self.number}"


def read_pins(text: str) -> list[Pin]:
    """Pins of an address; parts that are none are left out."""
    pins = []
    for part in text.split(","):
        name, _, rest = part.partition(":")
        size, _, number = rest.partition(":")
        if name and size.isdigit() and number.isdigit():
            pins.append(Pin(name, int(size), int(number)))
    return pins[:MOST_PINS]


def pins_of(session: Session) -> list[Pin]:
    """The pins whose networks are still there."""
    present = []
    for pin in read_pins(session.address.asked(PINS_KEY) or ""):
        network = network_of_size(session, pin.name, pin.size)
        if network is not None and 1 <= pin.number <= network.n_centroids:
            present.append(pin)
    return present


def set_pins(session: Session, pins: list[Pin]) -> None:
    session.address.publish(PINS_KEY, ",".join(map(str, pins)), default="")


def toggle_pin(session: Session, pin: Pin) -> None:
    """Pin it, or take the pin out."""
    pins = pins_of(session)
    set_pins(session, [other for other in pins if other != pin] if pin in pins else [*pins, pin][-MOST_PINS:])


def show_pins(session: Session, drawing: Drawing) -> None:
    """All pins side by side, how alike they are, and their sites as a table. Only those on one lattice are compared."""
    pins = pins_of(session)
    if not pins:
        return
    st.subheader("Pinned")
    networks = [network_of_size(session, pin.name, pin.size) for pin in pins]
    kept = [(pin, network) for pin, network in zip(pins, networks, strict=True) if network is not None]
    first = environment_of(kept[0][1])
    alike = [(pin, n) for pin, n in kept if n.n_inputs == kept[0][1].n_inputs and environment_of(n) is first]
    joined = together([network for _, network in alike], [pin.number - 1 for pin, _ in alike])
    picked = prototype_gallery(
        joined,
        first,
        palette=drawing.palette,
        opacity_name=drawing.opacity,
        columns=min(4, max(2, len(alike))),
        notes=[f"{pin.name}, number {pin.number} of {pin.size}" for pin, _ in alike],
        key="pinned",
    )
    if picked is not None:
        pin = alike[picked][0]
        session.address.change(network=pin.name, prototype=pin.number, m=pin.size, view="prototype")
    with st.container(horizontal=True):
        for number, pin in enumerate(pins, start=1):
            st.button(
                f"Unpin {number}",
                key=f"unpin_{pin}",
                icon=":material/keep_off:",
                on_click=toggle_pin,
                args=(session, pin),
            )
    if len(alike) < len(pins):
        st.caption("Pins on other inputs than the first are left out of the comparison.")
    if len(alike) > 1 and first is not None:
        st.caption(
            "Agreement of contributions βφ(x) over all environments, in the symmetric image that fits best: "
            "1 the same shape, 0 unrelated, −1 opposite."
        )
        st.dataframe(agreement_table(joined, first).round(3), width="content")
    names = first.names if first is not None else tuple(str(d + 1) for d in range(joined.n_inputs))
    unfolding(
        "Pinned prototypes site by site",
        "pinned_sites",
        lambda: st.dataframe(site_comparison(joined, names).round(3), hide_index=True),
    )


def together(networks: list[Parameters], indices: list[int]) -> Parameters:
    """One network of single prototypes of several."""
    pairs = list(zip(networks, indices, strict=True))
    gammas = [np.broadcast_to(network.gamma, (network.n_centroids,))[i] for network, i in pairs]
    return replace(
        networks[0],
        alpha=0.0,
        beta=np.array([network.beta[i] for network, i in pairs], dtype=np.float64),
        gamma=np.array(gammas, dtype=np.float64),
        centroids=np.array([network.centroids[i] for network, i in pairs], dtype=np.float64),
    )


def agreement_table(joined: Parameters, env: Environment) -> pd.DataFrame:
    """(P, P): largest correlation under the symmetry of each pinned contribution with each other."""
    _, t = canonical_form(joined)
    count, sign = len(t), np.sign(joined.beta)
    left, right = np.repeat(t, count, axis=0), np.tile(t, (count, 1))
    signs = (sign[:, None] * sign).reshape(-1, 1)
    best = (image_correlations(left, right, env.symmetry) * signs).max(1).reshape(count, count)
    labels = [str(number + 1) for number in range(count)]
    return pd.DataFrame(best, index=labels, columns=labels)


def site_comparison(joined: Parameters, names: tuple[str, ...]) -> pd.DataFrame:
    """θ of every site, one column per pin, and the largest difference between them."""
    columns = {f"θ of {number + 1}": row for number, row in enumerate(joined.centroids)}
    spread = np.ptp(joined.centroids, axis=0)
    return pd.DataFrame({"site": names, **columns, "largest difference": spread}).sort_values(
        "largest difference", ascending=False
    )
