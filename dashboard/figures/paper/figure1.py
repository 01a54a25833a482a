"""Figure 1 of the paper: a function, a large network, and what three centroids make of it."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from rbfcore.data.toy import REACH, toy_function
from rbfcore.network import RBFN
from rbfcore.studies.figure1 import N_CENTROIDS, N_PROTOTYPES, Figure1

_COLOURS = ("#0072b2", "#d55e00", "#009e73")
_BEYOND = 2.0  # how far past the data the functions are drawn


def draw_figure1(study: Figure1, path: Path) -> None:
    """Draw to .svg or .pdf, as the ending says. Dotted lines: centroids; dashed lines: where the data end."""
    x = np.linspace(-REACH - _BEYOND, REACH + _BEYOND, 1201)
    figure = Figure(figsize=(7.5, 4.0), layout="constrained")
    axes = figure.add_subplot()
    axes.plot(x, toy_function(x), color="0.75", linewidth=5, label="exp(-x²) + 0.2 cos(4x)")
    axes.plot(x, _values(study.trained.network, x), color="0.15", linewidth=1, label=f"RBFN, {N_CENTROIDS} centroids")
    for colour, (name, pruned) in zip(_COLOURS, study.pruned.items(), strict=False):
        label = f"{N_PROTOTYPES} centroids under {name}, loss {pruned.loss:.2g}"
        axes.plot(x, _values(pruned.network, x), color=colour, linewidth=1.8, label=label)
        for centroid in pruned.network.centroids.detach().flatten().tolist():
            axes.axvline(centroid, color=colour, linestyle=":", linewidth=1)
    for end in (-REACH, REACH):
        axes.axvline(end, color="0.3", linestyle="--", linewidth=1)
    axes.set(xlim=(x[0], x[-1]), xlabel="x", ylabel="f(x)")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=2, frameon=False, fontsize="small")
    figure.savefig(path)


def _values(network: RBFN, x: np.ndarray) -> np.ndarray:
    return network.predict(x[:, None])
