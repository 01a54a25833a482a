"""Writing a data set as csv, parquet or npz, so that reading it back gives the same rows."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rbfcore.data.columns import column_names
from rbfcore.data.dataset import DataSet
from rbfcore.data.tables import BARRIER_COLUMN, FAMILY_COLUMN, PROVENANCE_KEY
from rbfcore.storage.files import replacing

WRITTEN_ENDINGS = (".csv", ".parquet", ".npz")


def write_dataset(data: DataSet, path: str | Path) -> None:
    """Write a data set in the format of the path's ending.

    Occupations are written as 0 and 1. csv keeps the numbers and names, families only where no lattice can
    restore them; parquet and npz keep the provenance too.

    Raises:
        ValueError: another ending, a missing folder, or a column name that would collide with the response.
    """
    path = Path(path)
    if path.suffix.lower() not in WRITTEN_ENDINGS:
        raise ValueError(f"cannot write {path.name!r}: its name must end in {', '.join(WRITTEN_ENDINGS)}")
    with replacing(path) as temporary:
        if path.suffix.lower() == ".npz":
            # Through an open file: numpy adds .npz to names that do not end in it.
            with open(temporary, "wb") as file:
                np.savez_compressed(file, allow_pickle=False, **_arrays(data))
        elif path.suffix.lower() == ".csv":
            _table(data).to_csv(temporary, index=False, lineterminator="\n")
        else:
            table = _table(data)
            table.attrs[PROVENANCE_KEY] = data.provenance
            table.to_parquet(temporary, index=False, engine="pyarrow")


def _inputs(data: DataSet) -> np.ndarray[Any, Any]:
    return (data.x > 0).astype(np.int8) if data.coding == "occupation" else data.x


def _table(data: DataSet) -> pd.DataFrame:
    response = BARRIER_COLUMN if data.unit == "eV" else "y"
    if taken := {response, FAMILY_COLUMN} & set(data.site_names):
        raise ValueError(f"an input is called {', '.join(sorted(taken))}, which tables need for themselves; write .npz")
    table = pd.DataFrame(_inputs(data), columns=column_names(data.site_names, data.lattice))
    if data.family is not None and data.lattice is None:
        table[FAMILY_COLUMN] = data.family
    table[response] = data.y
    return table


def _arrays(data: DataSet) -> dict[str, np.ndarray[Any, Any]]:
    arrays = {
        "x": _inputs(data),
        "y": data.y,
        "site_names": np.array(column_names(data.site_names, data.lattice)),
        "unit": np.array(data.unit),
        "provenance": np.array(json.dumps(data.provenance, sort_keys=True)),
    }
    if data.family is not None and data.lattice is None:
        arrays["family"] = data.family
    return arrays
