"""Making a barrier set: candidates in fixed chunks, computed in any order, kept one by one, packed at the end."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers.candidates import SCHEME, Batch, CandidateStream, occupations_of
from rbfcore.barriers.consistency import above_both_ends
from rbfcore.barriers.pack import write_barrier_set
from rbfcore.barriers.parallel import ChunkFunction, run_chunks
from rbfcore.barriers.physics_chunk import PhysicsChunk
from rbfcore.barriers.provenance import barrier_provenance
from rbfcore.barriers.shards import Shards, joined
from rbfcore.data.npz import Arrays

CHUNK = 256
COUNTED = ("families", "environments")
_PROBE_CHUNKS = 8  # the first round; its success rate tells how many chunks the rest takes
_ASSUMED_RATE = 0.65
_LOWEST_RATE = 0.01


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    Attributes:
        environments: computed so far, earlier runs included.
        successes: of these with a tethered barrier (status 0).
        goal: how many of `counted` are wanted.
        counted: "families" (status 0) or "environments".
        rate: environments per second of this run.
        seconds_left: estimate; NaN until something was computed.
        done: the finished file is there.
    """

    environments: int
    successes: int
    goal: int
    counted: str
    rate: float
    seconds_left: float
    done: bool = False


@dataclass(frozen=True)
class GenerationRun:
    """What to make; see `generate`."""

    surface: str
    n: int
    out: Path
    seed: int = 0
    counted: str = "families"
    chunk: int = CHUNK

    def __post_init__(self) -> None:
        if self.counted not in COUNTED:
            raise ValueError(f"unknown counting {self.counted!r}: expected {' or '.join(COUNTED)}")
        if not isinstance(self.n, int) or self.n < 1:
            raise ValueError(f"n must be a whole number >= 1, got {self.n!r}")
        if self.chunk < 1:
            raise ValueError(f"a chunk needs at least 1 environment, got {self.chunk}")
        if self.out.suffix != ".npz":
            raise ValueError(f"the output must be an .npz file, got {self.out.name!r}")

    @property
    def parts(self) -> Path:
        """The folder of the run's parts, beside the output."""
        return self.out.with_suffix(".parts")


def generate(
    surface: str,
    n: int,
    potential: Any = "mishin",
    seed: int = 0,
    out: str | Path = "barriers.npz",
    resume: bool = True,
    workers: int = 1,
    free: bool = True,
    *,
    tether: float = 1.0,
    r_mobile: float = 2.0,
    counted: str = "families",
    dask: str | None = None,
) -> Path:
    """Compute a set of migration barriers around one surface and write it as .npz.

    Candidates depend on the surface and the seed only and are computed in fixed chunks; each finished chunk is kept in
    the folder OUT.parts. The result is cut at the n-th success in the order of candidates: it has the same bytes for
    any number of workers, and however often the run was killed and resumed. A larger n continues the same run.

    Args:
        surface: "100", "110" or "111": label of the half-space that fits an environment best.
        n: how many families with a tethered barrier (status 0) are wanted; failed rows are kept besides.
        potential: "mishin", "emt" or a factory of ASE calculators.
        seed: of the candidates.
        out: file to write.
        resume: continue what is in OUT.parts; otherwise remove it first.
        workers: processes on this machine (joblib); -1 takes every core.
        free: compute the barrier without a tether, too (three times the work).
        tether: force constant, eV/A^2.
        r_mobile: radius around the jump within which atoms move, lattice constants.
        counted: "families" with status 0, or all "environments" computed.
        dask: address of a Dask scheduler that does the work instead.

    Returns:
        `out` as a path.

    Raises:
        ValueError: bad settings, or OUT.parts holds a run with others.
        OSError: a disk is full or not writable; finished chunks are kept.
    """
    compute = PhysicsChunk(potential, tether, free, r_mobile)
    run = GenerationRun(surface, n, Path(out), seed, counted)
    for _ in generate_steps(run, compute, compute.settings(), resume, workers, dask):
        pass
    return run.out


def generate_steps(
    run: GenerationRun,
    compute: ChunkFunction,
    settings: dict[str, Any],
    resume: bool = True,
    workers: int = 1,
    dask: str | None = None,
) -> Iterator[Progress]:
    """The work of `generate`, a snapshot after every chunk; the file is written when the last one has `done`.

    Args:
        run: what to make.
        compute: chunk of occupations -> arrays of as many rows, among them `status`.
        settings: what decides the results of `compute`; JSON values, kept and compared on resuming.
        resume, workers, dask: see `generate`.
    """
    stream = CandidateStream(run.surface, run.seed)  # checks surface and seed before a folder is made
    own = {"surface": run.surface, "seed": run.seed, "chunk": run.chunk, "candidates": SCHEME}
    with Shards(run.parts, {**own, **settings}, resume) as shards:
        chunks = _Chunks(shards, stream, run.chunk)
        chunks.read_finished()
        started, at_start = time.monotonic(), chunks.environments

        def snapshot(done: bool = False) -> Progress:
            seconds = time.monotonic() - started
            rate = (chunks.environments - at_start) / seconds if seconds > 0 else 0.0
            left = chunks.missing(run) / rate if rate > 0 else math.nan
            return Progress(chunks.environments, chunks.successes, run.n, run.counted, rate, left, done)

        yield snapshot()
        while not chunks.reached(run):
            for name, arrays in run_chunks(compute, chunks.plan(run), workers, dask):
                chunks.keep(name, arrays)
                yield snapshot()
        codes, rows = chunks.result(run)
        facts = barrier_provenance(run.surface, {**own, **settings}, f"first {run.n} {run.counted}")
        with shards.keeping(run.out):
            write_barrier_set(run.out, codes, rows, facts)
        yield snapshot(done=True)


