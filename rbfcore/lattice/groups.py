"""Groups of sites: neighbour shells, as the viewer draws them, and layers of a surface, as the paper lists them."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rbfcore.lattice.environment import Environment

GROUPS = ("1nn", "2nn own layer", "2nn other layers")
_IN_PLANE = 1e-6


def shell_groups(env: "Environment") -> dict[str, NDArray[np.int64]]:
    """Group -> site numbers, 0-based: the neighbour shells, some of them split as the geometry says."""
    groups: dict[str, NDArray[np.bool_]] = {}
    splits = {} if env.geometry is None else env.geometry.splits
    for shell in range(1, int(env.shell.max()) + 1):
        members = env.shell == shell
        split = splits.get(shell)
        if split is None:
            groups[f"{shell}nn"] = members
        else:
            in_plane = np.abs(env.positions @ np.array(split.normal)) < _IN_PLANE
            groups |= {split.inside: members & in_plane, split.outside: members & ~in_plane}
    return {name: np.flatnonzero(members) for name, members in groups.items() if members.any()}


def groups_of_inputs(env: "Environment | None", n_inputs: int) -> dict[str, NDArray[np.int64]]:
    """The groups of a lattice, or one group "inputs" for a table without one."""
    return {"inputs": np.arange(n_inputs)} if env is None else env.groups


def site_groups(env: "Environment", surface: str) -> dict[str, NDArray[np.int64]]:
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
    groups = dict(zip(GROUPS, (~second, second & own, second & ~own), strict=True))
    return {name: np.flatnonzero(members) for name, members in groups.items() if members.any()}


def shells_by_side(env: "Environment", surface: str | None) -> list[tuple[int, int, NDArray[np.int64]]]:
    """Shell, side of the atom's layer (0 in it, 1 above, -1 below), sites: for every pair that has sites.

    Without layers of that surface all sites are on side 0.
    """
    side = np.sign(env.layer.get(surface or "", np.zeros(env.n_sites, dtype=np.int64)))
    pairs = ((int(shell), one) for shell in np.unique(env.shell) for one in (0, 1, -1))
    members = [(shell, one, np.flatnonzero((env.shell == shell) & (side == one))) for shell, one in pairs]
    return [group for group in members if len(group[2])]


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
    return np.asarray(np.divide(between, total, out=np.zeros(len(values)), where=total > 0))


def layer_share_by_chance(layer: NDArray[np.int64]) -> float:
    """Mean of `layer_share` when the values of a prototype are put on the sites in random order: (L - 1) / (D - 1)."""
    return (len(np.unique(layer)) - 1) / (len(layer) - 1)
