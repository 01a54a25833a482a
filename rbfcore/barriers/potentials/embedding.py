"""Embedding energies F(rho) and their derivatives, compiled."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True)
def embedding(kind: int, p: NDArray[np.float64], rho: float) -> tuple[float, float]:
    """F and dF/drho of one atom.

    Args:
        kind: MISHIN or EMT of `potentials.eam`; p: its parameters.
        rho: density at the atom, >= 0.
    """
    if kind == 0:
        d = rho - 1.0
        d2 = d * d
        if d < 0.0:
            value = p[0] + d2 * (0.5 * p[1] + d * (p[2] + d * (p[3] + d * (p[4] + d * p[5]))))
            slope = d * (p[1] + d * (3 * p[2] + d * (4 * p[3] + d * (5 * p[4] + d * 6 * p[5]))))
            return value, slope
        above = p[0] + d2 * (0.5 * p[1] + d * (p[2] + d * p[6]))
        below = 1.0 + p[7] * d2 * d
        rise = d * (p[1] + d * (3 * p[2] + d * 4 * p[6]))
        return above / below, (rise * below - above * 3 * p[7] * d2) / (below * below)
    if rho <= 1e-300:  # an atom without neighbours: ASE counts no energy for it
        return 0.0, 0.0
    e0, v0, eta2, kappa, decay, beta, scale = p[0], p[1], p[2], p[3], p[4], p[5], p[6]
    s = -math.log(rho / scale) / (beta * eta2)
    cohesion = math.exp(-decay * s)
    overlap = 6.0 * v0 * math.exp(-kappa * s)
    value = e0 * ((1.0 + decay * s) * cohesion - 1.0) + overlap
    slope = -e0 * decay * decay * s * cohesion - kappa * overlap
    return value, -slope / (beta * eta2 * rho)


@njit(cache=True)
def embeddings(
    kind: int, p: NDArray[np.float64], rho: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`embedding` of many atoms: F and dF/drho, both (N,)."""
    value, slope = np.empty_like(rho), np.empty_like(rho)
    for i in range(len(rho)):
        value[i], slope[i] = embedding(kind, p, rho[i])
    return value, slope
