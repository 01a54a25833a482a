"""Pairs of prototypes as rows of three cards: the first, the second as the first shows it, and their difference."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dashboard.drawing.scene import beta_text
from rbfcore.parameters import Parameters, peaks
from rbfcore.symmetry.set_comparison import SetComparison

_NO_TURN = ("identity", "element 1")


@dataclass(frozen=True, eq=False)
class PairedCards:
    """What the gallery draws: three prototypes a pair, with a name, a headline and a note for each card."""

    prototypes: Parameters
    titles: list[tuple[str, str]]
    notes: list[str]


def paired_cards(comparison: SetComparison, pairs: NDArray[np.int64], *, occupations: bool) -> PairedCards:
    """Cards of these pairs, places in `comparison.matching`, in this order.

    Args:
        occupations: the inputs are -1/+1, where a prototype's peak says more than its weight.
    """
    unit = comparison.first.card.unit or ""
    heights = [peaks(side) if occupations else side.beta for side in (comparison.first, comparison.second)]
    label = "peak" if occupations else "β"
    theta, beta, titles, notes = [], [], [], []
    for pair in pairs:
        ours, theirs = comparison.first.centroids[pair], comparison.second.centroids[pair]
        theta += [ours, theirs, theirs - ours]
        beta += [comparison.first.beta[pair], comparison.second.beta[pair], 0.0]
        for side, number, height in zip(("First", "Second"), comparison.matching.pairs[pair] + 1, heights, strict=True):
            titles.append((f"{side} {number}", f"{label} {beta_text(float(height[pair]), unit)}"))
        titles.append(("Difference", "second − first"))
        turned = comparison.matching.elements[comparison.matching.element[pair]]
        likeness = f"similarity {comparison.matching.similarity[pair]:.2f}"
        largest = f"largest |Δθ| {np.abs(theirs - ours).max():.2f}"
        notes += ["as it is", likeness if turned in _NO_TURN else f"{likeness}, shown by {turned}", largest]
    gamma = comparison.first.gamma
    gamma = gamma if gamma.ndim == 0 else np.repeat(gamma[pairs], 3)
    drawn = replace(comparison.first, beta=np.array(beta), gamma=gamma, centroids=np.array(theta))
    return PairedCards(drawn, titles, notes)
