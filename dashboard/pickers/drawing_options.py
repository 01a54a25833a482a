"""How prototypes are drawn, the same choice on every page of a visit: palette and kind of opacity."""

from dataclasses import dataclass

import streamlit as st

from dashboard.drawing.palettes import PALETTES
from dashboard.session.session import Session
from dashboard.widgets.switch import switch

OPACITY_LABELS = {"paper": "Paper's opacity", "gauge-free": "Gauge-free"}
OPACITY_HELP = (
    "The paper draws a site with opacity min(|θ|/2, 1). On −1/+1 inputs θ and γ can be traded against each other "
    "without changing the network; |tanh 2γθ| does not depend on that choice."
)


@dataclass(frozen=True)
class Drawing:
    """Names that the viewer understands."""

    palette: str = "red-blue"
    opacity: str = "paper"

    @property
    def gauge_free(self) -> bool:
        return self.opacity == "gauge-free"


def drawing_options() -> Drawing:
    """Two small switches side by side; the choice is in the address."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large", width="content"):
        session = Session()
        opacity = switch(session, "Opacity", "opacity", list(OPACITY_LABELS), OPACITY_LABELS, explanation=OPACITY_HELP)
        labels = {name: palette.label for name, palette in PALETTES.items()}
        told = "Orange and blue stay furthest apart for colour-blind eyes. Rings tell + (solid) and − (dashed) too."
        palette = switch(session, "Colours", "palette", list(labels), labels, explanation=told)
    return Drawing(palette, opacity)
