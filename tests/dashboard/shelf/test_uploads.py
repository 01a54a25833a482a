"""Files from outside: good ones land on the shelf, bad ones are one clear line and leave it as it was."""

import io
import pickle
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dashboard.export.prototype_forms import network_bytes, prototypes_csv
from dashboard.shelf.shelf import Shelf
from dashboard.shelf.uploads import ReadingOptions, read_upload
from tests.dashboard.tiny import tiny_network


def upload(shelf: Shelf, name: str, content: bytes) -> str:
    return read_upload(io.BytesIO(content), name, ReadingOptions(), shelf)


def table(columns: int = 26, rows: int = 20, change: Callable[[np.ndarray], None] = lambda _: None) -> bytes:
    """A csv of occupations 0/1 and a response."""
    rng = np.random.default_rng(1)
    values = np.column_stack([rng.integers(0, 2, size=(rows, columns)), rng.random(rows)]).astype(object)
    change(values)
    header = ",".join([*(f"s{d + 1}" for d in range(columns)), "barrier"])
    return "\n".join([header, *(",".join(str(cell) for cell in row) for row in values)]).encode()


def barrier_list(columns: int = 26) -> bytes:
    return b"".join(b"1 " * columns + b"0.5\n" for _ in range(3)) + b"0 " * columns + b"0.25\n"


def archive(truncated: bool = False) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        content = barrier_list() * 400
        entry = tarfile.TarInfo("folder/Cu_100.26d")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    whole = buffer.getvalue()
    return whole[: len(whole) // 2] if truncated else whole


def zip_with_pickle() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, x=np.array([{}], dtype=object), y=np.zeros(1))
    return buffer.getvalue()


def set_cell(value: object) -> Callable[[np.ndarray], None]:
    def change(values: np.ndarray) -> None:
        values[3, 4] = value

    return change


@pytest.mark.parametrize(
    ("name", "content"), [("t.csv", table()), ("a_100.26d", barrier_list() * 10), ("published.tgz", archive())]
)
def test_good_data_lands_on_the_shelf(shelf: Shelf, name: str, content: bytes) -> None:
    assert upload(shelf, name, content).startswith("data set")
    (data,) = shelf.datasets().values()
    assert data.n_inputs == 26
    assert set(np.unique(data.x)) == {-1.0, 1.0}


def test_what_is_downloaded_can_be_uploaded(shelf: Shelf) -> None:
    network = tiny_network(6, rms_gap=0.5)
    assert upload(shelf, "n.safetensors", network_bytes(network)) == "network n: 6 centroids, 26 inputs"
    (back,) = shelf.networks().values()
    assert back.metadata == network.metadata
    np.testing.assert_array_equal(back.centroids, network.centroids)


def test_an_upload_that_names_no_lattice_says_which_fit(shelf: Shelf) -> None:
    said = upload(shelf, "n.safetensors", network_bytes(tiny_network(6, 18)))
    assert said.endswith("18 inputs; are they the sites of fcc18 or hcp-basal18 or hcp-pyramidal18? Say so under Edit")
    assert upload(shelf, "m.safetensors", network_bytes(tiny_network(6, 5))).endswith("5 inputs")


def test_csv_has_a_line_per_prototype_and_site() -> None:
    lines = prototypes_csv(tiny_network(3)).decode().splitlines()
    assert len(lines) == 1 + 3 * 26


def test_a_named_lattice_accepts_occupations_only(shelf: Shelf) -> None:
    options = ReadingOptions(lattice="fcc26")
    with pytest.raises(ValueError, match="2"):
        read_upload(io.BytesIO(table(change=set_cell("2"))), "odd.csv", options, shelf)
    assert read_upload(io.BytesIO(table()), "t.csv", options, shelf) == (
        "data set t: 20 rows, 26 occupations of the lattice fcc26"
    )


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("wide.26d", barrier_list(25), "26"),
        ("odd.26d", b"1 " * 25 + b"2 0.5\n", "2"),
        ("hole.csv", table(change=set_cell("nan")), ""),
        ("empty.csv", b"", "empty"),
        ("empty.safetensors", b"", "not a safetensors file"),
        ("half.tgz", archive(truncated=True), ""),
        ("table.xlsx", table(), "unknown kind of file"),
        ("pickle.safetensors", pickle.dumps({"beta": [1.0]}), "not a safetensors file"),
        ("pickle.pt", pickle.dumps({"beta": [1.0]}), "state_dict"),
        ("pickle.npz", zip_with_pickle(), ""),
        ("noend", b"1,2", "unknown kind of file"),
    ],
)
def test_bad_files_are_one_line_and_change_nothing(shelf: Shelf, name: str, content: bytes, said: str) -> None:
    kept = shelf.add_network("good", tiny_network(4))
    with pytest.raises(ValueError, match=r"\S") as raised:
        upload(shelf, name, content)
    message = str(raised.value)
    assert said in message
    assert Path(name).stem in message
    assert list(shelf.networks()) == [kept]
    assert not shelf.datasets()
