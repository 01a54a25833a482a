"""Copper by effective-medium theory, Jacobsen, Stoltze and Norskov, Surf. Sci. 366, 394 (1996), in the form of ASE.

For one element it is an embedded-atom potential: sigma_1 is the density, E_c + E_AS its embedding, and the sum over
pairs that balances them is the pair term.
"""

from functools import lru_cache
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers.potentials.eam import EMT, Eam, Function, pair_table

_BOHR = 0.5291772105638411  # Angstrom, the value of ASE's units (CODATA 2014)
_E0, _S0, _V0 = -3.51, 2.67 * _BOHR, 2.476  # eV, Angstrom, eV
_ETA2, _KAPPA, _LAMBDA = 1.652 / _BOHR, 2.740 / _BOHR, 1.906 / _BOHR  # 1/Angstrom
_BETA = 1.809
_LARGEST_S0 = 3.01 * _BOHR  # of all elements in ASE's table: it sets the cutoff even for copper alone
_SHORTEST = 1.0  # Angstrom


@lru_cache
def emt() -> Eam:
    """EMT for Cu with ASE's default cutoff; lattice constant from the minimum of the crystal's energy."""
    first = _BETA * _LARGEST_S0
    middle = first * 0.5 * (sqrt(3.0) + 2.0)
    steepness = log(1.0 / 1e-4 - 1.0) / (2.0 * first - middle)

    def fade(r: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1.0 / (1.0 + np.exp(steepness * (r - middle)))

    shells = _BETA * _S0 * np.sqrt([1.0, 2.0, 3.0])
    share = np.array([12, 6, 24]) * fade(shells) / 12.0
    gamma1 = float(share @ np.exp(-_ETA2 * (shells - _BETA * _S0)))
    gamma2 = float(share @ np.exp(-_KAPPA / _BETA * (shells - _BETA * _S0)))

    def density(r: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.exp(-_ETA2 * (r - _BETA * _S0)) * fade(r)

    def pair(r: NDArray[np.float64]) -> NDArray[np.float64]:
        return -_V0 / gamma2 * np.exp(-_KAPPA * (r / _BETA - _S0)) * fade(r)

    cutoff = middle + 0.5
    parameters = np.array([_E0, _V0, _ETA2, _KAPPA, _LAMBDA, _BETA, 12.0 * gamma1])
    table = pair_table(pair, density, _SHORTEST, cutoff)
    return Eam("emt", _lattice_constant(pair, density, parameters, cutoff), cutoff, _SHORTEST, table, EMT, parameters)


def _lattice_constant(pair: Function, density: Function, parameters: NDArray[np.float64], cutoff: float) -> float:
    from scipy.optimize import minimize_scalar

    from rbfcore.barriers.potentials.embedding import embedding

    reach = np.arange(-4, 5)
    points = np.stack(np.meshgrid(reach, reach, reach), -1).reshape(-1, 3)
    distances = np.linalg.norm(points[(points.sum(1) % 2 == 0) & points.any(1)], axis=1) / 2

    def energy(a: float) -> float:
        r = a * distances
        r = r[r < cutoff]
        return float(embedding(EMT, parameters, density(r).sum())[0]) + 0.5 * float(pair(r).sum())

    return float(minimize_scalar(energy, bounds=(3.4, 3.8), method="bounded", options={"xatol": 1e-9}).x)
