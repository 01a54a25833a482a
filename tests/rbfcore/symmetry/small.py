"""Made-up environments small enough to visit every occupation, and networks on them."""

from dataclasses import dataclass
from itertools import permutations, product

import numpy as np
import torch
from numpy.typing import NDArray

from rbfcore.network import RBFN


@dataclass(frozen=True, eq=False)
class MadeUp:
    """Sites without positions: permutations only."""

    symmetry: NDArray[np.int64]


def three_arms() -> MadeUp:
    """9 sites, 3 on each of 3 equal arms: a group of order 6 with elements that are not their own inverses."""
    sites = np.arange(9).reshape(3, 3)
    return MadeUp(np.array([sites[list(order)].ravel() for order in permutations(range(3))]))


def ring(n: int = 5) -> MadeUp:
    """n sites on a ring that may turn but not be mirrored: no element but the identity is its own inverse."""
    return MadeUp(np.array([np.roll(np.arange(n), turn) for turn in range(n)]))


MADE_UP = {"three arms": three_arms(), "ring": ring()}


def network(d: int, k: int, seed: int, *, per_centroid_gamma: bool = False) -> RBFN:
    generator = torch.Generator().manual_seed(seed)
    return RBFN(d, k, per_centroid_gamma=per_centroid_gamma, dtype=torch.float64, generator=generator)


def every_input(d: int) -> NDArray[np.float64]:
    return np.array(list(product((-1.0, 1.0), repeat=d)))


def weights(x: NDArray[np.float64], q: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Probability of each row under Bernoulli(q)."""
    chances: NDArray[np.float64] = np.where(x > 0, q, 1 - np.asarray(q)).prod(1)
    return chances


def averaged(values_of: RBFN, x: NDArray[np.float64], env: MadeUp) -> NDArray[np.float64]:
    """f_sym by its definition: the mean of f over the images of each row."""
    return np.mean([values_of.predict(x[:, permutation]) for permutation in env.symmetry], axis=0)
