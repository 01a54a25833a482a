"""Energy and forces of a cluster of moving atoms inside frozen ones, and its relaxation, compiled.

Arrays hold the moving atoms first, the migrating one at row 0, then the frozen ones. Lengths in Angstrom, energies in
eV.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rbfcore.barriers.potentials.embedding import embedding

SKIN = 0.6  # Angstrom: pairs within cutoff + skin are listed, until an atom has moved half of it
MEMORY, LONGEST_STEP, STIFFNESS = 8, 0.15, 60.0  # pairs kept; Angstrom; eV/Angstrom^2 of the first step
_SHRINK = 0.3


@njit(cache=True)
def list_pairs(x: NDArray[np.float64], n_moving: int, reach: float, pairs: NDArray[np.int32]) -> int:
    """Fill `pairs` with (i, j), i moving, j > i, closer than reach; their number, which may exceed len(pairs)."""
    limit = reach * reach
    count = 0
    for i in range(n_moving):
        for j in range(i + 1, len(x)):
            dx = x[j, 0] - x[i, 0]
            dy = x[j, 1] - x[i, 1]
            dz = x[j, 2] - x[i, 2]
            if dx * dx + dy * dy + dz * dz < limit:
                if count < len(pairs):
                    pairs[count, 0] = i
                    pairs[count, 1] = j
                count += 1
    return count


@njit(cache=True)
def energy_and_forces(
    x: NDArray[np.float64],
    n_moving: int,
    pairs: NDArray[np.int32],
    n_pairs: int,
    density_of_far: NDArray[np.float64],
    table: NDArray[np.float64],
    shortest: float,
    cutoff: float,
    kind: int,
    parameters: NDArray[np.float64],
    forces: NDArray[np.float64],
    work: NDArray[np.float64],
    rho: NDArray[np.float64],
) -> float:
    """Potential energy up to a constant; `forces` (n_moving, 3) is overwritten.

    Args:
        x: (n, 3); pairs: (>= n_pairs, 2) from `list_pairs`.
        density_of_far: (n,) density at each atom from atoms that are not in x or never move; 0 for moving atoms.
        work: (>= n_pairs, 5) and rho: (n,) are room to work in.
    """
    last = len(table)
    per_angstrom = last / (cutoff - shortest)
    limit = cutoff * cutoff
    energy = 0.0
    rho[:] = density_of_far
    for k in range(n_pairs):
        i, j = pairs[k, 0], pairs[k, 1]
        dx = x[j, 0] - x[i, 0]
        dy = x[j, 1] - x[i, 1]
        dz = x[j, 2] - x[i, 2]
        square = dx * dx + dy * dy + dz * dz
        if square >= limit:
            work[k, 0] = 0.0
            work[k, 1] = 0.0
            continue
        r = math.sqrt(square)
        place = (max(r, shortest) - shortest) * per_angstrom
        cell = min(int(place), last - 1)
        t = place - cell
        c = table[cell]
        energy += c[0] + t * (c[1] + t * (c[2] + t * c[3]))
        density = c[4] + t * (c[5] + t * (c[6] + t * c[7]))
        rho[i] += density
        rho[j] += density
        per_length = per_angstrom / r
        work[k, 0] = (c[1] + t * (2 * c[2] + t * 3 * c[3])) * per_length
        work[k, 1] = (c[5] + t * (2 * c[6] + t * 3 * c[7])) * per_length
        work[k, 2] = dx
        work[k, 3] = dy
        work[k, 4] = dz
    for i in range(len(x)):
        value, slope = embedding(kind, parameters, rho[i])
        energy += value
        rho[i] = slope
    forces[:] = 0.0
    for k in range(n_pairs):
        i, j = pairs[k, 0], pairs[k, 1]
        force_over_r = work[k, 0] + (rho[i] + rho[j]) * work[k, 1]
        if force_over_r == 0.0:
            continue
        fx, fy, fz = force_over_r * work[k, 2], force_over_r * work[k, 3], force_over_r * work[k, 4]
        forces[i, 0] += fx
        forces[i, 1] += fy
        forces[i, 2] += fz
        if j < n_moving:
            forces[j, 0] -= fx
            forces[j, 1] -= fy
            forces[j, 2] -= fz
    return energy


@njit(cache=True)
def direction(
    forces: NDArray[np.float64],
    moves: NDArray[np.float64],
    changes: NDArray[np.float64],
    n_kept: int,
    newest: int,
    result: NDArray[np.float64],
) -> None:
    """L-BFGS direction from the last `n_kept` moves and changes of the force (MEMORY, 3 n), written to `result`."""
    share = np.empty(MEMORY)
    for c in range(len(forces)):
        result[c] = forces[c]
    for back in range(n_kept):
        k = (newest - back) % MEMORY
        share[k] = np.dot(moves[k], result) / np.dot(moves[k], changes[k])
        for c in range(len(forces)):
            result[c] -= share[k] * changes[k, c]
    scale = 1.0 / STIFFNESS
    if n_kept:
        scale = np.dot(moves[newest], changes[newest]) / np.dot(changes[newest], changes[newest])
    for c in range(len(forces)):
        result[c] *= scale
    for back in range(n_kept - 1, -1, -1):
        k = (newest - back) % MEMORY
        correction = share[k] - np.dot(changes[k], result) / np.dot(moves[k], changes[k])
        for c in range(len(forces)):
            result[c] += correction * moves[k, c]


@njit(cache=True)
def add_tether(
    x: NDArray[np.float64],
    n_moving: int,
    home: NDArray[np.float64],
    tether: float,
    first: int,
    forces: NDArray[np.float64],
) -> float:
    """Energy of springs to `home` on moving atoms from `first` on; their forces are added to `forces`."""
    energy = 0.0
    for i in range(first, n_moving):
        for c in range(3):
            away = x[i, c] - home[i, c]
            energy += 0.5 * tether * away * away
            forces[i, c] -= tether * away
    return energy


@njit(cache=True)
def longest(vectors: NDArray[np.float64], n: int) -> float:
    """Largest length among the first n rows (n, 3)."""
    result = 0.0
    for i in range(n):
        result = max(result, vectors[i, 0] ** 2 + vectors[i, 1] ** 2 + vectors[i, 2] ** 2)
    return math.sqrt(result)


@njit(cache=True)
def relax(
    x: NDArray[np.float64],
    n_moving: int,
    home: NDArray[np.float64],
    tether: float,
    axis: NDArray[np.float64],
    held: bool,
    density_of_far: NDArray[np.float64],
    table: NDArray[np.float64],
    shortest: float,
    cutoff: float,
    kind: int,
    parameters: NDArray[np.float64],
    fmax: float,
    max_steps: int,
    too_far: float,
) -> tuple[float, float, float, int]:
    """Relax the moving atoms in place by L-BFGS.

    Args:
        x: (n, 3) start, overwritten by the relaxed positions.
        home: (n_moving, 3) sites that the tether (eV/Angstrom^2) pulls to.
        axis: (3,) unit vector of the jump; held: the migrating atom, row 0, keeps its place along it, and the tether
            does not act on it.
        fmax: largest force at the end, eV/Angstrom.
        too_far: an atom (other than a held one) this far from home ends the run: it will not come back.

    Returns:
        energy with and without the tether's (eV), force on row 0 along the axis (before it is held), steps taken;
        steps are max_steps + 1 if the forces did not get below fmax.
    """
    n = 3 * n_moving
    capacity = 64 * n_moving
    pairs = np.empty((capacity, 2), dtype=np.int32)
    n_pairs = list_pairs(x, n_moving, cutoff + SKIN, pairs)
    if n_pairs > capacity:
        pairs = np.empty((n_pairs + 8 * n_moving, 2), dtype=np.int32)
        n_pairs = list_pairs(x, n_moving, cutoff + SKIN, pairs)
    work = np.empty((len(pairs), 5))
    rho = np.empty(len(x))
    forces = np.empty((n_moving, 3))
    listed_at = x[:n_moving].copy()
    moves, changes = np.empty((MEMORY, n)), np.empty((MEMORY, n))
    kept, newest = 0, -1
    before, forces_before = x[:n_moving].copy(), np.zeros(n)
    energy_before = np.inf
    step = np.empty(n)
    first = 1 if held else 0
    for taken in range(max_steps + 1):
        moved = x[:n_moving] - listed_at
        if longest(moved, n_moving) > 0.5 * SKIN:
            n_pairs = list_pairs(x, n_moving, cutoff + SKIN, pairs)
            if n_pairs > len(pairs):
                pairs = np.empty((n_pairs + 8 * n_moving, 2), dtype=np.int32)
                n_pairs = list_pairs(x, n_moving, cutoff + SKIN, pairs)
                work = np.empty((len(pairs), 5))
            listed_at[:] = x[:n_moving]
        pure = energy_and_forces(
            x, n_moving, pairs, n_pairs, density_of_far, table, shortest, cutoff, kind, parameters, forces, work, rho
        )
        energy = pure + add_tether(x, n_moving, home, tether, first, forces)
        along = forces[0, 0] * axis[0] + forces[0, 1] * axis[1] + forces[0, 2] * axis[2]
        if held:
            for c in range(3):
                forces[0, c] -= along * axis[c]
        if longest(forces, n_moving) < fmax:
            return energy, pure, along, taken
        if longest(x[first:n_moving] - home[first:n_moving], n_moving - first) > too_far:
            return energy, pure, along, taken
        if taken == max_steps:
            break
        flat = forces.reshape(n)
        if energy > energy_before + 1e-7:  # the last step went too far: a shorter one from before
            kept = 0
            for c in range(n):
                step[c] *= _SHRINK
            x[:n_moving] = before + step.reshape((n_moving, 3))
            if longest(step.reshape((n_moving, 3)), n_moving) > 1e-7:
                continue
        if energy_before < np.inf:
            newest = (newest + 1) % MEMORY
            curvature = 0.0
            size = 0.0
            for c in range(n):
                moves[newest, c] = x[c // 3, c % 3] - before[c // 3, c % 3]
                changes[newest, c] = forces_before[c] - flat[c]
                curvature += moves[newest, c] * changes[newest, c]
                size += moves[newest, c] * moves[newest, c]
            if curvature > 1e-3 * size:
                kept = min(kept + 1, MEMORY)
            else:  # not convex here: what was learned does not hold
                newest = -1
                kept = 0
        direction(flat, moves, changes, kept, newest, step)
        if np.dot(step, flat) <= 0.0:
            kept = 0
            newest = -1
            for c in range(n):
                step[c] = flat[c] / STIFFNESS
        reach = longest(step.reshape((n_moving, 3)), n_moving)
        if reach > LONGEST_STEP:
            for c in range(n):
                step[c] *= LONGEST_STEP / reach
        before[:] = x[:n_moving]
        forces_before[:] = flat
        energy_before = energy
        x[:n_moving] = before + step.reshape((n_moving, 3))
    return energy, pure, along, max_steps + 1
