"""Hexagonal close-packed jumps: sites spelled out layer by layer, point groups by hand, layers, another c/a.

Two jumps of space group P6_3/mmc. In the basal plane, along a: the plane of the layer is a mirror of both ends; the
vertical plane through the jump is none, for it would carry the hollows above a triangle of atoms onto those left free.
What exchanges the ends is the vertical mirror half-way, and its product with the first one. Out of the plane: the
vertical plane through the jump is a mirror, the layer is none, as the ends lie in different ones; between two atoms
that touch across layers there is a centre of inversion. So 2 symmetries and 2 reversals each: C2v and C2h.
"""

import numpy as np
import pytest

from rbfcore.lattice import described_environment, environment
from rbfcore.symmetry.elements import element_names

HEIGHT = np.sqrt(8 / 3)
JUMPS = {"hcp-basal": [1, 0, 0], "hcp-pyramidal": [1 / 2, 1 / np.sqrt(12), HEIGHT / 2]}


def stacked(jump: list[float], radius: float, height: float = HEIGHT) -> set[tuple[float, ...]]:
    """Sites within a radius of either end, from triangular layers A B A B laid one on the other."""
    triangle = [(i + j / 2, j * np.sqrt(3) / 2) for i in range(-8, 9) for j in range(-8, 9)]
    shift = {0: (0.0, 0.0), 1: (0.5, 1 / np.sqrt(12))}
    points = [
        np.array([x + shift[layer % 2][0], y + shift[layer % 2][1], layer * height / 2])
        for layer in range(-4, 5)
        for x, y in triangle
    ]
    return {
        tuple((p.round(6) + 0.0).tolist())
        for p in points
        if 1e-9 < min(np.linalg.norm(p), np.linalg.norm(p - jump)) <= radius + 1e-9 and np.abs(p - jump).max() > 1e-9
    }


@pytest.mark.parametrize("lattice", JUMPS)
@pytest.mark.parametrize(("shells", "radius"), [(1, 1), (2, np.sqrt(2)), (3, HEIGHT), (4, np.sqrt(3))])
def test_sites_are_those_of_stacked_layers(lattice: str, shells: int, radius: float) -> None:
    """12, 6, 2 and 18 neighbours of an atom at 1, 1.414, 1.633 and 1.732."""
    found = environment(lattice, shells)
    assert {tuple((p.round(6) + 0.0).tolist()) for p in found.positions} == stacked(JUMPS[lattice], radius)
    assert found.n_sites == {
        "hcp-basal": [18, 26, 30, 52], "hcp-pyramidal": [18, 26, 28, 54],
    }[lattice][shells - 1]  # fmt: skip
    np.testing.assert_allclose(found.target, JUMPS[lattice])
    assert found.shell.max() == shells


def test_hcp_means_the_jump_in_the_basal_plane() -> None:
    assert environment("hcp", 2) is environment("hcp-basal", 2)


@pytest.mark.parametrize("shells", [1, 2, 3, 4])
def test_the_basal_jump_has_the_group_c2v(shells: int) -> None:
    found = environment("hcp-basal", shells)
    mirror, half_way = np.diag([1, 1, -1]), np.diag([-1, 1, 1])
    np.testing.assert_allclose(found.rotations, [np.eye(3), mirror], atol=1e-9)
    check_elements(found.positions, found.target, found.symmetry, [np.eye(3), mirror])
    check_elements(found.positions, found.target, found.reverse, [half_way, half_way @ mirror])
    assert element_names(found) == ("identity", "mirror (0 0 1)")


