"""Two sets of prototypes beside each other: pairs up to the lattice's symmetry, and exact gaps."""

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution
    from rbfcore.symmetry.matching import Matching


@dataclass(frozen=True, eq=False)
class SetComparison:
    """What two sets have in common under one p(x).

    Attributes:
        matching: pairs of prototypes, see `rbfcore.symmetry.matching.Matching`.
        first, second: both with the pairs' prototypes only, in the order of the pairs; the second in the gauge of the
            first, each prototype turned as its pair says.
        alone_first, alone_second: places of prototypes without a partner.
        chance: mean similarity of sets with the same values on each site but unrelated patterns.
        gap: exact RMS difference of the two as functions, in units of y.
    """

    matching: "Matching"
    first: Parameters
    second: Parameters
    alone_first: list[int]
    alone_second: list[int]
    chance: float
    gap: float


def set_comparison(a: Parameters, b: Parameters, env: Environment | None, p: "InputDistribution") -> SetComparison:
    """Match and measure.

    Raises:
        ValueError: other inputs or units, a distribution that does not fit, or a second set that the gauge of the first
            cannot hold.
    """
    from rbfcore.network import RBFN
    from rbfcore.pruning.gauge import regauge
    from rbfcore.symmetry.group import NoSymmetry
    from rbfcore.symmetry.matching import aligned, match_prototypes
    from rbfcore.symmetry.stability import chance_similarity

    if a.n_inputs != b.n_inputs:
        raise ValueError(
            f"the first network has {a.n_inputs} inputs and the second {b.n_inputs}: only prototypes over the same "
            "inputs can be matched"
        )
    if a.card.unit != b.card.unit:
        raise ValueError(
            f"the first network answers in {a.card.unit or 'no unit'}, the second in "
            f"{b.card.unit or 'no unit'}: choose two of one kind"
        )
    sites = env or NoSymmetry(a.n_inputs)
    matching, chance = match_prototypes(a, b, sites, p), chance_similarity(a, [b], sites, p)
    ours, theirs = matching.pairs.T
    turned = aligned(b, sites, matching)
    if env is not None and a.gamma.ndim == 0:
        turned = replace(regauge(RBFN.from_plain(turned), float(a.gamma)).plain(), metadata=b.metadata)
    gamma = a.gamma if a.gamma.ndim == 0 else a.gamma[ours]
    return SetComparison(
        matching,
        replace(a, beta=a.beta[ours], gamma=gamma, centroids=a.centroids[ours]),
        turned,
        sorted(set(range(a.n_centroids)) - set(ours.tolist())),
        sorted(set(range(b.n_centroids)) - set(theirs.tolist())),
        chance,
        exact_gap(a, b, p),
    )


def exact_gap(a: Parameters, b: Parameters, p: "InputDistribution") -> float:
    """Exact RMS difference of two networks under p, in units of y (the root of Eq. 5)."""
    from rbfcore.network import RBFN
    from rbfcore.pruning.objective import pruning_loss

    loss = pruning_loss(RBFN.from_plain(a), RBFN.from_plain(b), p)
    return math.sqrt(max(0.0, float(loss.detach())))
