"""Figure 5: how opaque each site is on average, normalised, coloured by group, one panel per surface."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from dashboard.figures.paper.site_map import GROUP_COLOURS
from rbfcore.lattice import environment
from rbfcore.lattice.groups import GROUPS, site_groups

_KINDS = {"opacity": "opacity min(|θ| / 2, 1)", "opacity_gauge_free": "gauge-free opacity |tanh 2γθ|"}


def draw_figure5(outcomes: Mapping[str, Sequence[Mapping[str, Any]]], path: Path, kind: str = "opacity") -> None:
    """Draw to .svg or .pdf, as the ending says.

    Bars: mean over prototypes of the sites' opacities, divided by the largest, then the mean over the networks. Thin
    lines: standard deviation over the prototypes. Thick lines: standard error over the networks, with several.

    Args:
        outcomes: surface -> finished `explain_cell` outcomes.
        kind: "opacity" or "opacity_gauge_free".
    """
    env = environment("fcc", 2)
    figure = Figure(figsize=(7.2, 1.75 * len(outcomes) + 0.6), layout="constrained")
    panels = figure.subplots(len(outcomes), 1, sharey=True, squeeze=False)[:, 0]
    for axes, (surface, cells) in zip(panels, outcomes.items(), strict=True):
        means = np.array([cell[kind]["mean"] for cell in cells])
        spread = np.array([cell[kind]["std"] for cell in cells]) / means.max(1, keepdims=True)
        means = means / means.max(1, keepdims=True)
        mean = means.mean(0)
        groups = site_groups(env, surface)
        order = np.concatenate([sites[np.argsort(-mean[sites], kind="stable")] for sites in groups.values()])
        colour = {int(s): GROUP_COLOURS[GROUPS.index(name)] for name, sites in groups.items() for s in sites}
        at = np.arange(len(order))
        axes.bar(at, mean[order], width=0.74, color=[colour[int(s)] for s in order], alpha=0.75)
        axes.errorbar(at, mean[order], spread.mean(0)[order], fmt="none", ecolor="0.45", elinewidth=0.7, capsize=2)
        if len(cells) > 1:
            error = means.std(0, ddof=1) / np.sqrt(len(cells))
            axes.errorbar(at, mean[order], error[order], fmt="none", ecolor="0.1", elinewidth=2.2)
        axes.set_xticks(at, [env.names[s] for s in order], fontsize=7)
        axes.set_xlim(-0.7, len(order) - 0.3)
        axes.set_ylim(0, None)
        axes.set_ylabel(f"{{{surface}}}")
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(axis="x", length=0)
    panels[-1].set_xlabel(f"site, by group; normalised mean {_KINDS[kind]}")
    handles = [Patch(color=c, alpha=0.75, label=name) for c, name in zip(GROUP_COLOURS, GROUPS, strict=True)]
    figure.legend(handles=handles, loc="outside upper center", ncols=3, frameon=False, fontsize="small")
    figure.savefig(path, metadata=_undated(path))


def _undated(path: Path) -> dict[str, None]:
    """Metadata that leave the date out, so that equal figures are equal files."""
    return {"CreationDate": None} if path.suffix == ".pdf" else {"Date": None}
