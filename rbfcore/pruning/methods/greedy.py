"""Starts for pruning: sets of the large network's own centroids that explain most of it, one after the other.

Source: METHODS section 7.2.
"""

import torch
from torch import Tensor

CANDIDATES = 512  # centroids of the large network that starts choose from


def greedy_sets(gram: Tensor, target: Tensor, count: int, restarts: int, seed: int, kept: int = 0) -> Tensor:
    """Orthogonal matching pursuit, randomised per restart.

    Args:
        gram: (N, N) inner products of the centred candidate features.
        target: (N,) their inner products with the centred large network.
        count: features to take per set, <= N.
        restarts: R. The first one may take any candidate, each other one only a random half of them.
        seed: of the random halves.
        kept: the first `kept` candidates belong to every second set, from the first one on, and to no other.

    Returns:
        (R, count) indices.
    """
    generator = torch.Generator().manual_seed(seed)
    sets = []
    for restart in range(restarts):
        allowed = torch.ones(len(target), dtype=torch.bool)
        if restart:
            half = max(count, (len(target) - kept) // 2)
            allowed[kept + torch.randperm(len(target) - kept, generator=generator)[half:]] = False
        growing = kept if restart % 2 == 0 else 0
        allowed[:kept] = bool(growing)
        sets.append(_pursue(gram, target, count, allowed, growing))
    return torch.stack(sets)


def _pursue(gram: Tensor, target: Tensor, count: int, allowed: Tensor, kept: int) -> Tensor:
    """Features are made orthogonal to those taken before by a growing Cholesky factor of the Gram matrix."""
    own = torch.diagonal(gram)
    rest, scale = target.clone(), own.clone()
    open_ = allowed.clone()
    basis = torch.zeros(len(target), count, dtype=gram.dtype)
    chosen = []
    for number in range(count):
        # Features that others explain to rounding come last.
        gain = torch.where(scale > 1e-9 * own, rest.square() / scale.clamp_min(1e-300), -1.0)
        gain[~open_] = -2.0
        pick = number if number < kept else int(gain.argmax())
        chosen.append(pick)
        open_[pick] = False
        root = scale[pick].clamp_min(1e-300).sqrt()
        column = (gram[:, pick] - basis[:, :number] @ basis[pick, :number]) / root
        if float(scale[pick]) <= 1e-9 * float(own[pick]):
            column = torch.zeros_like(column)
        basis[:, number] = column
        rest = rest - column * (rest[pick] / root)
        scale = (scale - column.square()).clamp_min(0)
    return torch.tensor(chosen)
