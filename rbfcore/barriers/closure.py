"""The closure search: neighbours of environments that are stable without a tether, until no new one turns up.

Source: PHYSICS section 5.
"""

import hashlib
import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers.candidates import CLOSURE, N_SITES, admissible_families, occupations_of, surface_of
from rbfcore.barriers.consistency import above_both_ends
from rbfcore.barriers.generation import CHUNK, Progress
from rbfcore.barriers.half_space import SURFACES
from rbfcore.barriers.pack import ROW_ARRAYS, write_barrier_set
from rbfcore.barriers.parallel import ChunkFunction, run_chunks
from rbfcore.barriers.provenance import barrier_provenance
from rbfcore.barriers.shards import Shards, joined
from rbfcore.data.barrier_sets import checked_barrier_arrays
from rbfcore.data.npz import Arrays, provenance_of, read_arrays
from rbfcore.lattice.codes import families, neighbour_codes, site_codes

_PHYSICS = ("potential", "tether_eV_per_A2", "free", "r_mobile")


@dataclass(frozen=True, eq=False)
class StartingSet:
    """A barrier set to start from: its rows, canonical codes and what it says about itself."""

    path: Path
    codes: NDArray[np.int64]
    rows: Arrays
    provenance: dict[str, Any]

    @property
    def surface(self) -> str:
        return str(self.provenance.get("surface"))

    @property
    def physics(self) -> dict[str, Any]:
        """The settings that decide the results of a computation."""
        settings = self.provenance.get("settings", {})
        return {name: settings.get(name) for name in _PHYSICS}


@dataclass(frozen=True)
class ClosureRun:
    """What to make.

    Attributes:
        out: folder for the completed sets; it is made, its parent must exist.
        budget: stop when this many environments were computed, at the end of a chunk.
        chunk: environments computed at a time.
    """

    out: Path
    budget: int = 200_000
    chunk: int = CHUNK

    def __post_init__(self) -> None:
        if self.budget < 1:
            raise ValueError(f"the budget must be at least 1 environment, got {self.budget}")
        if self.chunk < 1:
            raise ValueError(f"a chunk needs at least 1 environment, got {self.chunk}")


def read_starting_sets(paths: Sequence[str | Path]) -> list[StartingSet]:
    """Barrier sets with free barriers, one per surface, of one potential and tether.

    Raises:
        ValueError: a file is missing or no such set, a surface comes twice, or the sets were computed differently.
    """
    sets = []
    for path in map(Path, paths):
        if not path.is_file():
            raise ValueError(f"no barrier set at {path}")
        with open(path, "rb") as file:
            arrays = checked_barrier_arrays(read_arrays(file, path.name), path.name)
        if "status_free" not in arrays:
            raise ValueError(f"{path.name} has no status_free: the search starts from barriers without a tether")
        codes = families(site_codes(arrays["occupations"]), "fcc26")
        rows = above_both_ends({name: arrays[name] for name in ROW_ARRAYS if name in arrays})
        sets.append(StartingSet(path, codes, rows, provenance_of(arrays, path.name)))
    if not sets:
        raise ValueError("no barrier set to start from: name at least one .npz file")
    surfaces = [one.surface for one in sets]
    if len(set(surfaces)) < len(surfaces) or not set(surfaces) <= set(SURFACES):
        raise ValueError(f"expected one set each of surfaces {', '.join(SURFACES)}, got {', '.join(surfaces)}")
    for one in sets[1:]:
        if one.physics != sets[0].physics:
            raise ValueError(f"{one.path.name} was computed with {one.physics}, {sets[0].path.name} with "
                             f"{sets[0].physics}: sets to be searched together need the same")  # fmt: skip
    return sets


def closure_steps(
    run: ClosureRun,
    sets: Sequence[StartingSet],
    compute: ChunkFunction,
    settings: dict[str, Any],
    resume: bool = True,
    workers: int = 1,
    dask: str | None = None,
) -> Iterator[Progress]:
    """Compute all one-bit neighbours of environments with status_free 0, whatever their surface label; then those of
    the stable ones among them, and so on until none is new or the budget is spent.

    At the end the folder `run.out` holds each starting set under its own name with the new rows of its label (source
    4), and closure_LABEL.npz for labels without a starting set. Resumable and deterministic as `generate_steps`.

    Args:
        run: what to make.
        sets: from `read_starting_sets`.
        compute: chunk of occupations -> arrays of a barrier set, with `status` and `status_free`.
        settings: what decides the results of `compute`; JSON values.
        resume, workers, dask: see `generate`.
    """
    run.out.mkdir(exist_ok=True)
    own = {"closure_of": _fingerprint(sets), "chunk": run.chunk}
    with Shards(run.out / "closure.parts", {**own, **settings}, resume) as shards:
        search = _Search(shards, run, sets)
        started, computed_here = time.monotonic(), 0

        def snapshot(done: bool = False) -> Progress:
            seconds = time.monotonic() - started
            rate = computed_here / seconds if seconds > 0 else 0.0
            left = (search.planned - search.computed) / rate if rate > 0 else math.nan
            return Progress(search.computed, search.stable, search.planned, "environments", rate, left, done)

        while search.next_generation():
            yield snapshot()
            for name, arrays in run_chunks(compute, search.missing(), workers, dask):
                search.keep(name, arrays)
                computed_here += len(arrays["status"])
                yield snapshot()
        with shards.keeping(run.out):
            _write_completed(run, sets, search, {**own, **settings})
        yield snapshot(done=True)


