"""General tables: csv, parquet, and npz with the arrays x and y."""

import csv
import io
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rbfcore.data.columns import dataset_from_columns
from rbfcore.data.dataset import DataSet
from rbfcore.data.npz import provenance_of

BARRIER_COLUMN = "barrier_eV"  # the response of a table whose unit is eV
FAMILY_COLUMN = "family"  # rows that a split must not separate
PROVENANCE_KEY = "rbfscope"


def read_csv(
    file: BinaryIO,
    filename: str,
    target: str | None = None,
    lattice: str | None = None,
    limit: int | None = None,
) -> DataSet:
    """A table with commas, semicolons or tabs between the cells, with or without a line of names.

    Args:
        file: bytes, utf-8.
        filename: what to call it in messages; its stem names the data set.
        target: name of the response; by default the last column. All others are inputs, but for one named
            "family".
        lattice: what the inputs must be, see `dataset_from_columns`.
        limit: at most this many rows.

    Raises:
        ValueError: see `dataset_from_columns`; also cells that are not numbers, doubled or missing names,
            lines of different length.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        first = text.readline()
        separator = max(",;\t", key=first.count)
        cells = [cell.strip() for cell in next(csv.reader([first], delimiter=separator), [])]
        named = not all(_is_number(cell) for cell in cells)
        if not named:
            text.seek(0)
        spare = len(cells)  # one more column than the first line has, to catch longer lines
        table = pd.read_csv(
            text,
            sep=separator,
            header=None,
            names=range(spare + 1),
            index_col=False,
            nrows=limit,
            low_memory=False,
        )
    except pd.errors.ParserError as error:
        raise ValueError(f"{filename}: no table: {_one_line(error)}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{filename}: not utf-8 text, so no csv table ({error})") from error
    finally:
        text.detach()  # the file stays its owner's, open
    if table[spare].notna().any():
        row = int(np.flatnonzero(table[spare].notna())[0])
        raise ValueError(f"{filename}: row {row + 1} has more than {spare} cells, as the first line has")
    return table_dataset(table.drop(columns=spare), cells if named else None, filename, target, lattice)


def read_parquet(
    file: BinaryIO,
    filename: str,
    target: str | None = None,
    lattice: str | None = None,
    limit: int | None = None,
) -> DataSet:
    """A parquet table; arguments and errors as for `read_csv`."""
    import pyarrow

    try:
        table = pd.read_parquet(file, engine="pyarrow")
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise ValueError(
            f"{filename}: not a readable parquet file (truncated, or another format renamed): {_one_line(error)}"
        ) from error
    names = [str(name) for name in table.columns]
    provenance = table.attrs.get(PROVENANCE_KEY)
    return table_dataset(table.iloc[:limit], names, filename, target, lattice, provenance)


def table_dataset(
    table: pd.DataFrame,
    names: list[str] | None,
    filename: str,
    target: str | None = None,
    lattice: str | None = None,
    provenance: dict[str, Any] | None = None,
) -> DataSet:
    """The data set of a table whose columns carry these names, or none. See `read_csv`."""
    labels = names or [str(number + 1) for number in range(table.shape[1])]
    doubled = sorted({label for label in labels if labels.count(label) > 1})
    if doubled or "" in labels:
        what = f"the column name {doubled[0]!r} occurs twice" if doubled and doubled[0] else "a column has no name"
        raise ValueError(f"{filename}: {what}; expected a different name for every column")
    inputs = [column for column, label in enumerate(labels) if label != FAMILY_COLUMN]
    if len(inputs) < 2:
        raise ValueError(f"{filename}: columns {labels}; expected at least one input and the response")
    if target is not None and target not in labels:
        raise ValueError(f"{filename}: no column {target!r}; its columns are {', '.join(labels)}")
    response = inputs[-1] if target is None else labels.index(target)
    inputs = [column for column in inputs if column != response]
    values = np.column_stack([_numbers(table.iloc[:, c], labels[c], filename) for c in [*inputs, response]])
    family = None
    if FAMILY_COLUMN in labels and response != labels.index(FAMILY_COLUMN):
        family = _numbers(table.iloc[:, labels.index(FAMILY_COLUMN)], FAMILY_COLUMN, filename)
    return dataset_from_columns(
        values[:, :-1],
        values[:, -1],
        tuple(labels[column] for column in inputs) if names else None,
        name=filename.rsplit(".", 1)[0],
        filename=filename,
        lattice=lattice,
        unit="eV" if labels[response].endswith("_eV") else "",
        family=family,
        provenance={"response": labels[response]} | (provenance or {}),
    )


def arrays_dataset(
    arrays: dict[str, NDArray[Any]], filename: str, lattice: str | None = None, limit: int | None = None
) -> DataSet:
    """The data set of an npz file with x (N, D), y (N,) and, if given, site_names, family, unit, provenance.

    Raises:
        ValueError: x or y is missing or holds no numbers; see `dataset_from_columns`.
    """
    for name in ("x", "y"):
        if name not in arrays:
            raise ValueError(
                f"{filename}: no array {name!r}, only {', '.join(sorted(arrays)) or 'nothing'}; expected "
                "x (N, D) and y (N,), or a barrier set with occupations and barrier_tethered"
            )
        if arrays[name].dtype.kind not in "biuf":
            raise ValueError(f"{filename}: array {name!r} holds {arrays[name].dtype}, expected numbers")
    names = tuple(str(label) for label in arrays["site_names"].ravel()) if "site_names" in arrays else None
    x = arrays["x"]
    if names is not None and (x.ndim != 2 or len(names) != x.shape[1]):
        raise ValueError(f"{filename}: {len(names)} site_names for x {x.shape}; expected one name per column")
    return dataset_from_columns(
        x[:limit].astype(np.float64) if x.dtype.kind == "f" else x[:limit].astype(np.int64),
        arrays["y"][:limit],
        names,
        name=filename.rsplit(".", 1)[0],
        filename=filename,
        lattice=lattice,
        unit=str(arrays["unit"]) if "unit" in arrays else "",
        family=arrays["family"][:limit] if "family" in arrays else None,
        provenance=provenance_of(arrays, filename),
    )


def _numbers(column: pd.Series, label: str, filename: str) -> NDArray[np.float64]:
    numbers = pd.to_numeric(column, errors="coerce")
    wrong = np.flatnonzero(numbers.isna())
    if len(wrong):
        cell = column.iloc[int(wrong[0])]
        what = "is empty or NaN" if pd.isna(cell) else f"holds {str(cell)[:40]!r}"
        raise ValueError(f"{filename}: row {wrong[0] + 1}, column {label!r} {what}; expected a number")
    return numbers.to_numpy(dtype=np.float64)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
