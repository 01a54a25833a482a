"""Barrier lists, the .26d text format: 26 occupations and a barrier a line, by the million."""

import csv
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rbfcore.data.columns import MIN_ROWS
from rbfcore.data.dataset import DataSet
from rbfcore.lattice.codes import families, rows_of
from rbfcore.lattice.named import lattice_environment

N_SITES = 26
_LATTICE = "fcc26"
_BLOCK_BYTES = 8 << 20
_LONGEST_LINE = 1 << 20
_BLOCK_ROWS = 1 << 16


def read_barrier_list(
    file: IO[bytes], filename: str, limit: int | None = None, provenance: dict[str, Any] | None = None
) -> DataSet:
    """Lines of 26 zeros and ones (or -1 and +1), then the barrier in eV; '#' starts a comment.

    Rows are kept as one integer each while the text streams by, so 9 million of them need 1.4 GB at most,
    nearly all of it the float32 inputs themselves.

    Args:
        file: bytes; only read forwards.
        filename: what to call it in messages.
        limit: stop after this many rows.

    Raises:
        ValueError: a line has not 27 numbers, an occupation is something else, the two codings are mixed, a
            barrier is not finite, or there are fewer than three rows.
    """
    codes: list[NDArray[np.int32]] = []
    barriers: list[NDArray[np.float64]] = []
    coding, line, n_rows = "", 1, 0
    for block in _whole_lines(file):
        rows = _rows(block, coding)
        if rows is None:
            raise ValueError(f"{filename}: {_first_mistake(block, line, coding)}")
        coding = rows.coding
        codes.append(rows.codes)
        barriers.append(rows.barriers)
        line += block.count(b"\n")
        n_rows += len(rows.codes)
        if limit is not None and n_rows >= limit:
            break
    if min(n_rows, n_rows if limit is None else limit) < MIN_ROWS:
        raise ValueError(
            f"{filename}: {n_rows} rows; expected at least {MIN_ROWS} lines of {N_SITES} occupations and a barrier"
        )
    code, y = np.concatenate(codes)[:limit].astype(np.int64), np.concatenate(barriers)[:limit]
    return DataSet(
        filename.rsplit("/", 1)[-1].removesuffix(".26d"),
        _signs(code),
        y,
        lattice_environment(_LATTICE).names,
        "occupation",
        "eV",
        families(code, _LATTICE),
        _LATTICE,
        {"file": filename, "coding_in_file": coding or "0/1"} | (provenance or {}),
    )


def _whole_lines(file: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := file.read(_BLOCK_BYTES):
        block = rest + block
        end = block.rfind(b"\n") + 1
        rest = block[end:]
        if end:
            yield block[:end]
        elif len(rest) > _LONGEST_LINE:
            break  # no text of lines: let the reader complain about the first
    if rest:
        yield rest


@dataclass(frozen=True, eq=False)
class _Rows:
    """Lines read: (n,) codes of the occupations, (n,) barriers, and "0/1", "-1/+1" or still ""."""

    codes: NDArray[np.int32]
    barriers: NDArray[np.float64]
    coding: str


def _rows(block: bytes, coding: str) -> _Rows | None:
    """The rows of these lines, or None when one is not 26 occupations of this coding and a barrier."""
    table = _table(block)
    if table is None or table[N_SITES + 1].notna().any():
        return None
    codes = np.zeros(len(table), dtype=np.int32)
    for site in range(N_SITES):
        column = table[site].to_numpy()
        filled = column == 1
        if not filled.all():
            coding = coding or ("-1/+1" if (column == -1).any() else "0/1")
            if not (filled | (column == (0 if coding == "0/1" else -1))).all():
                return None
        codes |= filled.astype(np.int32) << site
    barriers = table[N_SITES].to_numpy()
    return _Rows(codes, barriers, coding) if np.isfinite(barriers).all() else None


def _table(block: bytes) -> pd.DataFrame | None:
    """28 columns of the lines, the last one empty, or None when they are not numbers."""
    comment = "#" if b"#" in block else None
    block = block.replace(b"\t", b" ").replace(b"\r", b"")
    # One space between numbers is the usual case, and pandas reads it twice as fast as runs of whitespace.
    single = not (b"  " in block or b" \n" in block or b"\n " in block or block.startswith(b" "))
    for occupation in (np.int64, np.float64):  # whole numbers are the usual case, 1.0 is allowed
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", pd.errors.ParserWarning)
                return pd.read_csv(
                    io.BytesIO(block),
                    sep=" " if single and comment is None else r"\s+",
                    comment=comment,
                    header=None,
                    names=range(N_SITES + 2),  # one more, to catch longer lines
                    index_col=False,
                    dtype=dict.fromkeys(range(N_SITES), occupation) | dict.fromkeys((N_SITES, N_SITES + 1), np.float64),
                    quoting=csv.QUOTE_NONE,
                )
        except pd.errors.EmptyDataError:
            return pd.DataFrame(np.empty((0, N_SITES + 2)))
        except (ValueError, OverflowError, pd.errors.ParserWarning):
            continue
    return None


def _signs(codes: NDArray[np.int64]) -> NDArray[np.float32]:
    """(N,) codes -> (N, 26) of -1 and +1, thirteen sites at a time from a table."""
    half = N_SITES // 2
    table = rows_of(np.arange(1 << half), half).astype(np.float32) * 2 - 1
    x = np.empty((len(codes), N_SITES), dtype=np.float32)
    for start in range(0, len(codes), _BLOCK_ROWS):
        block = codes[start : start + _BLOCK_ROWS]
        x[start : start + _BLOCK_ROWS, :half] = table[block & (len(table) - 1)]
        x[start : start + _BLOCK_ROWS, half:] = table[block >> half]
    return x


def _first_mistake(block: bytes, first_line: int, coding: str) -> str:
    """What is wrong in the first line that cannot be read, in words."""
    lines = block.split(b"\n")
    for number, text in enumerate(lines, first_line):
        words = text.split(b"#")[0].decode("ascii", "replace").split()
        if not words:
            continue
        if len(words) != N_SITES + 1:
            cut = " (is the file cut off?)" if number == first_line + len(lines) - 1 else ""
            return (
                f"line {number} has {len(words)} columns; expected {N_SITES} occupations and the barrier, "
                f"{N_SITES + 1} in all{cut}"
            )
        for column, word in enumerate(words, 1):
            try:
                value = float(word)
            except ValueError:
                value = np.nan
            if column > N_SITES:
                if not np.isfinite(value):
                    return f"line {number}: the barrier is {word[:40]!r}; expected a finite number in eV"
            elif value not in (-1, 0, 1) or (value == 0 and coding == "-1/+1") or (value == -1 and coding == "0/1"):
                allowed = f"{coding}, as in the lines before" if coding else "0/1 or -1/+1"
                return f"line {number}, site {column} holds {word[:40]!r}; expected {allowed}"
            elif value != 1:
                coding = "0/1" if value == 0 else "-1/+1"
    return f"lines {first_line} to {first_line + len(lines) - 1} are not rows of numbers"
