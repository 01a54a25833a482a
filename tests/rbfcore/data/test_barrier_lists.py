"""The .26d text format: both codings, any whitespace, blocks, and what is wrong in which line."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rbfcore.data import barrier_lists
from rbfcore.data.barrier_lists import read_barrier_list
from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset
from rbfcore.lattice import canonical_codes, environment

RNG = np.random.default_rng(0)
OCCUPIED = (RNG.random((40, 26)) < 0.6).astype(int)
BARRIERS = RNG.random(40).round(6)
ROW = " ".join("10" * 13)


def text_of(occupied: NDArray[np.int64], barriers: NDArray[np.float64], separator: str = " ") -> str:
    return "".join(
        separator.join([*map(str, row), repr(float(y))]) + "\n" for row, y in zip(occupied, barriers, strict=True)
    )


def read(text: str | bytes, limit: int | None = None) -> DataSet:
    return read_barrier_list(io.BytesIO(text.encode() if isinstance(text, str) else text), "some.26d", limit)


def test_rows_become_minus_and_plus_one() -> None:
    found = read(text_of(OCCUPIED, BARRIERS))
    np.testing.assert_array_equal(found.x, 2 * OCCUPIED - 1)
    np.testing.assert_array_equal(found.y, BARRIERS)
    assert (found.name, found.lattice, found.unit, found.coding) == ("some", "fcc26", "eV", "occupation")
    assert found.x.dtype == np.float32


def test_families_are_the_canonical_codes() -> None:
    sites = environment("fcc", 2)
    found = read(text_of(OCCUPIED, BARRIERS))
    images = np.concatenate([sites.symmetry, sites.reverse])
    np.testing.assert_array_equal(found.family, canonical_codes(OCCUPIED, images))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(" ", "\t"),
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", " \n  "),
        lambda text: "# sites 1-26, eV\n" + text.replace("\n", " # a remark\n", 3),
        lambda text: "\n\n  \n" + text + "\n\n",
        lambda text: text.removesuffix("\n"),
        lambda text: text.replace("0 ", "0.0 ").replace("1 ", "1. "),
        lambda text: text.replace("1 ", "+1 "),
        lambda text: "# only remarks\n" * 30 + text,
    ],
    ids=["tabs", "two spaces", "crlf", "ragged space", "remarks", "blank lines", "no end", "1.0", "+1", "long head"],
)
@pytest.mark.parametrize("block_bytes", [8 << 20, 64])
def test_spelling_and_blocks_do_not_matter(
    change: Callable[[str], str], block_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(barrier_lists, "_BLOCK_BYTES", block_bytes)
    found = read(change(text_of(OCCUPIED, BARRIERS)))
    np.testing.assert_array_equal(found.x, 2 * OCCUPIED - 1)
    np.testing.assert_array_equal(found.y, BARRIERS)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 2**26 - 1), min_size=3, max_size=12),
    st.lists(st.floats(-5, 5), min_size=12, max_size=12),
)
def test_both_codings_give_the_same_data_set(codes: list[int], barriers: list[float]) -> None:
    """Also rows of ones alone, which belong to either coding."""
    occupied = np.array([[code >> site & 1 for site in range(26)] for code in codes])
    y = np.array(barriers[: len(codes)]).round(9)
    zeros, signs = read(text_of(occupied, y)), read(text_of(2 * occupied - 1, y))
    np.testing.assert_array_equal(zeros.x, signs.x)
    np.testing.assert_array_equal(zeros.x, 2 * occupied - 1)
    np.testing.assert_array_equal(zeros.family, signs.family)
    np.testing.assert_allclose(zeros.y, y, rtol=1e-15)
    np.testing.assert_array_equal(zeros.y, signs.y)


def test_limit_stops_early() -> None:
    found = read(text_of(OCCUPIED, BARRIERS), limit=5)
    np.testing.assert_array_equal(found.y, BARRIERS[:5])


GOOD = f"{ROW} 0.5\n" * 3
SIGNS = ROW.replace("0", "-1")
MISTAKES = {
    "25 sites": (f"{ROW[2:]} 0.5\n" * 3, "line 1 has 26 columns; expected 26 occupations and the barrier, 27 in all"),
    "27 sites": (f"{GOOD}1 {ROW} 0.5\n", "line 4 has 28 columns; expected 26 occupations"),
    "29 columns": (f"{GOOD}1 1 {ROW} 0.5\n", "line 4 has 29 columns"),
    "cut off": (GOOD + ROW, r"line 4 has 26 columns; .* \(is the file cut off\?\)"),
    "a two": (f"# head\n{GOOD}{ROW[:-1]}2 0.5\n", "line 5, site 26 holds '2'; expected 0/1, as in the lines before"),
    "a big number": (f"{GOOD}257{ROW[1:]} 0.5\n", "line 4, site 1 holds '257'; expected 0/1"),
    "half": (f"0.5{ROW[1:]} 0.5\n{GOOD}", "line 1, site 1 holds '0.5'; expected 0/1 or -1/[+]1"),
    "a word": (f"{GOOD}x{ROW[1:]} 0.5\n", "line 4, site 1 holds 'x'; expected 0/1, as in the lines before"),
    "NaN site": (f"{GOOD}nan{ROW[1:]} 0.5\n", "line 4, site 1 holds 'nan'"),
    "mixed coding": (f"{GOOD}{SIGNS} 0.5\n", "line 4, site 2 holds '-1'; expected 0/1, as in the lines before"),
    "mixed the other way": (
        f"{SIGNS} 0.5\n{GOOD}",
        "line 2, site 2 holds '0'; expected -1/[+]1, as in the lines before",
    ),
    "mixed in a row": (f"-1 0{ROW[3:]} 0.5\n{GOOD}", "line 1, site 2 holds '0'; expected -1/[+]1"),
    "NaN barrier": (f"{GOOD}{ROW} nan\n", "line 4: the barrier is 'nan'; expected a finite number in eV"),
    "infinite barrier": (f"{GOOD}{ROW} inf\n", "line 4: the barrier is 'inf'"),
    "a barrier in words": (f"{GOOD}{ROW} high\n", "line 4: the barrier is 'high'"),
    "quotes": (f'{GOOD}"1"{ROW[1:]} 0.5\n', """line 4, site 1 holds '"1"'"""),
    "commas": (GOOD.replace(" ", ","), "line 1 has 1 columns; expected 26 occupations"),
    "two rows": (f"{ROW} 0.5\n" * 2, "2 rows; expected at least 3 lines"),
    "only remarks": ("# nothing\n# more\n", "0 rows; expected at least 3 lines"),
    "binary": (bytes(range(256)) * 20, "some.26d: line"),
    "binary without line ends": (b"\x00\x01\x02" * 300, "line 1 has 1 columns"),
}


@pytest.mark.parametrize("block_bytes", [8 << 20, 64])
@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_named_by_line_and_site(case: str, block_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(barrier_lists, "_BLOCK_BYTES", block_bytes)
    text, message = MISTAKES[case]
    with pytest.raises(ValueError, match=f"^some.26d: .*{message}|^{message}") as caught:
        read(text)
    assert "\n" not in str(caught.value)


def test_surface_and_target_do_not_apply() -> None:
    file = io.BytesIO(GOOD.encode())
    file.name = "some.26d"
    with pytest.raises(ValueError, match="surface='100' does not apply to a single barrier list"):
        load_dataset(file, surface="100")
    with pytest.raises(ValueError, match="target='free' does not apply to a barrier list"):
        load_dataset(file, target="free")
    with pytest.raises(ValueError, match="barrier lists hold the 26 sites of fcc26"):
        load_dataset(file, lattice="bcc20")
    assert len(load_dataset(file, lattice="fcc26")) == 3