class _Chunks:
    """The candidates of a run cut into chunks, and which of them are finished."""

    def __init__(self, shards: Shards, stream: CandidateStream, size: int) -> None:
        self._shards, self._stream, self._size = shards, stream, size
        self._candidates: list[Batch] = []  # one per chunk
        self._status: dict[int, NDArray[np.uint8]] = {}

    @property
    def environments(self) -> int:
        return sum(map(len, self._status.values()))

    @property
    def successes(self) -> int:
        return sum(int((status == 0).sum()) for status in self._status.values())

    def read_finished(self) -> None:
        """Take up what an earlier run has left."""
        while (stored := self._shards.read(f"candidates-{self._stream.batches:05d}")) is not None:
            self._take(Batch(stored["codes"], stored["source"]))
        for number in range(len(self._candidates)):
            if (stored := self._shards.read(_name(number))) is not None:
                self._status[number] = above_both_ends(stored)["status"]

    def keep(self, name: str, arrays: Arrays) -> None:
        number = _number(name)
        wrong = {
            key: len(values) for key, values in arrays.items() if len(values) != len(self._candidates[number].codes)
        }
        if wrong or "status" not in arrays:
            raise ValueError(
                f"a chunk of {len(self._candidates[number].codes)} environments gave {wrong or 'no status'}"
            )
        self._shards.write(name, arrays)
        self._status[number] = above_both_ends(arrays)["status"]

    def reached(self, run: GenerationRun) -> bool:
        """Whether the finished chunks from the first on, without a gap, hold enough."""
        return self._count(run, len(self._finished_prefix())) >= run.n

    def missing(self, run: GenerationRun) -> int:
        """Estimate of the environments still to compute."""
        known = len(self._candidates)
        needed = (number for number in range(self._needed(run)) if number not in self._status)
        return sum(len(self._candidates[number].codes) if number < known else self._size for number in needed)

    def plan(self, run: GenerationRun) -> dict[str, NDArray[np.uint8]]:
        """The next chunks to compute; new candidates are drawn as needed.

        Raises:
            ValueError: hardly any environment has a barrier.
        """
        wanted = self._needed(run)
        if len(self._status) < _PROBE_CHUNKS:
            wanted = min(wanted, _PROBE_CHUNKS)
        while len(self._candidates) < wanted:
            batch = self._stream.draw()
            self._shards.write(f"candidates-{self._stream.batches:05d}", {"codes": batch.codes, "source": batch.source})
            self._take(batch)
        return {
            _name(number): occupations_of(self._candidates[number].codes)
            for number in range(wanted)
            if number not in self._status
        }

    def result(self, run: GenerationRun) -> tuple[NDArray[np.int64], Arrays]:
        """Codes and arrays of the first rows that hold what is wanted."""
        parts: list[Arrays] = []
        for number in self._finished_prefix():
            arrays = self._shards.read(_name(number))
            if arrays is None:
                raise OSError(f"a finished chunk has vanished from {self._shards.folder}; run the same command again")
            batch = self._candidates[number]
            parts.append({"codes": batch.codes, "source": batch.source, **above_both_ends(arrays)})
        rows = joined(parts)
        counts = np.cumsum(rows["status"] == 0) if run.counted == "families" else np.arange(1, len(rows["codes"]) + 1)
        end = int(np.searchsorted(counts, run.n)) + 1
        codes = rows.pop("codes")[:end]
        return codes, {name: values[:end] for name, values in rows.items()}

    def _take(self, batch: Batch) -> None:
        self._stream.add(batch)
        for start in range(0, len(batch.codes), self._size):
            part = slice(start, start + self._size)
            self._candidates.append(Batch(batch.codes[part], batch.source[part]))

    def _finished_prefix(self) -> range:
        return range(next(number for number in range(len(self._status) + 1) if number not in self._status))

    def _needed(self, run: GenerationRun) -> int:
        """How many chunks, from the first on, should hold enough at the success rate seen so far."""
        rate = 1.0
        if run.counted == "families":
            rate = self.successes / self.environments if self._status else _ASSUMED_RATE
            if rate < _LOWEST_RATE:
                raise ValueError(
                    f"only {self.successes} of {self.environments} environments have status 0: check the potential, "
                    "the tether and the mobile radius"
                )
        number, count = 0, 0.0
        while count < run.n:
            if number in self._status:
                count += self._count(run, number + 1, number)
            else:
                size = len(self._candidates[number].codes) if number < len(self._candidates) else self._size
                count += rate * size
            number += 1
        return number

    def _count(self, run: GenerationRun, end: int, start: int = 0) -> int:
        """What the finished chunks start ... end - 1 hold of what is counted."""
        status = [self._status[number] for number in range(start, end)]
        return sum(int((part == 0).sum()) if run.counted == "families" else len(part) for part in status)


def _name(number: int) -> str:
    return f"chunk-{number:06d}"


def _number(name: str) -> int:
    return int(name.removeprefix("chunk-"))
