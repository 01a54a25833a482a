"""Table 1 as rows, csv, markdown beside the paper's numbers, and a plain sentence on who wins."""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from rbfcore.studies.cells import Finished
from rbfcore.studies.paper import SOURCE, TABLE1

FIGURES = ("test_rmse", "images_rmse", "averaged_rmse", "reversal_rmse")
SECONDS = ("seconds", "cpu_seconds")  # of fitting: by the clock, and of the processor


def table(cells: Sequence[Finished]) -> pd.DataFrame:
    """One row per surface and model.

    Args:
        cells: finished cells of a `Table1`.

    Returns:
        Columns surface, model, trained_on ("surface" or "all"), splits, and for each of `FIGURES` and the seconds of
        fitting the mean and the standard deviation over the splits (NaN of one split), in units of y; paper: the
        paper's test RMSE on its data, where it has this model. Empty without cells.
    """
    values: dict[tuple[str, str, str], list[dict[str, float]]] = defaultdict(list)
    for finished in cells:
        settings, outcome = finished.cell.settings, finished.outcome
        trained_on = "all" if settings["surface"] == "all" else "surface"
        for label, scores in outcome["surfaces"].items():
            values[label, settings["model"], trained_on].append(
                scores | {name: outcome["fit"][name] for name in SECONDS}
            )
    rows = []
    for (label, model, trained_on), of_splits in values.items():
        row: dict[str, Any] = {"surface": label, "model": model, "trained_on": trained_on, "splits": len(of_splits)}
        for name in (*FIGURES, *SECONDS):
            numbers = [one[name] for one in of_splits if name in one]
            row[name] = float(np.mean(numbers)) if numbers else math.nan
            row[f"{name}_sd"] = float(np.std(numbers, ddof=1)) if len(numbers) > 1 else math.nan
        row["paper"] = TABLE1.get(_paper_name(model), {}).get(label, math.nan)
        rows.append(row)
    by_model = pd.DataFrame(rows)
    return by_model.sort_values("surface", kind="stable", ignore_index=True) if rows else by_model


def markdown(table1: pd.DataFrame, unit: str = "eV") -> str:
    """The table for people: test RMSE on stored rows, on all images, averaged over images, reversal, seconds."""
    if table1.empty:
        return "No finished cells yet.\n"
    surfaces = sorted(table1.surface.unique())
    heads = [f"{{{surface}}}" for surface in surfaces]
    lines = [
        f"Test RMSE in {unit}, mean ± sd over random splits by family; in brackets on all symmetric images, then of "
        "the prediction averaged over them.",
        "",
        f"| model | splits | {' | '.join(heads)} | processor s | {' | '.join(f'paper {head}' for head in heads)} |",
        "|" + "---|" * (3 + 2 * len(surfaces)),
    ]
    for model in dict.fromkeys(table1.model):
        of_model = table1[table1.model == model].set_index("surface")
        ours = [_entry(of_model, surface) for surface in surfaces]
        paper = [_decimals(of_model.paper.get(surface, math.nan)) for surface in surfaces]
        splits = " / ".join(str(of_model.splits.get(surface, "-")) for surface in surfaces)
        seconds = f"{of_model.cpu_seconds.mean():.0f}"
        lines.append(f"| {model} | {splits} | {' | '.join(ours)} | {seconds} | {' | '.join(paper)} |")
    lines += [
        "",
        f"Reversal: RMSE of f(x) - f(reversed x) against the difference of both barriers, E_final - E_initial, {unit}.",
        "",
        "| model | " + " | ".join(heads) + " |",
        "|" + "---|" * (1 + len(surfaces)),
    ]
    for model in dict.fromkeys(table1.model):
        of_model = table1[table1.model == model].set_index("surface")
        reversal = [
            _spread(of_model.reversal_rmse.get(s, math.nan), of_model.reversal_rmse_sd.get(s, math.nan))
            for s in surfaces
        ]
        lines.append(f"| {model} | {' | '.join(reversal)} |")
    lines += ["", f"Paper: {SOURCE}; its barriers come from another data set, so only the orderings compare.", ""]
    return "\n".join(lines)


def winners(cells: Sequence[Finished]) -> list[str]:
    """Per surface a sentence: which model has the lowest error, and by how much the best of each other kind loses.

    Differences are paired over the splits that both models have, with the standard error of their mean. The error is
    that of a model used as well as it can be: the smaller of as stored and averaged over symmetric images.
    """
    uses: dict[str, dict[str, dict[str, dict[int, float]]]] = defaultdict(lambda: defaultdict(dict))
    for finished in cells:
        settings = finished.cell.settings
        for label, scores in finished.outcome["surfaces"].items():
            for use in ("test_rmse", "averaged_rmse"):
                if use in scores:
                    uses[label][settings["model"]].setdefault(use, {})[settings["split"]] = scores[use]
    errors = {
        label: {
            model: min(both.values(), key=lambda splits: np.mean(list(splits.values()))) for model, both in of.items()
        }
        for label, of in uses.items()
    }
    sentences = []
    for label in sorted(errors):
        means = {model: float(np.mean(list(splits.values()))) for model, splits in errors[label].items()}
        best = min(means, key=lambda model: means[model])
        text = f"{{{label}}}: {best} wins with {means[best]:.4f} eV"
        for kind, model in _best_of_kinds(means).items():
            if model != best and kind != _kind(best):
                text += f"; {model} {means[model]:.4f} ({_difference(errors[label][model], errors[label][best])})"
        sentences.append(text + ".")
    return sentences


def _best_of_kinds(means: dict[str, float]) -> dict[str, str]:
    first_of_kind: dict[str, str] = {}
    for model in sorted(means, key=lambda name: means[name]):
        first_of_kind.setdefault(_kind(model), model)
    return first_of_kind


def _kind(model: str) -> str:
    return re.split(r"[-+]", model)[0]


def _difference(one: dict[int, float], other: dict[int, float]) -> str:
    """The paired difference in words; splits that only one has are left out."""
    paired = [one[split] - other[split] for split in one.keys() & other.keys()]
    if not paired:
        return "no common split"
    mean = float(np.mean(paired))
    if len(paired) < 2:
        return f"{mean:+.4f} on one split"
    return f"{mean:+.4f} ± {float(np.std(paired, ddof=1)) / math.sqrt(len(paired)):.4f} over {len(paired)} splits"


def _paper_name(model: str) -> str:
    """The row of the paper's table that a model of ours belongs beside; per-surface models only."""
    if model.endswith("+joint"):
        return ""
    match = re.match(r"rbfn-\d+", model)
    return match[0] if match else model.removesuffix("-images")


def _entry(of_model: pd.DataFrame, surface: str) -> str:
    if surface not in of_model.index:
        return "-"
    row: dict[str, float] = {name: of_model[name].loc[surface] for name in ("test_rmse", "test_rmse_sd", *FIGURES[1:3])}
    extra = [_decimals(row[name]) for name in FIGURES[1:3] if not math.isnan(row[name])]
    brackets = f" ({', '.join(extra)})" if extra else ""
    return _spread(row["test_rmse"], row["test_rmse_sd"]) + brackets


def _spread(mean: float, sd: float) -> str:
    return _decimals(mean) + ("" if math.isnan(sd) else f" ± {_decimals(sd)}")


def _decimals(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.4f}".removeprefix("0")
