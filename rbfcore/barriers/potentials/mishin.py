"""Copper by Mishin et al., Phys. Rev. B 63, 224106 (2001), potential EAM1, in closed form (28 numbers)."""

import json
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers.potentials.eam import MISHIN, Eam, pair_table

_SHORTEST = 1.0  # Angstrom


@lru_cache
def mishin() -> Eam:
    """Mishin EAM1 for Cu; lattice constant 3.61493 Angstrom, cohesive energy 3.54 eV."""
    text = files("rbfcore.barriers.potentials").joinpath("mishin_eam1.json").read_text(encoding="utf-8")
    description = json.loads(text)
    p = description["parameters"]

    def fade(r: NDArray[np.float64]) -> NDArray[np.float64]:
        x = np.minimum((r - p["rc"]) / p["h"], 0.0)
        return np.asarray(x**4 / (1 + x**4))

    def morse(r: NDArray[np.float64], centre: float, steepness: float) -> NDArray[np.float64]:
        fall = np.exp(-steepness * (r - centre))
        return np.asarray(fall * fall - 2 * fall)

    def pair(r: NDArray[np.float64]) -> NDArray[np.float64]:
        bonds = p["E1"] * morse(r, p["r01"], p["a1"]) + p["E2"] * morse(r, p["r02"], p["a2"]) + p["delta"]
        cores = sum(s * np.maximum(end - r, 0.0) ** 4 for s, end in zip(p["S"], p["rs"], strict=True))
        return np.asarray(bonds * fade(r) - cores)

    def density(r: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(
            (p["a"] * np.exp(-p["b1"] * (r - p["r03"]) ** 2) + np.exp(-p["b2"] * (r - p["r04"]))) * fade(r)
        )

    parameters = np.array([p["F0"], p["F2"], *p["q"], p["Q1"], p["Q2"]])
    table = pair_table(pair, density, _SHORTEST, p["rc"])
    constant = description["checks"]["lattice_constant_A"]
    return Eam("mishin", constant, p["rc"], _SHORTEST, table, MISHIN, parameters)
