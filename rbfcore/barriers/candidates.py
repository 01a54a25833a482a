"""Which environments to compute: batches of new symmetry families of one surface, from four sources.

Source: PHYSICS section 5.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers.half_space import SURFACES, half_space_candidates, half_spaces, layer_step
from rbfcore.barriers.support import supported
from rbfcore.lattice import environment
from rbfcore.lattice.codes import families, rows_of, site_codes

N_SITES = 26  # of the environments whose barriers are computed
# Codes of the column `source`, and the share of each batch a source may fill.
SNAPSHOT, LAYERWISE, NEIGHBOUR, UNIFORM, CLOSURE = range(5)
SHARES = {SNAPSHOT: 0.25, LAYERWISE: 0.30, UNIFORM: 0.20, NEIGHBOUR: 0.25}
BATCH = 4096
# Part of the settings of a run: raise it when the same seed would give other candidates.
SCHEME = 1
_DRAWS = 60  # blocks a source may draw for one batch before its share goes to the neighbours
_BLOCK = 2048
_PARENTS = (SNAPSHOT, LAYERWISE)


@dataclass(frozen=True, eq=False)
class Batch:
    """New families in random order, so that any stretch of a batch mixes its sources.

    Attributes:
        codes: (N,) canonical codes, smallest of the eight images; bit d, least significant first, is site d.
        source: (N,) uint8, `SNAPSHOT` ... `UNIFORM`.
    """

    codes: NDArray[np.int64]
    source: NDArray[np.uint8]


def occupations_of(codes: NDArray[np.int64]) -> NDArray[np.uint8]:
    """(N,) codes -> (N, 26) 0/1."""
    return rows_of(codes, N_SITES)


class CandidateStream:
    """Batches of candidates that depend on the surface and the seed only.

    A batch holds no family of an earlier one. Neighbours are drawn around snapshots and layer-wise environments of this
    and earlier batches; were neighbours and uniform vectors parents too, the set would drift to uniform vectors.
    """

    def __init__(self, surface: str, seed: int) -> None:
        if surface not in SURFACES:
            raise ValueError(f"unknown surface {surface!r}: expected one of {', '.join(SURFACES)}")
        if not isinstance(seed, int) or seed < 0:
            raise ValueError(f"seed must be a whole number >= 0, got {seed!r}")
        self.surface, self.seed = surface, seed
        self.batches = 0
        self._seen: set[int] = set()
        self._parents = np.empty(0, dtype=np.int64)

    def add(self, batch: Batch) -> None:
        """Take note of the next batch: one just drawn, or one kept from an earlier run."""
        self._seen.update(batch.codes.tolist())
        self._parents = np.concatenate([self._parents, batch.codes[np.isin(batch.source, _PARENTS)]])
        self.batches += 1

    def draw(self) -> Batch:
        """The next batch, of at most `BATCH` families; call `add` with it before drawing another.

        Raises:
            ValueError: no new family was found.
        """
        rng = np.random.default_rng([self.seed, SURFACES.index(self.surface), self.batches])
        by_source: dict[int, NDArray[np.int64]] = {}
        taken: set[int] = set()
        missing = 0
        for source, share in SHARES.items():
            parents = np.concatenate(
                [self._parents, *(by_source[parent] for parent in _PARENTS if parent in by_source)]
            )
            wanted = round(share * BATCH) + (missing if source == NEIGHBOUR else 0)
            by_source[source] = self._collect(_drawer(source, self.surface, rng, parents), wanted, taken)
            missing += wanted - len(by_source[source])
        codes = np.concatenate(list(by_source.values()))
        if not len(codes):
            raise ValueError(f"no new environments of surface {self.surface} found after {len(self._seen)} families")
        sources = np.repeat(np.array(list(by_source), dtype=np.uint8), [len(part) for part in by_source.values()])
        order = rng.permutation(len(codes))
        return Batch(codes[order], sources[order])

    def _collect(self, draw: Callable[[], NDArray[np.uint8]], wanted: int, taken: set[int]) -> NDArray[np.int64]:
        """Up to `wanted` supported families of the surface that are in no batch yet; they are added to `taken`."""
        new_codes: list[int] = []
        for _ in range(_DRAWS):
            if len(new_codes) >= wanted:
                break
            for code in admissible_families(draw(), self.surface).tolist():
                if len(new_codes) < wanted and code not in self._seen and code not in taken:
                    new_codes.append(code)
                    taken.add(code)
        return np.array(new_codes, dtype=np.int64)


def admissible_families(occupations: NDArray[np.uint8], surface: str | None = None) -> NDArray[np.int64]:
    """Canonical codes of the supported rows whose half-space has this surface label, each once, first seen first."""
    if not len(occupations):
        return np.empty(0, dtype=np.int64)
    codes = families(site_codes(occupations), "fcc26")
    _, first = np.unique(codes, return_index=True)
    codes = codes[np.sort(first)]
    occupations = occupations_of(codes)
    spaces = half_spaces(occupations)
    keep = supported(occupations, spaces)
    if surface is not None:
        keep &= spaces.surface == surface
    return codes[keep]


def _drawer(
    source: int, surface: str, rng: np.random.Generator, parents: NDArray[np.int64]
) -> Callable[[], NDArray[np.uint8]]:
    """A function that draws a block of environments (N, 26) from a source."""
    if source == SNAPSHOT:
        from rbfcore.barriers.snapshots import snapshot_occupations

        return lambda: snapshot_occupations(surface, rng)
    if source == LAYERWISE:
        return lambda: layerwise_occupations(surface, _BLOCK, rng)
    if source == NEIGHBOUR:
        return lambda: neighbour_occupations(parents, _BLOCK, rng)
    return lambda: rng.integers(2, size=(8 * _BLOCK, 26), dtype=np.uint8)


def layerwise_occupations(surface: str, n: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """n environments whose sites are filled independently, with a probability for each layer of a random half-space.

    Deep layers are nearly full, the top layer has any coverage, the layers above little.
    """
    layers = _layers_above_top(surface)
    depth = layers[rng.integers(len(layers), size=n)]  # (n, 26): 0 = top layer, > 0 above
    gaps = rng.uniform(0.0, 0.45, (n, 1)) ** 1.5
    coverage = rng.uniform(0.2, 1.0, (n, 1))
    above = rng.uniform(0.0, 0.8, (n, 1)) ** 1.5
    probability = np.where(depth < 0, 1 - gaps, np.where(depth == 0, coverage, np.where(depth == 1, above, above / 3)))
    return (rng.random((n, 26)) < probability).astype(np.uint8)


@lru_cache
def _layers_above_top(surface: str) -> NDArray[np.int64]:
    """(H, 26) layer of each site above the top layer, for the half-spaces of a surface that end near the jump."""
    sites = environment("fcc", 2)
    normals, tops, _ = half_space_candidates()
    result = []
    for normal, top in zip(normals.astype(np.int64), tops.tolist(), strict=True):
        end = round(sites.target @ normal / layer_step(normal))
        if np.abs(normal).sum() == SURFACES.index(surface) + 1 and top <= max(0, end) + 1:
            result.append(np.rint(sites.positions @ normal / layer_step(normal)).astype(np.int64) - top)
    return np.array(result)


def neighbour_occupations(parents: NDArray[np.int64], n: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """n environments that differ from a random parent at one or two sites; none without parents."""
    if not len(parents):
        return np.empty((0, 26), dtype=np.uint8)
    codes = parents[rng.integers(len(parents), size=n)]
    first, second = rng.integers(N_SITES, size=(2, n))
    codes = codes ^ (1 << first)
    return occupations_of(np.where((rng.random(n) < 0.5) & (second != first), codes ^ (1 << second), codes))


def surface_of(codes: NDArray[np.int64]) -> NDArray[Any]:
    """(N,) labels of the half-spaces of these environments."""
    return half_spaces(occupations_of(codes)).surface
