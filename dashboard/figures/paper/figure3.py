"""Figure 3: test error against the number of centroids beside the other models, and the gap of pruned networks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from rbfcore.studies.paper import PRUNED_TO_16, TABLE1

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
_LINES = {"xgboost": ("#555555", "--"), "dnn": ("#222222", "-."), "dnn-images": ("#222222", ":")}


def draw_figure3(table1: pd.DataFrame, paths: Mapping[str, Sequence[Sequence[Mapping[str, Any]]]], path: Path) -> None:
    """Draw to .svg or .pdf, as the ending says.

    Upper row: test RMSE of networks of K centroids, mean and sd over the splits, one curve per kind of training, with
    the other models as lines and the paper's networks (on its own data) in grey. Lower row, where there are paths:
    exact RMS gap of M prototypes, mean and sd over the splits, with the paper's value for 16.

    Args:
        table1: from `rbfcore.studies.table1_text.table`.
        paths: surface -> for each split the points n_prototypes, rms_gap of the pruning path; may be empty.
    """
    surfaces = sorted(set(table1.surface) | set(paths))
    rows = 2 if paths else 1
    figure = Figure(figsize=(2.5 * len(surfaces) + 0.7, 2.5 * rows + 0.5), layout="constrained")
    panels = figure.subplots(rows, len(surfaces), squeeze=False)
    for column, surface in enumerate(surfaces):
        _errors(panels[0][column], table1[table1.surface == surface], surface)
        if paths:
            _gaps(panels[1][column], surface, paths.get(surface, []))
    panels[0][0].set_ylabel("test RMSE (eV)")
    if paths:
        panels[1][0].set_ylabel("RMS gap to the network (eV)")
    lines = {label: line for axes in panels.flat for line, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    figure.legend(lines.values(), lines.keys(), loc="outside upper center", ncols=3, frameon=False, fontsize="x-small")
    figure.savefig(path, metadata={"CreationDate": None} if path.suffix == ".pdf" else {"Date": None})


def _errors(axes: Axes, rows: pd.DataFrame, surface: str) -> None:
    networks = rows[rows.model.str.match(r"rbfn-\d+-") & (rows.trained_on == "surface")].copy()
    networks["size"] = networks.model.str.extract(r"rbfn-(\d+)-", expand=False).astype(int)
    networks["training"] = networks.model.str.replace(r"rbfn-\d+-", "", regex=True)
    for colour, (training, curve) in zip(_COLOURS, networks.groupby("training", sort=True), strict=False):
        curve = curve.sort_values("size")
        sizes, mean = curve["size"].to_numpy(), curve.test_rmse.to_numpy()
        spread = np.nan_to_num(curve.test_rmse_sd.to_numpy())
        axes.plot(sizes, mean, "o-", color=colour, markersize=3, linewidth=1.2, label=f"RBFN, {training}")
        axes.fill_between(sizes, mean - spread, mean + spread, color=colour, alpha=0.2, linewidth=0)
    for model, (colour, style) in _LINES.items():
        values = rows[rows.model == model].test_rmse
        if len(values):
            axes.axhline(float(values.iloc[0]), color=colour, linestyle=style, linewidth=1, label=model)
    paper = {int(name.split("-")[1]): row[surface] for name, row in TABLE1.items() if name.startswith("rbfn")}
    axes.plot(list(paper), list(paper.values()), "s-", color="0.75", markersize=2.5, linewidth=1, label="paper's RBFN")
    _log_sizes(axes, "centroids K")
    axes.set_ylim(0, None)
    axes.set_title(f"{{{surface}}}", fontsize="medium")


def _gaps(axes: Axes, surface: str, splits: Sequence[Sequence[Mapping[str, Any]]]) -> None:
    if splits:
        sizes = [int(point["n_prototypes"]) for point in splits[0]]
        gaps = np.array([[float(point["rms_gap"]) for point in split] for split in splits])
        mean = gaps.mean(0)
        spread = gaps.std(0, ddof=1) if len(gaps) > 1 else np.zeros_like(mean)
        axes.plot(sizes, mean, "o-", color="#222222", markersize=3, linewidth=1.2, label="pruned to M")
        axes.fill_between(sizes, mean - spread, mean + spread, color="#222222", alpha=0.2, linewidth=0)
    axes.plot([16], [PRUNED_TO_16[surface]], "s", color="0.6", markersize=4, label="paper, pruned to 16")
    _log_sizes(axes, "prototypes M")
    axes.set_ylim(0, None)


def _log_sizes(axes: Axes, label: str) -> None:
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.tick_params(labelsize="x-small")
    axes.set_xlabel(label, fontsize="small")
    axes.spines[["top", "right"]].set_visible(False)
