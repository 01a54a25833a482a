"""How prototypes are drawn, the same choice on every page of a visit: palette and kind of opacity."""

import streamlit as st

from dashboard.drawing.palettes import PALETTES
from dashboard.drawing.style import OPACITY_HELP, OPACITY_LABELS, Drawing
from dashboard.session.session import Session
from dashboard.widgets.switch import switch


def drawing_options() -> Drawing:
    """Two small switches side by side; the choice is in the address."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large", width="content"):
        session = Session()
        opacity = switch(
            session.address, "Opacity", "opacity", list(OPACITY_LABELS), OPACITY_LABELS, explanation=OPACITY_HELP
        )
        labels = {name: palette.label for name, palette in PALETTES.items()}
        told = "Orange and blue stay furthest apart for colour-blind eyes. Rings tell + (solid) and − (dashed) too."
        palette = switch(session.address, "Colours", "palette", list(labels), labels, explanation=told)
    return Drawing(palette, opacity)
