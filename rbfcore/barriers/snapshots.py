"""Jumps taken from lattice snapshots: surfaces with steps, strips, islands, adatoms and vacancies, briefly annealed."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations, product

import numba
import numpy as np
from numpy.typing import NDArray

from rbfcore.lattice import environment

# Two vectors in a layer and one to the next layer above, for each surface; every lattice site is a whole combination.
_CELLS = {
    "100": ((0.5, 0.5, 0.0), (-0.5, 0.5, 0.0), (0.5, 0.0, 0.5)),
    "110": ((0.5, -0.5, 0.0), (0.0, 0.0, 1.0), (0.5, 0.0, 0.5)),
    "111": ((0.5, -0.5, 0.0), (0.0, 0.5, -0.5), (0.5, 0.5, 0.0)),
}
_WIDTH, _LAYERS, _SURFACE_LAYER = 24, 18, 8
_FROZEN_LAYERS = 3
# Thermal energies in units of the bond energy: from nearly frozen to beyond roughening.
TEMPERATURES = (0.3, 0.5, 0.7, 0.9, 1.2, 1.6)
_SWEEPS = (0.0, 0.5, 1.0, 2.0, 4.0, 10.0)
_JUMPS = 1500


@dataclass(frozen=True)
class Jumps:
    """Integer steps (layer, row, column) of one surface's cell: to the neighbours, and to the 26 sites of each jump."""

    steps: NDArray[np.int64]  # (12, 3)
    sites: NDArray[np.int64]  # (12, 26, 3)


