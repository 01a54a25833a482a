"""Where our data agree with what the paper says about the sites, with numbers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from rbfcore.lattice import Environment, environment
from rbfcore.lattice.groups import GROUPS, layer_share, layer_share_by_chance, site_groups

# Name on screen -> where a finished `explain_cell` has it, one value per site.
MEASURES = {
    "opacity": ("opacity", "mean"),
    "gauge-free opacity": ("opacity_gauge_free", "mean"),
    "total Sobol index": ("sobol_total",),
    "Shapley effect": ("shapley",),
}
_CONFIDENCE = 0.95  # of Student's t, two-sided: few networks need a larger difference
_LAYERED = ("100", "111")  # surfaces on which the paper sees layers in the prototypes


@dataclass(frozen=True)
class Mean:
    """A mean over networks of different splits, with its standard error; None of a single network."""

    value: float
    error: float | None
    n: int

    def __str__(self) -> str:
        spread = "" if self.error is None else f" ± {self.error:.3f}"
        return f"{self.value:.3f}{spread}"


@dataclass(frozen=True)
class Statement:
    """A statement of the paper put to the test.

    Attributes:
        text: what it says.
        surface, measure: of what.
        difference: the quantity that is positive where the statement holds.
        verdict: "agrees" or "disagrees" where the difference is clear (95 % by Student's t), else "undecided"; of a
            single network, which has no standard error, "agrees (one network)" or "disagrees (one network)".
    """

    text: str
    surface: str
    measure: str
    difference: Mean
    verdict: str


def per_site(outcome: dict[str, Any], measure: str) -> NDArray[np.float64]:
    """(D,) values of a measure in a finished `explain_cell`."""
    value: Any = outcome
    for key in MEASURES[measure]:
        value = value[key]
    return np.array(value, dtype=np.float64)


def mean_of(values: Sequence[float]) -> Mean:
    """Mean and standard error of independent values."""
    n = len(values)
    return Mean(float(np.mean(values)), float(np.std(values, ddof=1)) / math.sqrt(n) if n > 1 else None, n)


def group_means(outcomes: Sequence[dict[str, Any]], surface: str, measure: str) -> dict[str, Mean]:
    """Group -> mean over its sites of a measure, with the standard error over the networks."""
    groups = site_groups(environment("fcc", 2), surface)
    values = [per_site(outcome, measure) for outcome in outcomes]
    return {name: mean_of([float(v[sites].mean()) for v in values]) for name, sites in groups.items()}


def statements(outcomes: Mapping[str, Sequence[dict[str, Any]]]) -> list[Statement]:
    """The paper's statements on every surface and by every measure.

    Args:
        outcomes: surface -> finished `explain_cell` outcomes of its splits.

    Returns:
        Statements: first neighbours matter more than second ones; second neighbours in the atom's own layer matter
        least; sites of {111} are more even than those of the others; layers parallel to the surface appear in the
        prototypes of {100} and {111}. The last takes theta itself and compares with chance.
    """
    env = environment("fcc", 2)
    judgements = []
    for surface, cells in outcomes.items():
        groups = site_groups(env, surface)
        first, own, other = (groups.get(name) for name in GROUPS)
        for measure in MEASURES:
            values = [per_site(cell, measure) for cell in cells]
            if first is not None:
                second = np.setdiff1d(np.arange(env.n_sites), first)
                gaps = [float(v[first].mean() - v[second].mean()) for v in values]
                judgements.append(_judged("1nn sites matter more than 2nn sites", surface, measure, gaps))
            if own is not None and other is not None:
                gaps = [float(v[other].mean() - v[own].mean()) for v in values]
                judgements.append(_judged("2nn sites in the atom's own layer matter least", surface, measure, gaps))
        if surface in _LAYERED:
            judgements.append(_layers(env, surface, cells))
    return judgements + _evenness(outcomes)


def report(outcomes: Mapping[str, Sequence[dict[str, Any]]]) -> dict[str, Any]:
    """Group means, statements and interaction orders as plain values."""
    return {
        "groups": {
            surface: {
                measure: {name: asdict(mean) for name, mean in group_means(cells, surface, measure).items()}
                for measure in MEASURES
            }
            for surface, cells in outcomes.items()
        },
        "statements": [asdict(statement) for statement in statements(outcomes)],
        "interaction_orders": {
            surface: np.mean([cell["interaction_orders"] for cell in cells], axis=0).tolist()
            for surface, cells in outcomes.items()
        },
    }


def text(outcomes: Mapping[str, Sequence[dict[str, Any]]]) -> str:
    """The same as markdown."""
    lines = ["| surface | measure | " + " | ".join(GROUPS) + " |", "|---|---|" + "---|" * len(GROUPS)]
    for surface, cells in outcomes.items():
        for measure in MEASURES:
            means = group_means(cells, surface, measure)
            lines.append(f"| {{{surface}}} | {measure} | " + " | ".join(str(means.get(g, "-")) for g in GROUPS) + " |")
    lines += [
        "",
        "Means over the sites of a group, ± standard error over the networks of different splits.",
        "",
        "| statement | surface | measure | difference | verdict |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.text} | {{{one.surface}}} | {one.measure} | {one.difference} | {one.verdict} |"
        for one in statements(outcomes)
    ]
    return "\n".join(lines) + "\n"


def _layers(env: Environment, surface: str, cells: Sequence[dict[str, Any]]) -> Statement:
    layer = env.layer[surface]
    chance = layer_share_by_chance(layer)
    shares = [float(layer_share(np.array(cell["prototypes"]["centroids"]), layer).mean()) - chance for cell in cells]
    text = f"layers parallel to the surface appear in prototypes (share of variance above {chance:.3f}, chance)"
    return _judged(text, surface, "theta", shares)


def _evenness(outcomes: Mapping[str, Sequence[dict[str, Any]]]) -> list[Statement]:
    """{111} against the other surfaces: coefficient of variation over the sites, unpaired."""
    if "111" not in outcomes or len(outcomes) < 2:
        return []
    judgements = []
    for measure in MEASURES:
        uneven = {
            surface: [float(v.std() / v.mean()) for v in (per_site(cell, measure) for cell in cells)]
            for surface, cells in outcomes.items()
        }
        flat = mean_of(uneven.pop("111"))
        for surface, values in uneven.items():
            other = mean_of(values)
            error = None if flat.error is None or other.error is None else math.hypot(flat.error, other.error)
            gap = Mean(other.value - flat.value, error, min(flat.n, other.n))
            statement = f"sites of {{111}} are more even than those of {{{surface}}} (sd over mean of the sites)"
            judgements.append(Statement(statement, "111", measure, gap, _verdict(gap)))
    return judgements


def _judged(statement: str, surface: str, measure: str, differences: Sequence[float]) -> Statement:
    mean = mean_of(differences)
    return Statement(statement, surface, measure, mean, _verdict(mean))


def _verdict(mean: Mean) -> str:
    if mean.error is None:
        return f"{'agrees' if mean.value > 0 else 'disagrees'} (one network)"
    if abs(mean.value) <= float(stats.t.ppf((1 + _CONFIDENCE) / 2, mean.n - 1)) * mean.error:
        return "undecided"
    return "agrees" if mean.value > 0 else "disagrees"
