"""The shelf as one file: a round trip keeps everything, what is wrong changes nothing."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load

from dashboard.shelf.archive import read_archive, shelf_archive
from dashboard.shelf.shelf import Shelf
from dashboard.shelf.uploads import ReadingOptions, read_upload
from rbfcore.lattice import environment
from rbfcore.lattice.of_network import environment_of
from tests.dashboard.tiny import tiny_data, tiny_network

SITES = {"positions": environment("fcc", 2).positions[::-1].tolist(), "lattice": "fcc", "shells": 2}
OLDER_NETWORKS = {
    "rows-K6": "c989773fed889d4f",
    "rows-K6-M2": "2bfc58fc1c7cbaaa",
    "table-K6": "7421cbd45cd31221",
    "table-K6-M2": "530a8fdc44bf0d98",
    "turned": "6ad7ef7d9bcdd2c0",
}
OLDER_DATASETS = {"rows": "a495342d286aec59", "table": "067addce28bb0c4c"}


@pytest.fixture
def full() -> Shelf:
    shelf = Shelf()
    shelf.add_network("mine", tiny_network(5, rms_gap=0.125, tags=["good"]))
    shelf.add_network("turned", tiny_network(6, lattice="turned26"))
    shelf.add_dataset("rows", tiny_data())
    shelf.add_dataset("table", replace(tiny_data(n_inputs=5), site_names=("a", "b", "c", "d", "e")))
    shelf.add_lattice("turned26", SITES)
    return shelf


def test_round_trip(full: Shelf) -> None:
    content = shelf_archive(full)
    other = Shelf()
    said = read_upload(io.BytesIO(content), "shelf.zip", ReadingOptions(), other)
    assert said == "shelf.zip: 2 networks, 2 data sets, 1 lattices"
    for name, network in full.networks().items():
        assert other.networks()[name].fingerprint() == network.fingerprint()
        assert other.networks()[name].metadata == network.metadata
    for name, data in full.datasets().items():
        assert other.datasets()[name].fingerprint() == data.fingerprint()
        assert other.datasets()[name].lattice == data.lattice
    assert other.lattices() == full.lattices()


def test_members_are_what_other_programs_read(full: Shelf) -> None:
    with zipfile.ZipFile(io.BytesIO(shelf_archive(full))) as archive:
        assert archive.testzip() is None
        tensors = load(archive.read("networks/mine.safetensors"))
        np.testing.assert_array_equal(tensors["centroids"], tiny_network(5).centroids)
        with np.load(io.BytesIO(archive.read("datasets/rows.npz")), allow_pickle=False) as arrays:
            assert arrays["x"].shape == (60, 26)
        assert json.loads(archive.read("manifest.json"))["networks"]["mine"] == tiny_network(5).fingerprint()


def test_networks_are_drawn_on_the_lattice_they_name(full: Shelf) -> None:
    env = environment_of(full.networks()["turned"])
    assert env is not None
    np.testing.assert_allclose(env.positions, environment("fcc", 2).positions[::-1])


def changed(content: bytes, name: str, member: bytes | None) -> bytes:
    """The archive with one member replaced, or left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        if member is not None:
            new.writestr(name, member)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "member", "said"),
    [
        ("manifest.json", None, "no archive of this program"),
        ("manifest.json", b'{"format": 99}', "another format"),
        ("networks/mine.safetensors", b"nonsense", "not a safetensors file"),
        ("datasets/rows.npz", b"nonsense", "rows.npz"),
        ("lattices/turned26.json", b'{"positions": []}', "describes no lattice"),
    ],
)
def test_a_bad_member_and_nothing_is_taken_in(full: Shelf, name: str, member: bytes | None, said: str) -> None:
    other = Shelf()
    with pytest.raises(ValueError, match=said):
        read_archive(io.BytesIO(changed(shelf_archive(full), name, member)), "shelf.zip", other)
    assert len(other) == 0


def test_a_network_that_is_not_the_named_one(full: Shelf) -> None:
    swapped = shelf_archive(full)
    with zipfile.ZipFile(io.BytesIO(swapped)) as archive:
        turned = archive.read("networks/turned.safetensors")
    with pytest.raises(ValueError, match="mine is not the one its manifest names"):
        read_archive(io.BytesIO(changed(swapped, "networks/mine.safetensors", turned)), "shelf.zip", Shelf())


def test_an_archive_of_an_older_program(shelf: Shelf) -> None:
    """Written before run cards had versions, with networks of every kind, a table, and a lattice of one's own."""
    content = (Path(__file__).parent / "older-shelf.zip").read_bytes()
    assert read_archive(io.BytesIO(content), "older.zip", shelf) == "older.zip: 5 networks, 2 data sets, 1 lattices"
    networks = shelf.networks()
    assert {name: network.fingerprint() for name, network in networks.items()} == OLDER_NETWORKS
    assert {name: data.fingerprint() for name, data in shelf.datasets().items()} == OLDER_DATASETS
    for network in networks.values():
        assert network.card.as_dict() == network.metadata
    pruned, turned = networks["rows-K6-M2"].card, networks["turned"].card
    assert (pruned.parent, pruned.parent_name, pruned.tags) == (OLDER_NETWORKS["rows-K6"], "rows-K6", ("first", "kept"))
    assert (turned.lattice, turned.surface, turned.others) == (
        "turned26",
        None,
        {"surface": 100, "note": {"by": "hand"}},
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        older = {info.filename: archive.read(info) for info in archive.infolist() if info.filename.startswith("n")}
    with zipfile.ZipFile(io.BytesIO(shelf_archive(shelf))) as archive:
        assert {name: archive.read(name) for name in older} == older  # written again, they are the same files


def test_half_an_archive(full: Shelf) -> None:
    content = shelf_archive(full)
    with pytest.raises(ValueError, match="not a whole zip archive"):
        read_archive(io.BytesIO(content[: len(content) // 2]), "half.zip", Shelf())
