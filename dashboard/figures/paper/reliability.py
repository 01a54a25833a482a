"""Reliability of a committee: the error of its mean against its spread, rows of similar spread together."""

from collections.abc import Mapping
from pathlib import Path

from matplotlib.figure import Figure

from rbfcore.studies.calibration import Calibration


def draw_reliability(calibrations: Mapping[str, Calibration], path: Path) -> None:
    """Draw to .svg or .pdf, as the ending says; one panel per surface, a tenth of the rows per point."""
    figure = Figure(figsize=(2.5 * len(calibrations) + 0.4, 2.7), layout="constrained")
    panels = figure.subplots(1, len(calibrations), squeeze=False)[0]
    for axes, (surface, one) in zip(panels, calibrations.items(), strict=True):
        spread, error = [b.spread for b in one.bins], [b.error for b in one.bins]
        end = 1.05 * max(*spread, *error)
        axes.plot([0, end], [0, end], color="0.7", linewidth=1, label="error = spread")
        axes.plot([0, end / one.factor], [0, end], color="0.7", linewidth=1, linestyle="--", label="scaled")
        axes.plot(spread, error, "o-", color="#0072b2", markersize=3.5, linewidth=1)
        axes.set(xlim=(0, end), ylim=(0, end), xlabel="RMS spread of members (eV)")
        axes.set_title(f"{{{surface}}}, {one.members} members", fontsize="medium")
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize="x-small")
    panels[0].set_ylabel("RMS error of the mean (eV)")
    panels[0].legend(frameon=False, fontsize="x-small")
    figure.savefig(path, metadata={"CreationDate": None} if path.suffix == ".pdf" else {"Date": None})