class _Search:
    """Generations of neighbours; each depends on all results of the one before."""

    def __init__(self, shards: Shards, run: ClosureRun, sets: Sequence[StartingSet]) -> None:
        self._shards, self._run = shards, run
        self._known = np.unique(np.concatenate([one.codes for one in sets]))
        self._frontier = np.concatenate([one.codes[one.rows["status_free"] == 0] for one in sets])
        self._chunks: dict[str, NDArray[np.int64]] = {}
        self._current: list[str] = []
        self._finished: set[str] = set()
        self.generations, self.computed, self.stable, self.planned = 0, 0, 0, 0
        self.closed = False
        self._cut = False  # the budget ended within the current generation

    def next_generation(self) -> bool:
        """Plan the neighbours of the newest stable environments; False when there are none or the budget is spent."""
        if self._cut:
            return False
        if self._current:
            rows = self.rows(self._current)
            self._frontier = rows["codes"][rows["status_free"] == 0]
        flips = neighbour_codes(self._frontier, N_SITES)
        codes = np.setdiff1d(admissible_families(occupations_of(np.unique(flips))), self._known)
        self.closed = not len(codes)
        if self.closed or self.planned >= self._run.budget:
            return False
        # Shuffled, so that a budget that ends within a generation leaves no bias; whole chunks, so that a larger
        # budget continues where this one stopped.
        codes = np.random.default_rng(self.generations).permutation(codes)
        size = self._run.chunk
        chunks = min(math.ceil(len(codes) / size), math.ceil((self._run.budget - self.planned) / size))
        self._cut = chunks * size < len(codes)
        codes = codes[: chunks * size]
        names = [f"chunk-{self.generations:03d}-{number:06d}" for number in range(chunks)]
        self._chunks |= {name: codes[i * size : (i + 1) * size] for i, name in enumerate(names)}
        self._current = names
        self._known = np.union1d(self._known, codes)
        self.generations += 1
        self.planned += len(codes)
        for name in names:
            if (stored := self._shards.read(name)) is not None:
                self._count(name, stored)
        return True

    def missing(self) -> dict[str, NDArray[np.uint8]]:
        return {name: occupations_of(self._chunks[name]) for name in self._current if name not in self._finished}

    def keep(self, name: str, arrays: Arrays) -> None:
        self._shards.write(name, arrays)
        self._count(name, arrays)

    def rows(self, names: Sequence[str] | None = None) -> Arrays:
        """All arrays of these chunks (default: of every one), with `codes`."""
        parts: list[Arrays] = []
        for name in self._chunks if names is None else names:
            stored = self._shards.read(name)
            if stored is None:
                raise OSError(f"a finished chunk has vanished from {self._shards.folder}; run the same command again")
            parts.append({"codes": self._chunks[name], **above_both_ends(stored)})
        return joined(parts) if parts else {}

    def _count(self, name: str, arrays: Arrays) -> None:
        arrays = above_both_ends(arrays)
        self._finished.add(name)
        self.computed += len(arrays["status"])
        self.stable += int((arrays["status_free"] == 0).sum())


def _write_completed(run: ClosureRun, sets: Sequence[StartingSet], search: _Search, settings: dict[str, Any]) -> None:
    """The starting sets with the rows found for their labels, and the rows of other labels."""
    new_rows = search.rows()
    labels = surface_of(new_rows["codes"]) if new_rows else np.empty(0)
    outcome = {
        "closed": search.closed,
        "generations": search.generations,
        "environments": search.computed,
        "stable_without_tether": search.stable,
        "budget": run.budget,
    }
    by_surface = {one.surface: one for one in sets}
    for surface in SURFACES:
        chosen = np.flatnonzero(labels == surface)
        new = {name: values[chosen] for name, values in new_rows.items()}
        new["source"] = np.full(len(chosen), CLOSURE, dtype=np.uint8)
        codes = new.pop("codes", np.empty(0, dtype=np.int64))
        start = by_surface.get(surface)
        if start is None:
            if len(codes):
                facts = barrier_provenance(surface, settings, "closure search alone") | {"closure": outcome}
                write_barrier_set(run.out / f"closure_{surface}.npz", codes, new, facts)
            continue
        if len(codes) and set(new) != set(start.rows):
            raise ValueError(
                f"{start.path.name} and the search hold different arrays: {sorted(set(new) ^ set(start.rows))}"
            )
        rows = joined([start.rows, new]) if len(codes) else start.rows
        write_barrier_set(
            run.out / start.path.name,
            np.concatenate([start.codes, codes]),
            rows,
            start.provenance | {"closure": outcome},
        )


def _fingerprint(sets: Sequence[StartingSet]) -> str:
    """Of everything the search takes from its starting sets."""
    digest = hashlib.sha256()
    for one in sorted(sets, key=lambda one: one.surface):
        digest.update(json.dumps([one.surface, one.physics], sort_keys=True).encode())
        order = np.argsort(one.codes)
        digest.update(one.codes[order].tobytes() + one.rows["status_free"][order].astype(np.uint8).tobytes())
    return digest.hexdigest()
