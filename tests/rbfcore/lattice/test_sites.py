"""The sites around a jump: counts, numbering and layers, against the published description and plain distances."""

import json
from pathlib import Path

import numpy as np
import pytest

from rbfcore.lattice import environment

# Sites 1-26 in lattice constants, in the numbering of the data; 13-18 repeat 7-12 below the jump's plane.
UPPER = [[0, -0.5, 0.5], [-0.5, 0, 0.5], [0.5, 0, 0.5], [0, 0.5, 0.5], [1, 0.5, 0.5], [0.5, 1, 0.5]]
SITES = np.array(
    [[-0.5, -0.5, 0], [0.5, -0.5, 0], [-0.5, 0.5, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]]
    + UPPER
    + [[x, y, -z] for x, y, z in UPPER]
    + [[0, -1, 0], [-1, 0, 0], [1.5, 0.5, 0], [0.5, 1.5, 0], [0, 0, 1], [0.5, 0.5, 1], [0, 0, -1], [0.5, 0.5, -1]]
)
JUMP = np.array([0.5, 0.5, 0])


@pytest.mark.parametrize(
    ("lattice", "shells", "count"),
    [("fcc", 1, 18), ("fcc", 2, 26), ("fcc", 3, 58), ("bcc", 1, 14), ("bcc", 2, 20), ("bcc", 3, 38)],
)
def test_number_of_sites(lattice: str, shells: int, count: int) -> None:
    """18, 26 and 58 sites of an FCC jump are the paper's numbers."""
    found = environment(lattice, shells)
    assert found.n_sites == count
    assert found.names == tuple(str(number) for number in range(1, count + 1))
    assert len(np.unique(found.positions.round(6), axis=0)) == count


def test_the_26_sites_carry_the_numbering_of_the_data() -> None:
    found = environment("fcc", 2)
    np.testing.assert_allclose(found.positions, SITES)
    np.testing.assert_allclose(found.target, JUMP)
    assert found.shell.tolist() == [1] * 18 + [2] * 8


@pytest.mark.parametrize(
    ("lattice", "jump", "radii"),
    [
        ("fcc", (0.5, 0.5, 0), (np.sqrt(1 / 2), 1, np.sqrt(3 / 2))),
        ("bcc", (0.5, 0.5, 0.5), (np.sqrt(3 / 4), 1, np.sqrt(2))),
    ],
)
def test_sites_are_all_within_the_third_shell_of_either_end(
    lattice: str, jump: tuple[float, ...], radii: tuple[float, ...]
) -> None:
    """Against plain distances over a block of the lattice, spelled out point by point."""
    offsets = {"fcc": [(0, 0, 0), (1, 1, 0), (1, 0, 1), (0, 1, 1)], "bcc": [(0, 0, 0), (1, 1, 1)]}[lattice]
    expected = set()
    for cell in np.ndindex(7, 7, 7):
        for offset in offsets:
            point = np.array(cell) - 3 + np.array(offset) / 2
            distances = np.linalg.norm(point), np.linalg.norm(point - jump)
            if 0 < min(distances) <= radii[2] + 1e-9:
                shell = 1 + int(np.argmin(np.abs(np.array(radii) - min(distances))))
                expected.add((*point.tolist(), shell))
    found = environment(lattice, 3)
    assert {(*p.tolist(), int(s)) for p, s in zip(found.positions, found.shell, strict=True)} == expected


def test_fewer_shells_are_a_part_of_more_shells() -> None:
    small, large = environment("bcc", 2), environment("bcc", 3)
    np.testing.assert_allclose(large.positions[large.shell <= 2], small.positions)


@pytest.mark.parametrize(
    ("surface", "same_layer_second_shell"),
    [("100", {19, 20, 21, 22}), ("110", {23, 24, 25, 26}), ("111", set())],
)
def test_second_shell_sites_in_the_layer_of_the_atom(surface: str, same_layer_second_shell: set[int]) -> None:
    """The sites the paper names when it explains which matter least."""
    found = environment("fcc", 2)
    in_layer = np.flatnonzero((found.layer[surface] == 0) & (found.shell == 2)) + 1
    assert set(in_layer.tolist()) == same_layer_second_shell


