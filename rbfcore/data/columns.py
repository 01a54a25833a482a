"""From numbers and column names to a data set: which coding, which lattice, what is wrong where."""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.data.dataset import Coding, DataSet
from rbfcore.lattice.codes import families, site_codes
from rbfcore.lattice.named import LATTICES, lattice_environment

MIN_ROWS = 3  # a split needs a row to train on, one to stop by and one to test on
_OCCUPATION_SHARE = 0.9
_USUAL, _USUAL_SITES = "fcc26", 26
# A convention of this file format, older than names: columns 1 ... N of these numbers are the sites of these lattices.
# Others, some with the same number of sites, are named by whoever reads the file.
_SITES = {18: "fcc18", 26: _USUAL, 58: "fcc58", 14: "bcc14", 20: "bcc20", 38: "bcc38"}


def dataset_from_columns(
    x: NDArray[Any],
    y: NDArray[Any],
    names: tuple[str, ...] | None,
    *,
    name: str,
    filename: str,
    lattice: str | None = None,
    unit: str = "",
    family: NDArray[Any] | None = None,
    provenance: dict[str, Any] | None = None,
) -> DataSet:
    """A checked data set of these columns, 0/1 and -1/+1 recognised as occupations.

    Columns called hcp-basal26:1, hcp-basal26:2, ... name their lattice. Columns called 1, 2, ... or site1, site2, ...
    that hold occupations and are as many as an FCC or BCC lattice has sites are that lattice's sites. 26 columns of
    occupations are also the usual 26 sites when they are numbered with any other prefix, or have no names. All else is
    a table without a lattice, unless `lattice` says so.

    Args:
        x: (N, D) numbers. y: (N,) numbers.
        names: (D,) names of the inputs, or None when the file gives none.
        name: name of the data set. filename: what to call the file in messages.
        lattice: a name of `rbfcore.lattice.LATTICES` that the columns must fit, or None to recognise it.
        family: (N,) families given by the file; known lattices make their own.

    Raises:
        ValueError: too few rows, a value that is not finite, values other than occupations on a lattice, or
            another number of columns than the lattice has sites.
    """
    if x.ndim != 2 or y.shape != x.shape[:1]:
        raise ValueError(f"{filename}: expected x (N, D) and y (N,), got {x.shape} and {y.shape}")
    if len(x) < MIN_ROWS or x.shape[1] == 0:
        raise ValueError(
            f"{filename}: {len(x)} rows of {x.shape[1]} inputs; expected at least {MIN_ROWS} rows and one input"
        )
    labels = names or tuple(f"x{column + 1}" for column in range(x.shape[1]))
    _refuse_not_finite(x, y, labels, filename)
    coding = coding_of(x)
    lattice_name = _lattice_of(names, x, coding, filename) if lattice is None else lattice
    if lattice_name is not None:
        sites = lattice_environment(lattice_name)
        if x.shape[1] != sites.n_sites:
            raise ValueError(
                f"{filename}: {x.shape[1]} input columns; the lattice {lattice_name} has {sites.n_sites} sites, "
                "one column each"
            )
        if coding == "real":
            raise ValueError(f"{filename}: {_not_an_occupation(x, labels)}")
        labels = sites.names
    if coding == "real":
        with np.errstate(over="ignore"):
            values = x.astype(np.float32)
        _refuse_not_finite(values, y, labels, filename)
    else:
        values = np.where(x > 0, np.float32(1), np.float32(-1))
    numbers = _family_numbers(family, len(x), filename)
    if lattice_name is not None:
        numbers = families(site_codes(x > 0), lattice_name)
    kind: Coding = "real" if coding == "real" else "occupation"
    described = {"file": filename, "coding_in_file": coding} | (provenance or {})
    return DataSet(name, values, y.astype(np.float64), labels, kind, unit, numbers, lattice_name, described)


def column_names(names: tuple[str, ...], lattice: str | None) -> list[str]:
    """What to call the columns of a file, so that reading finds the same lattice: "hcp-basal26:1" where a number alone
    would mean another one."""
    if lattice is None or lattice in _SITES.values():
        return list(names)
    return [f"{lattice}:{name}" for name in names]


def coding_of(x: NDArray[Any]) -> str:
    """ "0/1" or "-1/+1" when every value is one of the two, else "real". All ones count as 0/1."""
    if ((x == 0) | (x == 1)).all():
        return "0/1"
    return "-1/+1" if (np.abs(x) == 1).all() else "real"


def _lattice_of(names: tuple[str, ...] | None, x: NDArray[Any], coding: str, filename: str) -> str | None:
    """The lattice whose sites these columns are, judged by their names and values."""
    n_inputs = x.shape[1]
    if names is not None and len(said := {name.rpartition(":")[0] for name in names}) == 1 and said <= LATTICES.keys():
        return said.pop()
    if names is None:
        return _USUAL if coding != "real" and n_inputs == _USUAL_SITES else None
    matches = [re.fullmatch(r"(\D*)0*([1-9]\d*)", name) for name in names]
    numbers = [int(match[2]) if match else 0 for match in matches]
    prefixes = {match[1].strip(" _-").lower() for match in matches if match}
    if numbers != list(range(1, n_inputs + 1)) or len(prefixes) != 1:
        return None
    if not prefixes <= {"", "site"}:
        return _USUAL if coding != "real" and n_inputs == _USUAL_SITES else None
    # A few other values among occupations are mistakes to name, not a table of real numbers.
    if np.isin(x, (-1, 0, 1)).mean() < _OCCUPATION_SHARE:
        return None
    if n_inputs in _SITES:
        return _SITES[n_inputs]
    if coding != "real" and n_inputs > min(_SITES):
        raise ValueError(
            f"{filename}: columns 1 to {n_inputs} look like lattice sites, but lattices have "
            f"{', '.join(map(str, sorted(_SITES)))} sites (26: the usual one); is a column "
            "missing or too many? If they are no sites, give the columns other names"
        )
    return None


def _not_an_occupation(x: NDArray[Any], labels: tuple[str, ...]) -> str:
    allowed = (-1, 1) if (x == -1).any() and not (x == 0).any() else (0, 1)
    row, column = np.argwhere(~np.isin(x, allowed))[0]
    return (
        f"row {row + 1}, column {labels[column]!r} holds {x[row, column]:g}; expected occupations, all 0/1 or all -1/+1"
    )


def _family_numbers(family: NDArray[Any] | None, n_rows: int, filename: str) -> NDArray[np.int64] | None:
    if family is None:
        return None
    if family.shape != (n_rows,) or family.dtype.kind not in "biuf":
        raise ValueError(f"{filename}: family must be ({n_rows},) whole numbers, one per row, got {family.shape}")
    wrong = np.flatnonzero(family != np.rint(family))
    if len(wrong):
        row = wrong[0]
        raise ValueError(f"{filename}: row {row + 1}, column 'family' holds {family[row]:g}; expected a whole number")
    return family.astype(np.int64)


def _refuse_not_finite(x: NDArray[Any], y: NDArray[Any], labels: tuple[str, ...], filename: str) -> None:
    for values, columns in ((x, labels), (y[:, None], ("the response",))):
        wrong = ~np.isfinite(values.astype(np.float64, copy=False))
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            raise ValueError(
                f"{filename}: row {row + 1}, column {columns[column]!r} is {values[row, column]}; "
                "expected a finite number in every cell"
            )
