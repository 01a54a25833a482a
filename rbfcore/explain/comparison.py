"""A pruned or symmetrised network against the large one over every environment, not a sample of them."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from rbfcore.explain.enumeration import environments, table_chunks
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from rbfcore.tensors import network_tensors

QUANTILES = (0.5, 0.9, 0.99, 0.999, 0.9999)
_MOST = 28  # inputs: the sorted gaps are held in float32, 1 GiB at 28


@dataclass(frozen=True, eq=False)
class TableComparison:
    """The gap a - b over all 2^D environments, each counted once.

    Attributes:
        n_environments: 2^D.
        rms: root of the mean square, in units of y; equal to the root of the pruning loss under bernoulli:0.5.
        mean: mean gap.
        largest: largest absolute gap.
        quantiles: share of the environments -> the absolute gap that this share does not exceed.
        counts: (bins,) number of environments by signed gap; edges: (bins + 1,).
        worst: (n, D) environments of the largest absolute gaps, worst first; worst_index: (n,) their indices.
        worst_gap: (n,) a - b there.
    """

    n_environments: int
    rms: float
    mean: float
    largest: float
    quantiles: dict[float, float]
    counts: NDArray[np.int64]
    edges: NDArray[np.float64]
    worst: NDArray[np.int8]
    worst_index: NDArray[np.int64]
    worst_gap: NDArray[np.float64]


def table_comparison(
    a: RBFN | Parameters,
    b: RBFN | Parameters,
    quantiles: tuple[float, ...] = QUANTILES,
    n_worst: int = 16,
    bins: int = 100,
) -> TableComparison:
    """Exact distribution of the gap between two networks over all environments on -1/+1 inputs.

    The gap is itself a network (the centroids of both), so one table is streamed, in float64; neither network's own
    table is made. The gaps are kept in float32 for the quantiles: 268 MB for 26 inputs.

    Args:
        a, b: networks over the same D inputs, at most 28.
        quantiles: shares in [0, 1].
        n_worst: environments to list, at least 1.
        bins: of the histogram of signed gaps.

    Raises:
        ValueError: the networks differ in D, D is above 28, or a share is outside [0, 1].
    """
    gap = difference(a, b)
    n_inputs = gap.n_inputs
    if n_inputs > _MOST:
        raise ValueError(f"comparing all 2^{n_inputs} environments takes too much memory: at most {_MOST} inputs")
    if any(not 0 <= share <= 1 for share in quantiles) or n_worst < 1 or bins < 1:
        raise ValueError(f"expected shares in [0, 1], n_worst and bins >= 1, got {quantiles}, {n_worst}, {bins}")
    total = 2**n_inputs
    kept = np.empty(total, dtype=np.float32)
    sums = squares = 0.0
    worst_index, worst_gap = np.empty(0, dtype=np.int64), np.empty(0)
    for start, chunk in table_chunks(gap, torch.float64):
        kept[start : start + len(chunk)] = chunk
        sums += float(chunk.sum())
        squares += float(chunk @ chunk)
        few = min(n_worst, len(chunk))
        size = np.abs(chunk)
        here = np.argpartition(size, len(chunk) - few)[-few:]
        worst_index, worst_gap = np.append(worst_index, start + here), np.append(worst_gap, chunk[here])
        order = np.lexsort((worst_index, -np.abs(worst_gap)))[:n_worst]
        worst_index, worst_gap = worst_index[order], worst_gap[order]
    counts, edges = np.histogram(kept, bins=bins)
    np.abs(kept, out=kept)
    ranks = {share: min(total - 1, max(0, int(np.ceil(share * total)) - 1)) for share in quantiles}
    kept.partition(sorted(set(ranks.values())))
    return TableComparison(
        n_environments=total,
        rms=float(np.sqrt(squares / total)),
        mean=sums / total,
        largest=float(np.abs(worst_gap[0])),
        quantiles={share: float(kept[rank]) for share, rank in ranks.items()},
        counts=counts.astype(np.int64),
        edges=edges.astype(np.float64),
        worst=environments(worst_index, n_inputs),
        worst_index=worst_index,
        worst_gap=worst_gap,
    )


def difference(a: RBFN | Parameters, b: RBFN | Parameters) -> Parameters:
    """The network a - b: the centroids of both, those of b with their weights turned round.

    Raises:
        ValueError: the networks differ in D.
    """
    first, second = network_tensors(a), network_tensors(b)
    if first.theta.shape[1] != second.theta.shape[1]:
        raise ValueError(
            f"the networks must have the same inputs, got D = {first.theta.shape[1]} and {second.theta.shape[1]}"
        )
    return Parameters.checked(
        first.alpha - second.alpha,
        torch.cat([first.beta, -second.beta]).numpy(),
        torch.cat([first.gamma, second.gamma]).numpy(),
        torch.cat([first.theta, second.theta]).numpy(),
    )
