"""Uploaded files: which kind they are, and reading them onto the shelf. They are data and never unpickled."""

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from dashboard.shelf.archive import read_archive
from dashboard.shelf.shelf import Shelf
from rbfcore.data.readers import ENDINGS, read_dataset
from rbfcore.lattice.named import lattices_of
from rbfcore.lattice.of_network import own_lattice
from rbfcore.storage.networks import read_parameters

NETWORK_ENDINGS = (".safetensors", ".pt", ".pth")


@dataclass(frozen=True)
class ReadingOptions:
    """What a file may not say itself: response, lattice of the inputs, member of an archive, how many rows."""

    target: str | None = None
    lattice: str | None = None
    surface: str | None = None
    limit: int | None = None


def read_upload(file: BinaryIO, filename: str, options: ReadingOptions, shelf: Shelf) -> str:
    """Read a data set, a network, a lattice or a whole archive onto the shelf.

    Returns:
        One line that says what it is.

    Raises:
        ValueError: unknown kind, or a file that does not hold what its name says.
    """
    ending = PurePath(filename).suffix.lower()
    if ending == ".zip":
        return read_archive(file, filename, shelf)
    if ending == ".json":
        return _read_lattice(file, filename, shelf)
    if ending in NETWORK_ENDINGS:
        return _read_network(file, filename, ending, shelf)
    if not filename.lower().endswith(ENDINGS):
        raise ValueError(
            f"{filename}: unknown kind of file; expected data ending in {', '.join(ENDINGS)}, "
            f"a network ending in {', '.join(NETWORK_ENDINGS)}, a lattice as .json or an archive of a shelf as .zip"
        )
    data = read_dataset(file, filename, **asdict(options))
    name = shelf.add_dataset(PurePath(filename).name.split(".")[0], data)
    kind = "occupations" if data.coding == "occupation" else "real inputs"
    lattice = f" of the lattice {data.lattice}" if data.lattice else ""
    return f"data set {name}: {len(data):,} rows, {data.n_inputs} {kind}{lattice}"


def _read_network(file: BinaryIO, filename: str, ending: str, shelf: Shelf) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{PurePath(filename).stem}{ending}"
        path.write_bytes(file.read())
        network = read_parameters(path)
    name = shelf.add_network(PurePath(filename).stem, network)
    fitting = lattices_of(network.n_inputs) if network.card.lattice is None else []
    ask = f"; are they the sites of {' or '.join(fitting)}? Say so under Edit" if fitting else ""
    return f"network {name}: {network.n_centroids} centroids, {network.n_inputs} inputs{ask}"


def _read_lattice(file: BinaryIO, filename: str, shelf: Shelf) -> str:
    description = own_lattice(file.read(), filename)
    name = shelf.add_lattice(str(description.get("name") or PurePath(filename).stem), description)
    return f"lattice {name}: {len(description['positions'])} sites; networks that name it are drawn on it"
