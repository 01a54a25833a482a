"""The cameras: those of the paper's figures, those of other lattices, and those found from the sites."""

import numpy as np
import pytest

from rbfcore.lattice import LATTICES, Viewpoint, described_environment, environment, lattice_environment

FCC = environment("fcc").viewpoints
JUMP = np.array([1.0, 1.0, 0.0])


@pytest.mark.parametrize("view", FCC, ids=lambda view: view.name)
def test_rotations_are_right_handed_and_orthonormal(view: Viewpoint) -> None:
    rotation = view.rotation()
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-14)
    assert np.linalg.det(rotation) == pytest.approx(1.0)


@pytest.mark.parametrize("view", FCC + environment("bcc").viewpoints, ids=lambda view: view.name)
def test_the_named_direction_points_at_the_eye(view: Viewpoint) -> None:
    named = np.array([float(number) for number in view.name.strip("[]").split()])
    np.testing.assert_allclose(view.rotation() @ named, [0, 0, np.linalg.norm(named)], atol=1e-14)


def test_the_four_directions_of_the_paper() -> None:
    assert [view.name for view in FCC] == ["[1 1 0]", "[0 0 1]", "[1 -1 0]", "[0 3 1]"]


@pytest.mark.parametrize("name", ["[0 0 1]", "[1 -1 0]"])
def test_the_jump_goes_right(name: str) -> None:
    (view,) = (view for view in FCC if view.name == name)
    np.testing.assert_allclose(view.rotation() @ JUMP, [np.sqrt(2), 0, 0], atol=1e-14)


@pytest.mark.parametrize("name", ["[1 1 0]", "[1 -1 0]", "[0 3 1]"])
def test_the_surface_normal_001_points_up(name: str) -> None:
    (view,) = (view for view in FCC if view.name == name)
    right, up, _ = view.rotation() @ np.array([0.0, 0.0, 1.0])
    assert right == pytest.approx(0)
    assert up > 0


@pytest.mark.parametrize("lattice", ["hcp-basal", "hcp-pyramidal"])
def test_four_indices_name_directions_of_hcp(lattice: str) -> None:
    """u a1 + v a2 + t a3 + w c, from the three axes themselves."""
    axes = np.array([[1, 0, 0], [-1 / 2, np.sqrt(3) / 2, 0], [-1 / 2, -np.sqrt(3) / 2, 0], [0, 0, np.sqrt(8 / 3)]])
    for view in environment(lattice).viewpoints:
        u, v, t, w = (int(number) for number in view.name.strip("[]").split())
        assert u + v + t == 0
        np.testing.assert_allclose(view.direction, np.array([u, v, t, w]) @ axes, atol=1e-14)


def as_own(name: str) -> tuple[Viewpoint, ...]:
    """The viewpoints that the sites of a named lattice get when nothing else is known of them."""
    sites = lattice_environment(name)
    return described_environment({"positions": sites.positions.tolist(), "target": sites.target.tolist()}).viewpoints


@pytest.mark.parametrize("name", LATTICES)
@pytest.mark.parametrize("given", [True, False])
def test_every_lattice_is_seen_along_above_across_and_obliquely(name: str, given: bool) -> None:
    """Along the jump it points at the eye, across it lies in the screen and goes right. Obliquely no two sites fall on
    each other, but for the paper's direction, which keeps the layers level."""
    sites = lattice_environment(name)
    along, above, across, oblique = sites.viewpoints if given else as_own(name)
    length = np.linalg.norm(sites.target)
    np.testing.assert_allclose(along.rotation() @ sites.target, [0, 0, length], atol=1e-9)
    right, _, depth = across.rotation() @ sites.target
    assert right > 0
    assert depth == pytest.approx(0, abs=1e-9)
    right, up, _ = above.rotation() @ sites.target
    assert right > 0
    assert up == pytest.approx(0, abs=1e-9)
    points = np.vstack([sites.positions, np.zeros(3), sites.target]) @ oblique.rotation()[:2].T
    gaps = np.linalg.norm(points[:, None] - points, axis=2)[np.triu_indices(len(points), 1)]
    if oblique.name != "[0 3 1]":
        assert gaps.min() > 0.25 * sites.spacing


@pytest.mark.parametrize("normal", [(0, 0, 1), (0, 1, 0), (0, 1, 1), (0, -1, 2)])
def test_a_planar_lattice_is_seen_from_its_face(normal: tuple[int, int, int]) -> None:
    """A square lattice in any plane that contains the jump along x."""
    face = np.array(normal) / np.linalg.norm(normal)
    side = np.cross(face, [1, 0, 0])
    flat = [(x, y) for x in (-1, 0, 1, 2) for y in (-1, 0, 1) if (x, y) not in ((0, 0), (1, 0))]
    places = [(x * np.array([1, 0, 0]) + y * side).tolist() for x, y in flat]
    above = described_environment({"positions": places, "target": [1, 0, 0]}).viewpoints[1]
    np.testing.assert_allclose(np.abs(above.rotation()[2] @ face), 1)


def test_sites_in_a_row_have_viewpoints_too() -> None:
    for target in ([0, 0, 2], [0, 2, 0]):
        row = (np.array([[-1.0], [2.0], [0.5]]) * target).tolist()
        for view in described_environment({"positions": row, "target": target}).viewpoints:
            np.testing.assert_allclose(view.rotation() @ view.rotation().T, np.eye(3), atol=1e-12)
