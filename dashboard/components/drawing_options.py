"""How prototypes are drawn, the same choice on every page of a visit: palette and kind of opacity."""

from dataclasses import dataclass

import streamlit as st

from dashboard.viewer.palettes import PALETTES

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
    """Two small switches side by side."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large", width="content"):
        opacity = st.segmented_control(
            "Opacity",
            list(OPACITY_LABELS),
            format_func=OPACITY_LABELS.__getitem__,
            default="paper",
            required=True,
            key="opacity",
            persist_state="session",
            help=OPACITY_HELP,
        )
        palette = st.segmented_control(
            "Colours",
            list(PALETTES),
            format_func=lambda name: PALETTES[name].label,
            default="red-blue",
            required=True,
            key="palette",
            persist_state="session",
            help="Orange and blue stay furthest apart for colour-blind eyes. Rings tell + (solid) and − (dashed) too.",
        )
    return Drawing(str(palette), str(opacity))