def test_layers_of_the_100_surface_are_half_lattice_constants_above_the_jump() -> None:
    found = environment("fcc", 2)
    assert found.layer["100"].tolist() == (2 * SITES[:, 2]).astype(int).tolist()


@pytest.mark.parametrize("lattice", ["fcc", "bcc"])
@pytest.mark.parametrize("shells", [1, 2, 3])
def test_layers_are_parallel_to_the_jump_and_symmetric_about_it(lattice: str, shells: int) -> None:
    """Reflection at the middle of the jump maps the sites onto themselves and layer n onto layer -n."""
    found = environment(lattice, shells)
    for layer in found.layer.values():
        seen = {(*p.tolist(), int(n)) for p, n in zip(found.positions.round(9) + 0.0, layer, strict=True)}
        mirrored = {
            (*p.tolist(), -int(n)) for p, n in zip((found.target - found.positions).round(9) + 0.0, layer, strict=True)
        }
        assert seen == mirrored
        assert set(range(layer.min(), layer.max() + 1)) == set(layer.tolist())


def test_a_file_can_fix_another_numbering(tmp_path: Path) -> None:
    order = np.random.default_rng(0).permutation(26)
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"positions": SITES[order].tolist()}), encoding="utf-8")
    mine, usual = environment("fcc", 2, path), environment("fcc", 2)
    np.testing.assert_allclose(mine.positions, SITES[order])
    assert mine.shell.tolist() == usual.shell[order].tolist()
    for surface, layer in usual.layer.items():
        assert mine.layer[surface].tolist() == layer[order].tolist()
    own_names = {frozenset(order[list(orbit)].tolist()) for orbit in mine.orbits}
    assert own_names == {frozenset(orbit) for orbit in usual.orbits}


BAD_NUMBERINGS = {
    "no json": ("sites: 1 2 3", "cannot read a numbering .* expected JSON"),
    "no positions": ('{"sites": []}', "cannot read a numbering .* expected JSON"),
    "a list": ("[[0, 0, 1]]", "cannot read a numbering .* expected JSON"),
    "ragged": ('{"positions": [[0, 0, 1], [0, 0]]}', "cannot read a numbering .* expected JSON"),
    "words": ('{"positions": [["up", "down", "left"]]}', "cannot read a numbering .* expected JSON"),
    "an object": ('{"positions": {"1": [0, 0, 1]}}', "cannot read a numbering .* expected JSON"),
    "25 sites": (json.dumps({"positions": SITES[:25].tolist()}), r"must list the 26 sites .* shape \(25, 3\)"),
    "flat": (json.dumps({"positions": SITES[:, :2].tolist()}), r"must list the 26 sites .* shape \(26, 2\)"),
    "a site twice": (json.dumps({"positions": SITES[[0, *range(25)]].tolist()}), "does not list exactly the sites"),
    "angstrom": (json.dumps({"positions": (3.615 * SITES).tolist()}), "positions must be in lattice constants"),
    "other origin": (json.dumps({"positions": (SITES - JUMP).tolist()}), "the migrating atom at the origin"),
    "not a number": (json.dumps({"positions": np.full((26, 3), np.nan).tolist()}), "does not list exactly the sites"),
}


@pytest.mark.parametrize("case", BAD_NUMBERINGS)
def test_wrong_numberings_are_refused(case: str, tmp_path: Path) -> None:
    text, message = BAD_NUMBERINGS[case]
    path = tmp_path / "numbering.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        environment("fcc", 2, path)


def test_a_missing_numbering_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"cannot read a numbering from .*nowhere\.json"):
        environment("fcc", 2, tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    ("lattice", "shells", "message"),
    [
        ("diamond", 2, "unknown lattice 'diamond': expected one of fcc, bcc"),
        ("fcc", 0, "shells must be a whole number >= 1, got 0"),
        ("fcc", 1.5, "shells must be a whole number >= 1, got 1.5"),
    ],
)
def test_unknown_environments_are_refused(lattice: str, shells: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        environment(lattice, shells)
