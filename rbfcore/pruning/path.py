"""The fidelity curve: pruned networks of growing size, each starting from the one before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from rbfcore.distributions.base import InputDistribution
from rbfcore.network import RBFN
from rbfcore.pruning.objective import PruningLoss, pruning_loss
from rbfcore.pruning.prune import PruneResult, prune

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
    return list(prune_path_points(large, p, sizes, restarts, seed, method, **options))


def prune_path_points(
    large: RBFN,
    p: InputDistribution,
    sizes: Sequence[int] = SIZES,
    restarts: int = 4,
    seed: int = 0,
    method: str | None = None,
    **options: Any,
) -> Iterator[PathPoint]:
    """The points of `prune_path` one after the other, each as soon as it is finished."""
    ordered = sorted(set(sizes))
    if not ordered:
        raise ValueError("sizes must hold at least one number of prototypes, such as [1, 2, 4, 8]")
    if method == "adam":
        raise ValueError("method 'adam' starts from random centroids: a path needs 'gauss-newton' or 'lbfgs'")
    return _points(large, p, ordered, restarts, seed, method, options)


def _points(
    large: RBFN,
    p: InputDistribution,
    sizes: list[int],
    restarts: int,
    seed: int,
    method: str | None,
    options: dict[str, Any],
) -> Iterator[PathPoint]:
    before: PathPoint | None = None
    objective = PruningLoss(large, p)  # one for all sizes: its constant can take longer than a pruning
    for size in sizes:
        grow_from = None if before is None else before.network
        result = prune(large, p, size, restarts, seed, method, grow_from=grow_from, loss=objective, **options)
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
