"""Reading the published archive end to end: an archive of its form, generated on the fly, then streamed back."""

import io
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

# Rows of the published lists by surface; their contents are not ours to ship, so the rows here are random.
PUBLISHED_ROWS = {"100": 1_139_281, "110": 1_495_159, "111": 9_017_645}
_FOLDER = "Cu_ANN_processed/barriers/Cu_20170906_"
_SITES, _DECIMALS = 26, 6
_COMMENT = b"# 26 sites, barrier (eV)\n"
_LINE = 2 * _SITES + 2 + _DECIMALS + 1  # "0 1 ... 1 0.123456\n"
_BLOCK_ROWS = 1 << 16

# Reads one list in a fresh process, so that its peak memory is its own: rows, seconds, processor seconds, GB, mean
# barrier. Linux counts the memory of the process that started this one into ru_maxrss, but not into VmHWM.
_READER = """
import pathlib, re, resource, sys, time
from rbfcore.data.load import load_dataset
started = time.perf_counter()
data = load_dataset(sys.argv[1], surface=sys.argv[2])
seconds = time.perf_counter() - started
status = pathlib.Path("/proc/self/status")
own = re.search(r"VmHWM:\\s*(\\d+)", status.read_text()) if status.exists() else None
peak = int(own[1]) if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(data), seconds, time.process_time(), peak / 2**20, data.y.mean())
"""


def rows() -> Iterator[dict[str, Any]]:
    """One row for writing the archive and one per surface for reading it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Cu_ANN_processed.tgz"
        started = time.perf_counter()
        means = write_archive(path, PUBLISHED_ROWS)
        yield {
            "archive": "written",
            "rows": sum(PUBLISHED_ROWS.values()),
            "gb": path.stat().st_size / 1e9,
            "seconds": time.perf_counter() - started,
            "writer_peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        }
        for surface, expected in PUBLISHED_ROWS.items():
            yield {"archive": surface, **read_back(path, surface, expected, means[surface])}


def write_archive(path: Path, n_rows: dict[str, int], seed: int = 0) -> dict[str, float]:
    """An archive of barrier lists, one block of lines in memory at a time.

    Args:
        path: of the .tgz to write.
        n_rows: surface -> number of lines.

    Returns:
        Surface -> mean of the barriers written, to check what is read.
    """
    random, means = np.random.default_rng(seed), {}
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for surface, count in n_rows.items():
            member = tarfile.TarInfo(f"{_FOLDER}{surface}.26d")
            member.size = len(_COMMENT) + count * _LINE  # lines of one length: the size is known before the content
            lines = _Lines(random, count)
            archive.addfile(member, lines)
            means[surface] = lines.total / count
    return means


def read_back(path: Path, surface: str, n_rows: int, mean: float) -> dict[str, Any]:
    """Read one list in a process of its own.

    Returns:
        rows, seconds, rows_per_second, cpu_seconds (with the imports, about two) and peak_gb.

    Raises:
        ValueError: the reader failed, or read other rows than were written.
    """
    done = subprocess.run(
        [sys.executable, "-c", _READER, str(path), surface], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ValueError(f"reading {surface} from {path} failed: {done.stderr.strip().splitlines()[-1]}")
    rows_read, seconds, cpu, peak, mean_read = (float(word) for word in done.stdout.split())
    if int(rows_read) != n_rows or abs(mean_read - mean) > 1e-9:
        raise ValueError(
            f"read {rows_read:.0f} rows of mean {mean_read:.9f} for {surface}, "
            f"but {n_rows} of mean {mean:.9f} were written"
        )
    return {
        "rows": n_rows,
        "seconds": seconds,
        "rows_per_second": n_rows / seconds,
        "cpu_seconds": cpu,
        "peak_gb": peak,
    }


class _Lines(io.RawIOBase):
    """The text of a list as a stream of made-up lines.

    Attributes:
        total: sum of the barriers made so far.
    """

    def __init__(self, random: np.random.Generator, n_rows: int) -> None:
        self._random, self._left, self._rest = random, n_rows, _COMMENT
        self.total = 0.0

    def read(self, size: int = -1) -> bytes:
        """The next bytes; fewer than `size` at the end only."""
        blocks = [self._rest]
        have = len(self._rest)
        while self._left and (size < 0 or have < size):
            count = min(_BLOCK_ROWS, self._left)
            blocks.append(self._block(count))
            have += len(blocks[-1])
            self._left -= count
        text = b"".join(blocks)
        size = len(text) if size < 0 else size
        self._rest = text[size:]
        return text[:size]

    def _block(self, count: int) -> bytes:
        lines = np.full((count, _LINE), ord(" "), dtype=np.uint8)
        lines[:, : 2 * _SITES : 2] = self._random.integers(0, 2, (count, _SITES), dtype=np.uint8) + ord("0")
        barriers = self._random.integers(0, 10**_DECIMALS, count)
        self.total += float(barriers.sum()) / 10**_DECIMALS
        first = 2 * _SITES
        lines[:, first], lines[:, first + 1], lines[:, -1] = ord("0"), ord("."), ord("\n")
        for digit in range(_DECIMALS):
            lines[:, first + 2 + digit] = barriers // 10 ** (_DECIMALS - 1 - digit) % 10 + ord("0")
        return lines.tobytes()
