"""Groups of sites that the paper speaks of: first neighbours, second ones in the atom's own layer, and the others."""

import numpy as np
from numpy.typing import NDArray

from rbfcore.lattice import Environment

GROUPS = ("1nn", "2nn own layer", "2nn other layers")


def site_groups(env: Environment, surface: str) -> dict[str, NDArray[np.int64]]:
    """Group -> site numbers, 0-based; the layers are those parallel to the surface. Empty groups are left out.

    Args:
        env: an environment of two shells.
        surface: a label of its layers, such as "100".

    Raises:
        ValueError: the environment has no such layers, or other shells.
    """
    if surface not in env.layer:
        raise ValueError(f"no layers of surface {surface!r} here: expected one of {', '.join(env.layer)}")
    if set(env.shell.tolist()) != {1, 2}:
        raise ValueError(f"the groups are of an environment of two shells, got {env.shell.max()}")
    second, own = env.shell == 2, env.layer[surface] == 0
    found = dict(zip(GROUPS, (~second, second & own, second & ~own), strict=True))
    return {name: np.flatnonzero(members) for name, members in found.items() if members.any()}


def layer_share(values: NDArray[np.floating], layer: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much of the variance of a prototype over its sites lies between layers.

    Args:
        values: (M, D) theta; layer: (D,) layer of each site.

    Returns:
        (M,) in [0, 1], the correlation ratio eta squared; 0 for a prototype whose sites are all alike.
    """
    values = np.asarray(values, dtype=np.float64)
    _, member, size = np.unique(layer, return_inverse=True, return_counts=True)
    centred = values - values.mean(1, keepdims=True)
    sums = np.zeros((len(values), len(size)))
    np.add.at(sums.T, member, centred.T)
    between, total = (sums**2 / size).sum(1), (centred**2).sum(1)
    return np.divide(between, total, out=np.zeros(len(values)), where=total > 0)


def layer_share_by_chance(layer: NDArray[np.int64]) -> float:
    """Mean of `layer_share` when the values of a prototype are put on the sites in random order: (L - 1) / (D - 1)."""
    return (len(np.unique(layer)) - 1) / (len(layer) - 1)