@pytest.mark.parametrize("shells", [1, 2, 3, 4])
def test_the_pyramidal_jump_has_the_group_c2h(shells: int) -> None:
    found = environment("hcp-pyramidal", shells)
    normal = np.array([-0.5, np.sqrt(3) / 2, 0])  # of the vertical plane through the jump, 30 degrees from a
    mirror = np.eye(3) - 2 * np.outer(normal, normal)
    np.testing.assert_allclose(found.rotations, [np.eye(3), mirror], atol=1e-9)
    check_elements(found.positions, found.target, found.symmetry, [np.eye(3), mirror])
    check_elements(found.positions, found.target, found.reverse, [-np.eye(3), -mirror])
    assert element_names(found) == ("identity", "mirror (0.50 -0.87 0.00)")


def check_elements(positions: np.ndarray, target: np.ndarray, permutations: np.ndarray, maps: list[np.ndarray]) -> None:
    """The permutations are those of these maps about the middle of the jump, in some order."""
    images = {tuple(row) for row in permutations.tolist()}
    expected = set()
    for one in maps:
        moved = (positions - target / 2) @ one.T + target / 2
        same = np.linalg.norm(moved[:, None] - positions, axis=2) < 1e-9
        assert (same.sum(1) == 1).all()
        expected.add(tuple(same.argmax(1).tolist()))
    assert images == expected
    assert len(permutations) == len(maps)


def test_layers_of_the_basal_plane_and_of_the_prisms() -> None:
    """Basal planes are c/2 apart. Prism planes come in pairs, 1/3 and 2/3 of sqrt(3)/2 apart."""
    basal, pyramidal = environment("hcp-basal", 2), environment("hcp-pyramidal", 2)
    for found in (basal, pyramidal):
        np.testing.assert_allclose(found.positions[:, 2], found.layer["0001"] * HEIGHT / 2, atol=1e-9)
    prisms = dict(zip(basal.layer["01-10"].tolist(), basal.positions[:, 1].tolist(), strict=True))
    step = np.sqrt(3) / 6
    expected = {-2: -3 * step, -1: -2 * step, 0: 0, 1: step, 2: 3 * step, 3: 4 * step}
    assert prisms == {layer: pytest.approx(height, abs=1e-9) for layer, height in expected.items()}
    across = pyramidal.positions @ np.array([-0.5, np.sqrt(3) / 2, 0])
    np.testing.assert_allclose(across, pyramidal.layer["-12-10"] / 2, atol=1e-9)


def test_groups_are_the_shells() -> None:
    groups = environment("hcp-pyramidal", 3).groups
    assert {name: len(sites) for name, sites in groups.items()} == {"1nn": 18, "2nn": 8, "3nn": 2}


@pytest.mark.parametrize("lattice", JUMPS)
def test_another_ratio_of_axes_stretches_the_sites(lattice: str) -> None:
    ideal, zinc = environment(lattice, 2), environment(lattice, 2, c_over_a=1.856)
    np.testing.assert_allclose(zinc.positions, ideal.positions * [1, 1, 1.856 / HEIGHT])
    np.testing.assert_allclose(zinc.target, ideal.target * [1, 1, 1.856 / HEIGHT])
    np.testing.assert_array_equal(zinc.shell, ideal.shell)
    np.testing.assert_array_equal(zinc.symmetry, ideal.symmetry)
    np.testing.assert_array_equal(zinc.reverse, ideal.reverse)
    along = zinc.viewpoints[0].rotation() @ zinc.target
    np.testing.assert_allclose(along, [0, 0, np.linalg.norm(zinc.target)], atol=1e-9)
    described = described_environment(
        {"lattice": lattice, "c_over_a": 1.856, "positions": zinc.positions[::-1].round(4).tolist()}
    )
    np.testing.assert_allclose(described.positions, zinc.positions[::-1])


@pytest.mark.parametrize(
    ("lattice", "ratio", "message"),
    [("fcc", 1.6, "fcc has none"), ("hcp", 0.2, "between 1 and 3"), ("hcp", "wide", "got 'wide'")],
)
def test_wrong_ratios_are_refused(lattice: str, ratio: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        environment(lattice, 2, c_over_a=ratio)  # type: ignore[arg-type]
