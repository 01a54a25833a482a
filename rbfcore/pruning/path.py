"""The pruning path: pruned networks of growing size, each starting from the one before.

Source: METHODS section 7.6.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from rbfcore.distributions.base import InputDistribution
from rbfcore.network import RBFN
from rbfcore.pruning.objective import PruningLoss, pruning_loss
from rbfcore.pruning.prune import PruneResult, outcome_of, prune_steps

SIZES = (1, 2, 4, 8, 16, 32, 64)


@dataclass(frozen=True, eq=False)
class PathPoint:
    """A pruned network of one size: loss in units of y squared, rms_gap its root, in units of y.

    `result` is the pruning run of this size. It says how the network came about; where penalties kept more prototypes
    from gaining anything, its own network is not the one kept.
    """

    n_prototypes: int
    network: RBFN
    loss: float
    rms_gap: float
    result: PruneResult


def prune_path(
    large: RBFN,
    p: InputDistribution,
    sizes: Sequence[int] = SIZES,
    restarts: int = 4,
    seed: int = 0,
    method: str | None = None,
    **options: Any,
) -> list[PathPoint]:
    """Prune to several sizes. Half of the restarts grow from the best smaller set by greedy additions.

    Args:
        sizes: numbers of prototypes, each between 1 and K; handled in rising order.
        restarts, seed, method, options: as `prune_steps`; method "adam" takes no part, it has no warm start.

    Returns:
        One point per size, in rising order, with losses that never rise.

    Raises:
        ValueError: no sizes, or as `prune_steps`.
    """
    points = prune_path_points(large, p, sizes, restarts, seed, method, **options)
    return [point for point in points if point is not None]


def prune_path_points(
    large: RBFN,
    p: InputDistribution,
    sizes: Sequence[int] = SIZES,
    restarts: int = 4,
    seed: int = 0,
    method: str | None = None,
    loss: PruningLoss | None = None,
    **options: Any,
) -> Iterator[PathPoint | None]:
    """The points of `prune_path` one after the other, each as soon as it is finished.

    In between None comes after every step of a pruning, so that one can stop there.

    Args:
        loss: as `prune_steps`.
    """
    ordered = sorted(set(sizes))
    if not ordered:
        raise ValueError("sizes must hold at least one number of prototypes, such as [1, 2, 4, 8]")
    if method == "adam":
        raise ValueError("method 'adam' starts from random centroids: a path needs 'gauss-newton' or 'lbfgs'")
    # One objective for all sizes: its constant can take longer than a pruning.
    return _points(large, p, ordered, restarts, seed, method, {**options, "loss": loss or PruningLoss(large, p)})


def _points(
    large: RBFN,
    p: InputDistribution,
    sizes: list[int],
    restarts: int,
    seed: int,
    method: str | None,
    options: dict[str, Any],
) -> Iterator[PathPoint | None]:
    before: PathPoint | None = None
    for size in sizes:
        grow_from, history = None if before is None else before.network, []
        for step in prune_steps(large, p, size, restarts, seed, method, grow_from, **options):
            history.append((step.iteration, step.loss))
            yield None
        result = outcome_of(step, history, large, p)
        network, loss = result.network, result.loss
        if before is not None and loss > before.loss:
            # Penalties can outweigh what more prototypes gain: then those more stay silent.
            network = _with_silent(before.network, network)
            loss = min(before.loss, float(pruning_loss(large, network, p).detach()))
        before = PathPoint(size, network, loss, loss**0.5, result)
        yield before


def _with_silent(network: RBFN, other: RBFN) -> RBFN:
    """A network with further centroids of another one that have weight 0."""
    more = slice(network.n_centroids, None)
    gammas = [n.gamma.detach().expand(n.n_centroids) for n in (network, other)]
    gamma = torch.cat([gammas[0], gammas[1][more]]) if network.log_gamma.ndim else network.gamma.detach()
    beta = torch.cat([network.beta.detach(), torch.zeros_like(other.beta.detach()[more])])
    theta = torch.cat([network.centroids.detach(), other.centroids.detach()[more]])
    return RBFN.from_parameters(network.alpha.detach(), beta, gamma, theta)
