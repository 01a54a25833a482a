"""General tables: what is accepted, how it is understood, and one clear line for everything else."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset
from rbfcore.data.readers import read_dataset
from rbfcore.lattice import canonical_codes, environment

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 3))
Y = RNG.normal(size=6)
OCCUPIED = RNG.integers(0, 2, (30, 26))
BARRIERS = RNG.random(30)


def read(content: str | bytes, name: str, **options: object) -> DataSet:
    return read_dataset(io.BytesIO(content.encode() if isinstance(content, str) else content), name, **options)


def csv_of(table: pd.DataFrame, **options: object) -> str:
    return table.to_csv(index=False, **options)


def parquet_of(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def npz_of(**arrays: object) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


TABLE = pd.DataFrame(X, columns=["a", "b", "c"]).assign(y=Y)
SITES = pd.DataFrame(OCCUPIED, columns=[str(site) for site in range(1, 27)]).assign(barrier_eV=BARRIERS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", csv_of(TABLE)),
        ("t.csv", "\ufeff" + csv_of(TABLE)),
        ("t.csv", csv_of(TABLE, sep=";")),
        ("t.csv", csv_of(TABLE, sep="\t", lineterminator="\r\n")),
        ("t.CSV", csv_of(TABLE).removesuffix("\n")),
        ("t.parquet", parquet_of(TABLE)),
        ("t.npz", npz_of(x=X, y=Y, site_names=["a", "b", "c"])),
    ],
    ids=["csv", "bom", "semicolon", "tab crlf", "no end", "parquet", "npz"],
)
def test_real_tables(name: str, content: str | bytes) -> None:
    found = read(content, name)
    np.testing.assert_array_equal(found.x, X.astype(np.float32))
    np.testing.assert_array_equal(found.y, Y)
    assert found.site_names == ("a", "b", "c")
    assert (found.coding, found.unit, found.lattice, found.family, found.name) == ("real", "", None, None, "t")


def test_without_names_the_inputs_are_numbered() -> None:
    found = read(csv_of(TABLE, header=False), "t.csv")
    assert found.site_names == ("x1", "x2", "x3")
    np.testing.assert_array_equal(found.y, Y)
    assert read(npz_of(x=X, y=Y), "t.npz").site_names == ("x1", "x2", "x3")


@pytest.mark.parametrize("make", [csv_of, parquet_of])
def test_target_chooses_the_response(make: Callable[[pd.DataFrame], str | bytes]) -> None:
    name = "t.csv" if make is csv_of else "t.parquet"
    found = read(make(TABLE), name, target="b")
    np.testing.assert_array_equal(found.y, X[:, 1])
    assert found.site_names == ("a", "c", "y")
    assert found.provenance["response"] == "b"


def test_limit_and_family_column() -> None:
    found = read(csv_of(TABLE.assign(family=[7, 7, 8, 8, 9, 9])), "t.csv", limit=4)
    assert found.family is not None
    assert found.family.tolist() == [7, 7, 8, 8]
    np.testing.assert_array_equal(found.y, Y[:4])
    assert found.site_names == ("a", "b", "c")


@pytest.mark.parametrize("coding", ["0/1", "-1/+1"])
@pytest.mark.parametrize("kind", ["csv", "parquet", "npz", "npz bool", "csv bool", "npz without names"])
def test_lattice_tables_in_either_coding(coding: str, kind: str) -> None:
    """26 numbered columns of occupations are the 26 sites, with the families of the lattice."""
    if "bool" in kind and coding == "-1/+1":
        coding = "0/1"
    table = SITES if coding == "0/1" else SITES.assign(**{name: 2 * SITES[name] - 1 for name in SITES.columns[:26]})
    inputs = table.iloc[:, :26]
    content: str | bytes = {
        "csv": csv_of(table),
        "parquet": parquet_of(table),
        "npz": npz_of(x=inputs, y=BARRIERS, site_names=list(inputs.columns)),
        "npz bool": npz_of(x=inputs.astype(bool), y=BARRIERS, site_names=list(inputs.columns)),
        "csv bool": csv_of(table.astype(dict.fromkeys(inputs.columns, bool))),
        "npz without names": npz_of(x=inputs, y=BARRIERS),
    }[kind]
    found = read(content, f"t.{kind.split()[0]}")
    np.testing.assert_array_equal(found.x, 2 * OCCUPIED - 1)
    assert (found.coding, found.lattice) == ("occupation", "fcc26")
    assert found.provenance["coding_in_file"] == coding
    sites = environment("fcc", 2)
    images = np.concatenate([sites.symmetry, sites.reverse])
    np.testing.assert_array_equal(found.family, canonical_codes(OCCUPIED, images))


@pytest.mark.parametrize("prefix", ["site", "site_", "x", "S0"])
def test_numbered_names_with_one_prefix_are_sites(prefix: str) -> None:
    found = read(csv_of(SITES.rename(columns={str(n): f"{prefix}{n}" for n in range(1, 27)})), "t.csv")
    assert found.lattice == "fcc26"
    assert found.site_names == tuple(str(n) for n in range(1, 27))
    assert found.unit == "eV"


@pytest.mark.parametrize("n_inputs", [18, 25, 26])
def test_numbered_columns_of_real_numbers_are_a_table(n_inputs: int) -> None:
    table = pd.DataFrame(RNG.normal(size=(9, n_inputs)), columns=[str(n + 1) for n in range(n_inputs)])
    found = read(csv_of(table.assign(y=1.5)), "t.csv")
    assert (found.coding, found.lattice) == ("real", None)


def test_other_names_are_no_sites_unless_told() -> None:
    table = csv_of(SITES.rename(columns={str(n): f"p{n}q" for n in range(1, 27)}))
    assert read(table, "t.csv").lattice is None
    assert read(table, "t.csv").coding == "occupation"
    assert read(table, "t.csv", lattice="fcc26").lattice == "fcc26"


@pytest.mark.parametrize("lattice", ["fcc18", "bcc14", "bcc20", "bcc38", "fcc58"])
def test_other_lattices_are_recognised_by_their_size(lattice: str) -> None:
    x = RNG.integers(0, 2, (5, int(lattice[3:])))
    found = read(npz_of(x=x, y=Y[:5], site_names=[f"site {n + 1}" for n in range(x.shape[1])]), "t.npz")
    assert found.lattice == lattice
    assert read(npz_of(x=x, y=Y[:5]), "t.npz").lattice is None  # any switches could be so many
    assert read(npz_of(x=x, y=Y[:5]), "t.npz", lattice=lattice).lattice == lattice
    sites = environment(lattice[:3], {"fcc18": 1, "bcc14": 1, "bcc20": 2, "bcc38": 3, "fcc58": 3}[lattice])
    images = np.concatenate([sites.symmetry, sites.reverse])
    np.testing.assert_array_equal(found.family, canonical_codes(x, images))


def test_uploads_are_read_from_their_start_and_left_open(tmp_path: Path) -> None:
    for name, content in (
        ("u.csv", csv_of(TABLE).encode()),
        ("u.parquet", parquet_of(TABLE)),
        ("u.npz", npz_of(x=X, y=Y)),
    ):
        upload = io.BytesIO(content)
        upload.seek(5)
        np.testing.assert_array_equal(load_dataset(upload, name=name).y, Y)
        upload.name = name
        np.testing.assert_array_equal(load_dataset(upload).y, Y)
        path = tmp_path / name
        path.write_bytes(content)
        np.testing.assert_array_equal(load_dataset(path).y, Y)
        assert load_dataset(str(path)).provenance["file"] == name


HEAD = "a,b,y\n"
GOOD = "1,2,3\n4,5,6\n7,8,9\n"
OBJECTS = npz_of(x=np.array([{}, []], dtype=object), y=Y)
MISTAKES: dict[str, tuple[str, str | bytes, dict[str, object], str]] = {
    "empty csv": ("t.csv", "", {}, "the file is empty"),
    "empty list": ("t.26d", "", {}, "the file is empty"),
    "empty npz": ("t.npz", b"", {}, "the file is empty"),
    "wrong ending": ("t.xlsx", "abc", {}, "unknown kind of data file; its name must end in .csv, .parquet, .npz, .26d"),
    "no ending": ("data", "abc", {}, "data: unknown kind of data file"),
    "only names": ("t.csv", HEAD, {}, "0 rows of 2 inputs; expected at least 3 rows and one input"),
    "two rows": ("t.csv", HEAD + "1,2,3\n4,5,6\n", {}, "2 rows of 2 inputs; expected at least 3 rows"),
    "one column": ("t.csv", "y\n1\n2\n3\n", {}, "expected at least one input and the response"),
    "a word": ("t.csv", f"{HEAD}{GOOD}1,two,3\n", {}, "row 4, column 'b' holds 'two'; expected a number"),
    "an empty cell": ("t.csv", f"{HEAD}{GOOD}1,,3\n", {}, "row 4, column 'b' is empty or NaN; expected a number"),
    "NaN": ("t.csv", f"{HEAD}{GOOD}1,2,nan\n", {}, "row 4, column 'y' is empty or NaN"),
    "infinity": ("t.csv", f"{HEAD}inf,2,1\n{GOOD}", {}, "row 1, column 'a' is inf; expected a finite number"),
    "infinite response": ("t.csv", f"{HEAD}1,2,-inf\n{GOOD}", {}, "row 1, column 'the response' is -inf"),
    "too large": ("t.csv", f"{HEAD}1,1e39,1\n{GOOD}", {}, "row 1, column 'b' is inf; expected a finite number"),
    "short row": ("t.csv", f"{HEAD}{GOOD}1,2\n", {}, "row 4, column 'y' is empty or NaN"),
    "long row": ("t.csv", f"{HEAD}{GOOD}1,2,3,4\n", {}, "row 4 has more than 3 cells"),
    "very long row": ("t.csv", f"{HEAD}{GOOD}1,2,3,4,5,6\n", {}, "row 4 has more than 3 cells|no table"),
    "a name twice": ("t.csv", f"a,a,y\n{GOOD}", {}, "the column name 'a' occurs twice"),
    "no name": ("t.csv", f"a,,y\n{GOOD}", {}, "a column has no name; expected a different name for every column"),
    "no such target": ("t.csv", HEAD + GOOD, {"target": "z"}, "no column 'z'; its columns are a, b, y"),
    "open quote": ("t.csv", f'{HEAD}{GOOD}"1,2,3\n', {}, "row 4|no table"),
    "not text": ("t.csv", b"\xff\xfe\x00a\x00" * 9, {}, "not utf-8 text"),
    "fractional family": ("t.csv", f"a,family,y\n{GOOD}1,0.5,1\n", {}, "column 'family' holds 0.5; .* whole number"),
    "not a lattice": ("t.csv", HEAD + GOOD, {"lattice": "fcc26"}, "2 input columns; the lattice fcc26 has 26 sites"),
    "unknown lattice": (
        "t.csv",
        HEAD + GOOD,
        {"lattice": "hcp"},
        "unknown lattice 'hcp': expected one of fcc18, fcc26",
    ),
    "directions": ("t.csv", HEAD + GOOD, {"directions": "both"}, "directions='both' does not apply to a table"),
    "25 sites": ("t.csv", csv_of(SITES.drop(columns="26")), {}, "columns 1 to 25 look like lattice sites"),
    "a two": (
        "t.csv",
        csv_of(SITES.replace({"7": {0: 2}})),
        {},
        r"column '7' holds 2; expected occupations, all 0/1 or",
    ),
    "mixed coding": (
        "t.csv",
        csv_of(SITES.assign(**{"3": [0, -1] * 15})),
        {},
        "row 2, column '3' holds -1; expected occupations, all 0/1 or all -1/[+]1",
    ),
    "parquet that is text": ("t.parquet", HEAD + GOOD, {}, "not a readable parquet file"),
    "cut parquet": ("t.parquet", parquet_of(TABLE)[:-200], {}, "not a readable parquet file"),
    "parquet of words": ("t.parquet", parquet_of(TABLE.assign(b="up")), {}, "row 1, column 'b' holds 'up'"),
    "parquet with a gap": (
        "t.parquet",
        parquet_of(TABLE.assign(b=[1, 2, None, 4, 5, 6])),
        {},
        "row 3, column 'b' is empty",
    ),
    "npz that is text": ("t.npz", HEAD + GOOD, {}, "not a readable .npz file of plain arrays"),
    "npz that is npy": ("t.npz", b"\x93NUMPY" + bytes(20), {}, "not a readable .npz file of plain arrays"),
    "cut npz": ("t.npz", npz_of(x=X, y=Y)[:-60], {}, "not a readable .npz file of plain arrays"),
    "npz of objects": ("t.npz", OBJECTS, {}, "not a readable .npz file of plain arrays .it holds Python objects"),
    "npz without y": ("t.npz", npz_of(x=X, z=Y), {}, "no array 'y', only x, z; expected x .N, D. and y .N,."),
    "npz of words": ("t.npz", npz_of(x=X, y=np.array(["a"] * 6)), {}, "array 'y' holds <U1, expected numbers"),
    "npz of unequal length": (
        "t.npz",
        npz_of(x=X, y=Y[:5]),
        {},
        r"expected x \(N, D\) and y \(N,\), got \(6, 3\) and \(5,\)",
    ),
    "npz with few names": ("t.npz", npz_of(x=X, y=Y, site_names=["a"]), {}, "1 site_names for x"),
    "npz with few families": ("t.npz", npz_of(x=X, y=Y, family=[1, 2]), {}, r"family .* \(6,\)"),
    "npz with broken provenance": ("t.npz", npz_of(x=X, y=Y, provenance="{"), {}, "provenance is not JSON"),
    "npz with a flat x": ("t.npz", npz_of(x=Y, y=Y), {}, r"expected x \(N, D\) and y \(N,\)"),
    "npz target": ("t.npz", npz_of(x=X, y=Y), {"target": "y"}, "target='y' does not apply to a table x, y"),
    "barrier set of 25": (
        "t.npz",
        npz_of(occupations=OCCUPIED[:, :25]),
        {},
        r"occupations must be \(N, 26\), .* \(30, 25\)",
    ),
    "barrier set with a two": (
        "t.npz",
        npz_of(occupations=OCCUPIED + 1),
        {},
        "occupations hold 2 in row 1, site [12]; expected 0",
    ),
    "barrier set without barriers": (
        "t.npz",
        npz_of(occupations=OCCUPIED),
        {},
        "no barrier_tethered, status, reverse_barr",
    ),
    "packed too wide": ("t.npz", npz_of(occupations_packed=np.zeros((9, 5), "u1")), {}, r"must be \(N, 4\) uint8"),
    "sites elsewhere": (
        "t.npz",
        npz_of(occupations=OCCUPIED, sites=np.zeros((26, 3))),
        {},
        "sites must list the 26 positions around a jump",
    ),
    "no good row": (
        "t.npz",
        npz_of(occupations=OCCUPIED, barrier_tethered=BARRIERS, status=np.ones(30, int)),
        {"directions": "forward"},
        "no row with status 0",
    ),
    "a NaN barrier": (
        "t.npz",
        npz_of(
            occupations=OCCUPIED, barrier_tethered=np.where(np.arange(30) == 4, np.nan, 1), status=np.zeros(30, int)
        ),
        {"directions": "forward"},
        "barrier_tethered of row 5 is not finite although its status is 0",
    ),
    "a short status": (
        "t.npz",
        npz_of(occupations=OCCUPIED, barrier_tethered=BARRIERS, status=np.zeros(29, int)),
        {},
        r"status must be \(30,\), one value per row, got \(29,\)",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_one_clear_line(case: str) -> None:
    name, content, options, message = MISTAKES[case]
    with pytest.raises(ValueError, match=message) as caught:
        read(content, name, **options)
    assert "\n" not in str(caught.value)
    if "lattice" not in options:
        assert re.match(re.escape(name), str(caught.value))


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no data file at .*nothing\.csv"):
        load_dataset(tmp_path / "nothing.csv")
    with pytest.raises(ValueError, match="it is a folder"):
        load_dataset(tmp_path)
    with pytest.raises(ValueError, match="a file without a name: unknown kind of data file"):
        load_dataset(io.BytesIO(b"1"))


def test_a_barrier_set_may_list_its_sites_in_another_order() -> None:
    """Columns are put into the usual numbering by the positions that the file gives."""
    sites = environment("fcc", 2)
    order = RNG.permutation(26)
    common = {"barrier_tethered": BARRIERS, "reverse_barrier_tethered": BARRIERS, "status": np.zeros(30, int)}
    usual = read(npz_of(occupations=OCCUPIED, sites=sites.positions, **common), "t.npz")
    other = read(npz_of(occupations=OCCUPIED[:, order], sites=sites.positions[order], **common), "t.npz")
    np.testing.assert_array_equal(usual.x, other.x)
    np.testing.assert_array_equal(usual.x[:30], 2 * OCCUPIED - 1)
    packed = read(npz_of(occupations_packed=np.packbits(OCCUPIED.astype(bool), axis=1), **common), "t.npz")
    np.testing.assert_array_equal(usual.x, packed.x)
