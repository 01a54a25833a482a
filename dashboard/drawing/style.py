"""How prototypes are drawn: palette and kind of opacity, with the words for them."""

from dataclasses import dataclass

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
