"""Reading a data file of any known kind, from disk or from memory, chosen by the ending of its name."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePath
from typing import BinaryIO

from rbfcore.data.archive import read_archive
from rbfcore.data.barrier_lists import read_barrier_list
from rbfcore.data.barrier_sets import checked_barrier_arrays, is_barrier_set, learning_rows
from rbfcore.data.columns import MIN_ROWS
from rbfcore.data.dataset import DataSet
from rbfcore.data.npz import read_arrays
from rbfcore.data.tables import arrays_dataset, read_csv, read_parquet

ENDINGS = (".csv", ".parquet", ".npz", ".26d", ".tgz", ".tar.gz")


def read_dataset(
    file: str | Path | BinaryIO,
    filename: str | None = None,
    *,
    target: str | None = None,
    directions: str | None = None,
    surface: str | None = None,
    lattice: str | None = None,
    limit: int | None = None,
) -> DataSet:
    """The data set in a file.

    Args:
        file: a path, or an open binary file that can seek (an upload). It is left open.
        filename: its name when `file` does not tell; the ending chooses the reader: .csv and .parquet
            (inputs, then the response), .npz (x and y, or a barrier set), .26d (26 occupations and a barrier
            a line), .tgz (an archive of those).
        target: tables: name of the response column (default: the last). Barrier sets: "tethered" (default),
            "tethered_pure" or "free".
        directions: barrier sets: "both" (default) or "forward".
        surface: archives: which member, e.g. "100".
        lattice: "fcc26", ...: the inputs must be the occupations of this many sites. Default: recognised.
        limit: read at most this many rows.

    Raises:
        ValueError: the file is missing, empty, of another kind than its name says, or holds something that no
            data set can hold; the message names file, row and column and says what was expected. Or an option
            does not apply to this kind of file.
    """
    if limit is not None and limit < MIN_ROWS:
        raise ValueError(f"limit must be at least {MIN_ROWS} rows, got {limit}")
    with _opened(file) as stream:
        label = filename or str(getattr(stream, "name", "") or "")
        label = PurePath(label).name
        ending = next((ending for ending in ENDINGS if label.lower().endswith(ending)), None)
        if ending is None:
            raise ValueError(
                f"{label or 'a file without a name'}: unknown kind of data file; its name must end in "
                f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
            )
        if not stream.read(1):
            raise ValueError(f"{label}: the file is empty")
        stream.seek(0)
        sha256 = _sha256(stream)
        stream.seek(0)
        if ending in (".csv", ".parquet"):
            _refuse(label, "a table", directions=directions, surface=surface)
            read = read_csv if ending == ".csv" else read_parquet
            dataset = read(stream, label, target, lattice, limit)
        elif ending == ".npz":
            _refuse(label, "an .npz file", surface=surface)
            dataset = _read_npz(stream, label, target, directions, lattice, limit)
        else:
            _refuse(label, "a barrier list", target=target, directions=directions)
            if lattice not in (None, "fcc26"):
                raise ValueError(f"{label}: lattice={lattice!r}, but barrier lists hold the 26 sites of fcc26")
            if ending == ".26d":
                _refuse(label, "a single barrier list", surface=surface)
                dataset = read_barrier_list(stream, label, limit)
            else:
                dataset = read_archive(stream, label, sha256, surface, limit)
    return replace(dataset, provenance={"file": label, "sha256": sha256} | dataset.provenance)


def _read_npz(
    file: BinaryIO,
    label: str,
    target: str | None,
    directions: str | None,
    lattice: str | None,
    limit: int | None,
) -> DataSet:
    arrays = read_arrays(file, label)
    if is_barrier_set(set(arrays)):
        _refuse(label, "a barrier set (its sites are fcc26)", lattice=None if lattice == "fcc26" else lattice)
        checked = checked_barrier_arrays(arrays, label)
        stem = label.rsplit(".", 1)[0]
        return learning_rows(checked, stem, label, target or "tethered", directions or "both", limit)
    _refuse(label, "a table x, y", target=target, directions=directions)
    return arrays_dataset(arrays, label, lattice, limit)


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


@contextmanager
def _opened(file: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    """The file itself, at its start, or the opened path."""
    if not isinstance(file, str | Path):
        file.seek(0)
        yield file
        return
    path = Path(file)
    if not path.is_file():
        raise ValueError(f"no data file at {path}" + (": it is a folder" if path.is_dir() else ""))
    with open(path, "rb") as stream:
        yield stream


def _refuse(label: str, kind: str, **options: str | None) -> None:
    for option, value in options.items():
        if value is not None:
            raise ValueError(f"{label}: {option}={value!r} does not apply to {kind}")
