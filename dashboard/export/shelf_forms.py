"""What else lies on a visitor's shelf, as files that the program reads again: data sets, and lattices of one's own."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.export.formats import Form, register
from rbfcore.data.dataset import DataSet


@dataclass(frozen=True, eq=False)
class StoredData:
    """A data set under the name that it has on the shelf."""

    name: str
    data: DataSet


@dataclass(frozen=True, eq=False)
class StoredLattice:
    """A lattice under its name: the description that `rbfcore.lattice.of_network.own_lattice` reads."""

    name: str
    description: Mapping[str, Any]


def _npz(stored: StoredData) -> bytes:
    from rbfcore.data.write import write_dataset

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.npz"
        write_dataset(stored.data, path)
        return path.read_bytes()


DATA_FILE = Form(
    name="npz",
    subject=StoredData,
    label="Data set",
    ending=".npz",
    meaning="the data set itself",
    write=_npz,
    on_command_line=False,
)
LATTICE_FILE = Form(
    name="json",
    subject=StoredLattice,
    label="Lattice",
    ending=".json",
    meaning="positions of the sites",
    write=lambda stored: json.dumps(stored.description) + "\n",
    on_command_line=False,
)
register(DATA_FILE, LATTICE_FILE)