def snapshot_occupations(surface: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Surroundings of up to 1500 possible jumps in one random annealed relief of the surface.

    A relief (flat, stepped, strip, islands and pits) with random adatoms and vacancies is annealed by grand-canonical
    Metropolis moves: an atom is added to or taken from a random site, the energy being minus the number of bonds and
    the chemical potential that of half-crystal sites, 6 bonds. Annealing is short, so that reliefs survive.

    Args:
        surface: "100", "110" or "111".
        rng: source of all randomness.

    Returns:
        (N, 26) uint8, as seen from each jump; N varies. Not deduplicated, not checked for support.

    Source: PHYSICS section 5.
    """
    jumps = _jumps(surface)
    occupied = _relief(rng)
    temperature = TEMPERATURES[rng.integers(len(TEMPERATURES))]
    attempts = int(_SWEEPS[rng.integers(len(_SWEEPS))] * occupied.size)
    # A small supersaturation either way makes growing and eroding surfaces.
    drive = float(rng.normal(0.0, 0.5))
    _anneal(occupied, jumps.steps, attempts, 1 / temperature, drive, int(rng.integers(1 << 62)))
    starts = _possible_jumps(occupied, jumps.steps)
    if len(starts) > _JUMPS:
        starts = starts[np.sort(rng.choice(len(starts), _JUMPS, replace=False))]
    where = starts[:, None, :3] + jumps.sites[starts[:, 3]]
    return _occupation(occupied, where)


@lru_cache
def _jumps(surface: str) -> Jumps:
    sites = environment("fcc", 2)
    inverse = np.linalg.inv(np.array(_CELLS[surface]))
    steps: list[NDArray[np.float64]] = []
    around: list[NDArray[np.float64]] = []
    for axes in permutations(range(3)):
        for signs in product((1.0, -1.0), repeat=3):
            rotation = np.zeros((3, 3))
            rotation[range(3), axes] = signs
            step = rotation @ sites.target
            if any(np.allclose(step, known) for known in steps):
                continue  # the other motions that lead to this jump give symmetric images
            steps.append(step)
            around.append(sites.positions @ rotation.T)

    def whole(points: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.rint(points @ inverse).astype(np.int64)[..., [2, 0, 1]]

    return Jumps(whole(np.array(steps)), whole(np.array(around)))


def _relief(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Occupations (layers, rows, columns) of a random relief with defects."""
    rows, columns = np.indices((_WIDTH, _WIDTH))
    kind = rng.integers(4)
    height = np.full((_WIDTH, _WIDTH), _SURFACE_LAYER)
    across = (rows, columns, (rows + columns) % _WIDTH, (rows - columns) % _WIDTH)[rng.integers(4)]
    if kind == 1:  # steps up and down again
        terrace = int(rng.integers(2, 9))
        stairs = np.minimum(across, _WIDTH - 1 - across) // terrace
        height = height + np.minimum(stairs, 4) - 1
    elif kind == 2:  # strips of one or two layers
        height = height + int(rng.integers(1, 3)) * (across % 12 < rng.integers(1, 7))
    elif kind == 3:  # islands and pits
        for _ in range(int(rng.integers(2, 7))):
            row, column = rng.integers(_WIDTH, size=2)
            apart = [
                (axis - centre + _WIDTH // 2) % _WIDTH - _WIDTH // 2
                for axis, centre in ((rows, row), (columns, column))
            ]
            radius = rng.uniform(0.8, 5.0)
            inside = apart[0] ** 2 + apart[1] ** 2 + apart[0] * apart[1] * rng.integers(-1, 2) <= radius**2
            height = height + np.where(inside, 1 if rng.random() < 0.7 else -1, 0)
    adatoms, holes = rng.uniform(0.0, 0.4, size=2) ** 1.5
    height = height + (rng.random(height.shape) < adatoms) - (rng.random(height.shape) < holes)
    height = np.clip(height, _FROZEN_LAYERS + 2, _LAYERS - 4)
    occupied = np.arange(_LAYERS)[:, None, None] <= height
    vacancies = rng.random(occupied.shape) < rng.uniform(0.0, 0.4) ** 1.5
    vacancies[:_FROZEN_LAYERS] = False
    return np.asarray((occupied & ~vacancies).astype(np.uint8))


def _occupation(occupied: NDArray[np.uint8], where: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Occupations at (..., 3) sites: periodic in the layer, filled below, empty above."""
    layer = where[..., 0]
    filled = occupied[np.clip(layer, 0, _LAYERS - 1), where[..., 1] % _WIDTH, where[..., 2] % _WIDTH]
    return np.where(layer < 0, 1, np.where(layer >= _LAYERS, 0, filled)).astype(np.uint8)


def _possible_jumps(occupied: NDArray[np.uint8], steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """(N, 4): layer, row, column of an atom and the number of the step to an empty neighbour."""
    atoms = np.argwhere(occupied[_FROZEN_LAYERS:]).astype(np.int64) + np.array([_FROZEN_LAYERS, 0, 0])
    free = _occupation(occupied, atoms[:, None] + steps) == 0
    atom, step = np.nonzero(free)
    return np.column_stack([atoms[atom], step])


@numba.njit()
def _random(state: NDArray[np.uint64]) -> float:
    """Next uniform number in [0, 1) of splitmix64, the same on every machine."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float((z >> np.uint64(11)) * (1.0 / 9007199254740992.0))


@numba.njit()
def _anneal(
    occupied: NDArray[np.uint8],
    steps: NDArray[np.int64],
    attempts: int,
    inverse_temperature: float,
    drive: float,
    seed: int,
) -> None:
    """Grand-canonical Metropolis attempts, in place; an atom is only added where it has 3 neighbours."""
    layers, width = occupied.shape[0], occupied.shape[1]
    state = np.array([seed], dtype=np.uint64)
    for _ in range(attempts):
        layer = _FROZEN_LAYERS + int(_random(state) * (layers - _FROZEN_LAYERS - 2))
        row, column = int(_random(state) * width), int(_random(state) * width)
        bonds = 0
        for step in range(len(steps)):
            bonds += occupied[layer + steps[step, 0], (row + steps[step, 1]) % width, (column + steps[step, 2]) % width]
        gain = (bonds - 6 + drive) * inverse_temperature
        if occupied[layer, row, column]:
            if gain <= 0 or _random(state) < np.exp(-gain):
                occupied[layer, row, column] = 0
        elif bonds >= 3 and (gain >= 0 or _random(state) < np.exp(gain)):
            occupied[layer, row, column] = 1
