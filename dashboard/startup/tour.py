"""A first visit: three hints above the landing page, until dismissed; the browser session remembers."""

import streamlit as st

from dashboard.viewer.modules import module_loader

HINTS = (
    ("What these pictures are.", "Each card is one prototype. Drag a card to turn them all, click it to look closer."),
    (
        "Make your own.",
        "On Prune you choose a network and p(x) and watch its prototypes form; Library takes your files.",
    ),
    (
        "What carries the barrier.",
        "Importance splits its variance exactly over sites and pairs; Method shows the idea.",
    ),
)


def tour(key: str = "tour") -> None:
    """Draw the hints; the browser hides them where they have been seen."""
    component = st.components.v2.component(
        "rbfscope_tour", js=module_loader("tour.js", st.get_option("server.baseUrlPath"))
    )
    component(key=key, data={"hints": [{"title": title, "text": text} for title, text in HINTS]})
