"""Environments from a description that travels as JSON: a known lattice in another order, or sites of one's own."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.lattice.environment import Environment, environment, site_order
from rbfcore.lattice.geometries import known_geometries

MOST_SITES = 400
_SAME_DISTANCE = 1e-3  # lattice constants
_FORM = (
    '{"positions": [[x, y, z], ...]} in lattice constants with the migrating atom at the origin, and either '
    f'"lattice" ({", ".join(known_geometries())}) with "shells", or "target": [x, y, z] for a lattice of your own'
)


def described_environment(description: Mapping[str, Any]) -> Environment:
    """The environment a description names.

    Args:
        description: positions (D, 3); with "lattice" and "shells" they only fix the order of that environment's
            sites; with "target" they are taken as they are, and optional "shell" (D,) names their shells, which
            otherwise follow from the distance to the nearer end of the jump. With neither, they must be exactly the
            sites of one known environment.

    Raises:
        ValueError: something else, sites that coincide with each other or with an end, or more than 400 of them.
    """
    try:
        positions = np.asarray(description["positions"], dtype=np.float64)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no list of positions: expected {_FORM}") from error
    if positions.ndim != 2 or positions.shape[1] != 3 or not 1 <= len(positions) <= MOST_SITES:
        raise ValueError(f"positions must be 1 to {MOST_SITES} rows [x, y, z], got shape {positions.shape}")
    if not np.isfinite(positions).all():
        raise ValueError("positions must be finite numbers, got NaN or infinity")
    if description.get("target") is not None:
        return _as_they_are(positions, description)
    if description.get("lattice") is not None:
        ratio = description.get("c_over_a")
        return environment(str(description["lattice"]), description.get("shells", 2), positions, c_over_a=ratio)
    return _recognised(positions)


def _recognised(positions: NDArray[np.float64]) -> Environment:
    """The one known environment that has exactly these sites."""
    candidates = [environment(name, shells) for name, one in known_geometries().items() for shells in one.named]
    fitting = [sites for sites in candidates if site_order(sites, positions) is not None]
    if len(fitting) != 1:
        raise ValueError(f"{len(positions)} positions are no FCC or BCC or HCP environment: expected {_FORM}")
    geometry = fitting[0].geometry
    assert geometry is not None
    return environment(geometry.name, int(fitting[0].shell.max()), positions)


def _as_they_are(positions: NDArray[np.float64], description: Mapping[str, Any]) -> Environment:
    target = np.asarray(description["target"], dtype=np.float64)
    if target.shape != (3,) or not np.isfinite(target).all() or np.linalg.norm(target) < _SAME_DISTANCE:
        raise ValueError(f"target must be [x, y, z] away from the origin, got {description['target']!r}")
    everything = np.vstack([positions, np.zeros(3), target])
    gaps = np.linalg.norm(everything[:, None] - everything, axis=2) + np.eye(len(everything))
    if gaps.min() < _SAME_DISTANCE:
        first, second = np.unravel_index(int(gaps.argmin()), gaps.shape)
        names = [*(f"site {site + 1}" for site in range(len(positions))), "the migrating atom", "the target"]
        raise ValueError(f"{names[first]} and {names[second]} are at the same place: give each site once")
    return Environment(
        str(description.get("name", "own")), positions, target, _shells(positions, target, description), {}
    )


def _shells(
    positions: NDArray[np.float64], target: NDArray[np.float64], description: Mapping[str, Any]
) -> NDArray[np.int64]:
    if description.get("shell") is not None:
        shell = np.asarray(description["shell"])
        if shell.shape != (len(positions),) or not np.issubdtype(shell.dtype, np.integer) or shell.min() < 1:
            raise ValueError(f"shell must be {len(positions)} whole numbers >= 1, one per site")
        return shell.astype(np.int64)
    distance = np.minimum(np.linalg.norm(positions, axis=1), np.linalg.norm(positions - target, axis=1))
    rounded = np.round(distance / _SAME_DISTANCE).astype(np.int64)
    return np.unique(rounded, return_inverse=True)[1].astype(np.int64) + 1
