"""The closure search against a plain breadth-first search, interrupted and not, with and without a budget."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from rbfcore.barriers.candidates import CLOSURE, occupations_of
from rbfcore.barriers.closure import ClosureRun, closure_steps, read_starting_sets
from rbfcore.barriers.generation import GenerationRun, generate_steps
from rbfcore.barriers.half_space import half_spaces
from rbfcore.barriers.support import supported
from rbfcore.data.load import load_dataset
from rbfcore.lattice import canonical_codes, environment
from rbfcore.lattice.codes import site_codes
from tests.rbfcore.barriers.cheap import StableNearHalfSpaces

PHYSICS = StableNearHalfSpaces()
SITES = environment("fcc", 2)
IMAGES = np.concatenate([SITES.symmetry, SITES.reverse])


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("starts")
    paths = [folder / f"cu_{surface}.npz" for surface in ("100", "110")]
    for path in paths:
        run = GenerationRun(path.stem[3:], 400, path, counted="environments", chunk=128)
        list(generate_steps(run, PHYSICS, PHYSICS.settings()))
    return paths


def search(starts: list[Path], out: Path, budget: int = 100_000) -> dict[str, str]:
    """Hashes of the files of a search run to its end."""
    run = ClosureRun(out, budget, chunk=64)
    last = list(closure_steps(run, read_starting_sets(starts), PHYSICS, PHYSICS.settings()))[-1]
    assert last.done
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(out.glob("*.npz"))}


def stored_codes(path: Path) -> tuple[np.ndarray, np.ndarray]:
    with np.load(path) as stored:
        return site_codes(np.unpackbits(stored["occupations_packed"], axis=1, count=26)), stored["source"]


def breadth_first(starts: list[Path]) -> set[int]:
    """All codes that the search must compute, walked one environment at a time."""
    start = np.concatenate([stored_codes(path)[0] for path in starts])
    known, new = set(start.tolist()), set[int]()
    frontier = start[PHYSICS(occupations_of(start))["status_free"] == 0].tolist()
    while frontier:
        row = occupations_of(np.array([frontier.pop()]))
        flipped = np.repeat(row, 26, axis=0) ^ np.eye(26, dtype=np.uint8)
        codes = canonical_codes(flipped, IMAGES)
        possible, status = supported(flipped), PHYSICS(flipped)["status_free"]
        for code, can_be, found in zip(codes.tolist(), possible, status, strict=True):
            if code not in known and code not in new and can_be:
                new.add(code)
                if found == 0:
                    frontier.append(code)
    return new


def test_search_finds_what_a_plain_one_finds(starts: list[Path], tmp_path: Path) -> None:
    search(starts, tmp_path / "closed")
    expected = breadth_first(starts)
    assert len(expected) > 300
    found = set()
    for surface in ("100", "110", "111"):
        path = tmp_path / "closed" / f"{'closure' if surface == '111' else 'cu'}_{surface}.npz"
        codes, source = stored_codes(path)
        assert set(half_spaces(occupations_of(codes)).surface) == {surface}
        found |= set(codes[source == CLOSURE].tolist())
        if surface != "111":
            np.testing.assert_array_equal(codes[source != CLOSURE], stored_codes(starts[surface == "110"])[0])
    assert found == expected
    data = load_dataset(str(tmp_path / "closed" / "cu_100.npz"), target="free")
    assert data.provenance["closure"]["closed"] is True
    assert data.provenance["closure"]["generations"] > 2


def test_interrupted_search_ends_the_same(starts: list[Path], tmp_path: Path) -> None:
    whole = search(starts, tmp_path / "whole")
    for stop in (2, 5):  # leave the generator in the middle, as an interrupt does
        steps = closure_steps(
            ClosureRun(tmp_path / "cut", chunk=64), read_starting_sets(starts), PHYSICS, PHYSICS.settings()
        )
        for _ in range(stop):
            next(steps)
        steps.close()
    assert search(starts, tmp_path / "cut") == whole


def test_budget_bounds_the_search_and_a_larger_one_continues(starts: list[Path], tmp_path: Path) -> None:
    whole = search(starts, tmp_path / "whole")
    search(starts, tmp_path / "little", budget=200)
    extra = sum((stored_codes(path)[1] == CLOSURE).sum() for path in (tmp_path / "little").glob("*.npz"))
    assert 200 <= extra < 200 + 64
    data = load_dataset(str(tmp_path / "little" / "cu_100.npz"))
    assert data.provenance["closure"]["closed"] is False
    assert data.provenance["closure"]["environments"] == extra
    assert search(starts, tmp_path / "little") == whole


def test_unsuitable_starting_sets(starts: list[Path], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no barrier set at"):
        read_starting_sets([tmp_path / "none.npz"])
    with pytest.raises(ValueError, match="one set each"):
        read_starting_sets([starts[0], starts[0]])
    with pytest.raises(ValueError, match="budget"):
        ClosureRun(tmp_path, 0)
