"""How reproducible prototypes are: an explanation that changes with the seed is none.

Source: METHODS section 10.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rbfcore.distributions.base import InputDistribution
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters, parameters_of
from rbfcore.pruning.objective import pruning_loss
from rbfcore.pruning.prune import prune_steps
from rbfcore.symmetry.contributions import standard_deviations
from rbfcore.symmetry.group import Symmetric
from rbfcore.symmetry.matching import match_prototypes


@dataclass(frozen=True, eq=False)
class PruneRun:
    """One set of prototypes and where it comes from.

    Attributes:
        network: M prototypes, in units of y.
        loss: its Eq. (5) loss against the network it was pruned from.
        parent: place of that network among those given; seed, restart: of the pruning.
    """

    network: Parameters
    loss: float
    parent: int
    seed: int
    restart: int


@dataclass(frozen=True, eq=False)
class Stability:
    """How well each prototype of a reference set is found again in R other runs.

    Attributes:
        reference: the set that is judged, M prototypes.
        similarity: (R, M) correlation under p of each prototype's contribution with its partner in each run, up to the
            symmetry of the jump; 0 where the run has no partner left.
        chance: the mean similarity to runs whose values are dealt anew among their prototypes, site by site: what sets
            with the same values on each site but unrelated patterns reach.
        gap: (R,) exact RMS difference of the pruned networks as functions, in units of y.
        spread: (M,) standard deviation of each prototype's contribution, in units of y.
    """

    reference: Parameters
    similarity: NDArray[np.float64]
    chance: float
    gap: NDArray[np.float64]
    spread: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """(M,) mean similarity over the runs."""
        return np.asarray(self.similarity.mean(0))

    @property
    def worst(self) -> NDArray[np.float64]:
        """(M,) smallest similarity over the runs."""
        return np.asarray(self.similarity.min(0))

    @property
    def overall(self) -> float:
        """Mean similarity over prototypes and runs; 1 when every run finds the same prototypes."""
        return float(self.similarity.mean())

    def recovered(self, at_least: float = 0.9) -> NDArray[np.float64]:
        """(M,) share of the runs that have a partner of at least this similarity."""
        return np.asarray((self.similarity >= at_least).mean(0))

    def table(self) -> pd.DataFrame:
        """One row per prototype (1 ... M): mean and smallest similarity, share of runs above 0.9, spread."""
        return pd.DataFrame(
            {
                "prototype": np.arange(1, len(self.spread) + 1),
                "mean": self.mean,
                "min": self.worst,
                "found": self.recovered(),
                "spread": self.spread,
            }
        )


def prototype_stability(
    large: RBFN | Sequence[RBFN],
    p: InputDistribution,
    env: Symmetric,
    n_prototypes: int = 16,
    seeds: Iterable[int] = range(10),
    restarts: int = 10,
    *,
    every_restart: bool = False,
    reference: RBFN | Parameters | None = None,
    **options: Any,
) -> Stability:
    """Prune again and again and see whether the prototypes come back.

    Args:
        large: one network, or several that were trained with other seeds or on other rows.
        p: input distribution of the pruning, and of the similarities.
        env: an environment whose symmetry says which images of a prototype count as the same.
        n_prototypes, restarts, options: of `prune_steps`.
        seeds: of the pruning, each applied to each network.
        every_restart: judge each restart as a run of its own instead of the best of each seed: how far single local
            optima differ, which is harder than what a user sees who takes the best of ten. Restarts that start the
            same way for every seed end equal and count once.
        reference: the set to judge, from other seeds than these. Default: the run with the smallest loss on the first
            network, left out of the runs.

    Raises:
        ValueError: fewer than two sets to compare, or as `prune_steps`.
    """
    networks = [large] if isinstance(large, RBFN) else list(large)
    runs = list(prune_runs(networks, p, n_prototypes, seeds, restarts, every_restart=every_restart, **options))
    if every_restart:
        runs = list({run.network.fingerprint(): run for run in runs}.values())
    if reference is None:
        if len(runs) < 2:
            raise ValueError(f"stability needs at least two runs to compare, got {len(runs)}: give more seeds")
        best = min((run for run in runs if run.parent == 0), key=lambda run: run.loss)
        runs.remove(best)
        reference = best.network
    return stability_of(reference, [run.network for run in runs], env, p)


def prune_runs(
    networks: Sequence[RBFN],
    p: InputDistribution,
    n_prototypes: int = 16,
    seeds: Iterable[int] = range(10),
    restarts: int = 10,
    *,
    every_restart: bool = False,
    **options: Any,
) -> Iterator[PruneRun]:
    """The runs behind `prototype_stability`, one after the other."""
    for parent, seed in ((parent, seed) for parent in range(len(networks)) for seed in seeds):
        steps = prune_steps(networks[parent], p, n_prototypes, restarts, seed, **options)
        last = deque(steps, maxlen=1)[0].candidates
        for number in range(len(last.losses)) if every_restart else [int(last.losses.argmin())]:
            network = Parameters(
                float(last.alpha[number]),
                last.beta[number].numpy(),
                last.gamma[number].numpy(),
                last.theta[number].numpy(),
            )
            yield PruneRun(network, float(last.losses[number]), parent, seed, number)


def stability_of(
    reference: RBFN | Parameters, runs: Sequence[RBFN | Parameters], env: Symmetric, p: InputDistribution
) -> Stability:
    """How well each prototype of `reference` is found again in each of the given sets.

    Raises:
        ValueError: no runs, or networks, environment and p do not fit each other.
    """
    if not runs:
        raise ValueError("stability needs at least one set of prototypes to compare with, got none")
    plain, others = parameters_of(reference), [parameters_of(run) for run in runs]
    target = RBFN.from_plain(plain)
    gaps = [math.sqrt(float(pruning_loss(target, RBFN.from_plain(run), p).detach())) for run in others]
    return Stability(
        reference=plain,
        similarity=np.stack([_similarity(plain, run, env, p) for run in others]),
        chance=chance_similarity(plain, others, env, p),
        gap=np.array(gaps),
        spread=standard_deviations(plain, p.for_inputs(plain.n_inputs)),
    )


def chance_similarity(reference: Parameters, runs: Sequence[Parameters], env: Symmetric, p: InputDistribution) -> float:
    """`Stability.chance`: the mean similarity to runs whose values are dealt anew among their prototypes."""
    rng = np.random.default_rng(0)
    shuffled = [replace(run, centroids=rng.permuted(run.centroids, axis=0)) for run in runs]
    return float(np.mean([_similarity(reference, run, env, p) for run in shuffled]))


def _similarity(reference: Parameters, run: Parameters, env: Symmetric, p: InputDistribution) -> NDArray[np.float64]:
    """(M,) similarity of each prototype of the reference to its partner in the run."""
    matching = match_prototypes(reference, run, env, p)
    result = np.zeros(reference.n_centroids)
    result[matching.pairs[:, 0]] = matching.similarity
    return result
