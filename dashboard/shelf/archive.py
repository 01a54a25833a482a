"""A whole shelf as one zip file, and back: networks as safetensors, data as npz, lattices as json."""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from dashboard.export.prototype_forms import NETWORK_FILE, Prototypes
from dashboard.export.shelf_forms import DATA_FILE, LATTICE_FILE, StoredData, StoredLattice
from dashboard.shelf.shelf import Shelf
from rbfcore.data.load import load_dataset
from rbfcore.lattice.of_network import own_lattice
from rbfcore.storage.networks import read_parameters
from rbfcore.storage.run_card import versions

FORMAT = 1
MOST_BYTES = 2 * 1024**3  # unpacked; more is refused before anything is read
MOST_FILES = 400
_KINDS = {"networks": NETWORK_FILE.ending, "datasets": DATA_FILE.ending, "lattices": LATTICE_FILE.ending}


def shelf_archive(shelf: Shelf) -> bytes:
    """Everything on the shelf as a zip file, with a manifest of names, fingerprints and versions."""
    networks, datasets, lattices = shelf.networks(), shelf.datasets(), shelf.lattices()
    manifest = {
        "format": FORMAT,
        "versions": versions(),
        "networks": {name: network.fingerprint() for name, network in networks.items()},
        "datasets": {name: data.fingerprint() for name, data in datasets.items()},
        "lattices": sorted(lattices),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest, indent=1) + "\n")
        for name, network in networks.items():
            stored = Prototypes(name, network)
            archive.writestr(f"networks/{NETWORK_FILE.file_name(stored)}", NETWORK_FILE.content(stored))
        for name, data in datasets.items():
            rows = StoredData(name, data)
            content = DATA_FILE.content(rows)
            archive.writestr(f"datasets/{DATA_FILE.file_name(rows)}", content, compress_type=zipfile.ZIP_STORED)
        for name, description in lattices.items():
            lattice = StoredLattice(name, description)
            archive.writestr(f"lattices/{LATTICE_FILE.file_name(lattice)}", LATTICE_FILE.content(lattice))
    return buffer.getvalue()


def read_archive(file: BinaryIO, filename: str, shelf: Shelf) -> str:
    """Take such an archive in: all of it, or nothing when a part of it is not what it should be.

    Returns:
        One line that says what came.

    Raises:
        ValueError: not a zip file of this program, too large, or a member that cannot be read.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = _checked_members(archive, filename)
            manifest = _manifest(archive, filename)
            taken = list(_read_members(archive, members))
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise ValueError(f"{filename} is not a whole zip archive ({error}): download it again") from error
    for kind, name, value in taken:
        told = manifest.get(kind, {})
        if kind != "lattices" and isinstance(told, dict) and told.get(name, value.fingerprint()) != value.fingerprint():
            raise ValueError(f"{filename}: {kind[:-1]} {name} is not the one its manifest names; nothing was taken in")
    add: dict[str, Callable[[str, Any], str]] = {
        "networks": shelf.add_network,
        "datasets": shelf.add_dataset,
        "lattices": shelf.add_lattice,
    }
    for kind, name, value in taken:
        add[kind](name, value)
    counts = {kind: sum(1 for k, _, _ in taken if k == kind) for kind in _KINDS}
    return f"{filename}: " + ", ".join(f"{count} {_WORDS[kind]}" for kind, count in counts.items() if count)


_WORDS = {"networks": "networks", "datasets": "data sets", "lattices": "lattices"}


def _checked_members(archive: zipfile.ZipFile, filename: str) -> list[tuple[str, str, zipfile.ZipInfo]]:
    members = []
    if len(archive.infolist()) > MOST_FILES or sum(info.file_size for info in archive.infolist()) > MOST_BYTES:
        raise ValueError(f"{filename} holds more than {MOST_FILES} files or {MOST_BYTES // 1024**3} GiB: refused")
    for info in archive.infolist():
        path = PurePosixPath(info.filename)
        kind = path.parts[0] if len(path.parts) == 2 else ""
        if kind in _KINDS and path.suffix == _KINDS[kind]:
            members.append((kind, path.stem, info))
    return members


def _manifest(archive: zipfile.ZipFile, filename: str) -> dict[str, object]:
    try:
        manifest = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError) as error:
        raise ValueError(f"{filename} is no archive of this program: it has no readable manifest.json") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ValueError(f"{filename} is an archive of another format, expected format {FORMAT}")
    return manifest


def _read_members(
    archive: zipfile.ZipFile, members: list[tuple[str, str, zipfile.ZipInfo]]
) -> Iterator[tuple[str, str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        for number, (kind, name, info) in enumerate(members):
            content = archive.read(info)
            if kind == "networks":
                path = Path(folder) / f"{number}.safetensors"
                path.write_bytes(content)
                yield kind, name, read_parameters(path)
            elif kind == "datasets":
                yield kind, name, load_dataset(io.BytesIO(content), name=f"{name}.npz")
            else:
                yield kind, name, own_lattice(content, info.filename)
