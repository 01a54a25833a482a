"""One prototype at a time: turn it, see its numbers, pin it; and what the network says if a site were filled."""

import streamlit as st

from dashboard.app_pages.inspect.pins import PINS_KEY, Pin, pins_of, set_pins, show_pins, toggle_pin
from dashboard.app_pages.inspect.prototype_view import Inspected, show_prototype
from dashboard.pickers.drawing_options import drawing_options
from dashboard.pickers.network_picker import is_drawable, network_picker
from dashboard.pickers.set_size import offer_curve, prototype_set, size_list
from dashboard.session.address import PROTOTYPE_KEY, VIEW_KEY
from dashboard.session.session import Session
from dashboard.widgets.errors import one_line_on_error
from rbfcore.lattice.of_network import environment_of

_VIEWS = {"prototype": "Prototype", "what-if": "What if"}


def inspect_page() -> None:
    session = Session()
    session.address.apply_changes()
    st.title("Inspect")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = network_picker(session, "Network", lambda _: True, width=250, prefer=lambda n: not is_drawable(n))
        if name is None:
            return
        with one_line_on_error():
            chosen = prototype_set(session, name, size_list)
            # Centroids of a large network can be looked at one by one as well.
            network = chosen.network or chosen.picked
            index = prototype_picker(session, network.n_centroids)
            pin_button(session, Pin(chosen.name, network.n_centroids, index + 1))
            view = view_picker(session)
            with st.popover("Drawing", icon=":material/palette:"):
                drawing = drawing_options()
    with one_line_on_error():
        env = environment_of(network)
        inspected = Inspected(chosen, network, env, index, drawing)
        if view == "what-if":
            from dashboard.app_pages.inspect.what_if_panel import what_if_panel

            what_if_panel(session, inspected)
        else:
            show_prototype(session, inspected)
            if chosen.curve is None and is_drawable(network):
                offer_curve(session, chosen)
        show_pins(session, drawing)
    if session.address.asked(PINS_KEY):
        set_pins(session, pins_of(session))  # in the address again after a switch of pages


def prototype_picker(session: Session, count: int) -> int:
    """The 0-based prototype: a number in the address, with previous and next beside it."""
    session.address.recall(PROTOTYPE_KEY, range(1, count + 1))
    step = session.address.step
    st.button("Previous", shortcut="P", key="previous", on_click=step, args=(PROTOTYPE_KEY, -1, count))
    number = st.number_input(f"Prototype of {count}", 1, count, key=PROTOTYPE_KEY, width=130)
    st.button("Next", shortcut="N", key="next", on_click=step, args=(PROTOTYPE_KEY, 1, count))
    session.address.publish(PROTOTYPE_KEY, number, default=1)
    return int(number) - 1


def pin_button(session: Session, pin: Pin) -> None:
    """Keep this prototype below, to compare others with it."""
    pinned = pin in pins_of(session)
    st.button(
        "Unpin" if pinned else "Pin",
        icon=":material/keep_off:" if pinned else ":material/keep:",
        key="pin",
        on_click=toggle_pin,
        args=(session, pin),
        help="Pinned prototypes stay side by side below, across networks.",
    )


def view_picker(session: Session) -> str:
    """The prototype itself, or an environment to try changes on."""
    has_value = session.address.recall(VIEW_KEY, list(_VIEWS))
    view = st.segmented_control(
        "Show",
        list(_VIEWS),
        format_func=_VIEWS.__getitem__,
        default=None if has_value else "prototype",
        required=True,
        key=VIEW_KEY,
    )
    session.address.publish(VIEW_KEY, view, default="prototype")
    return str(view)
