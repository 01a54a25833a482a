"""The four cameras of the paper's figures."""

import numpy as np
import pytest

from rbfcore.lattice import Viewpoint, environment

VIEWPOINTS = environment("fcc").viewpoints
JUMP = np.array([1.0, 1.0, 0.0])


@pytest.mark.parametrize("view", VIEWPOINTS, ids=lambda view: view.name)
def test_rotations_are_right_handed_and_orthonormal(view: Viewpoint) -> None:
    rotation = view.rotation()
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-14)
    assert np.linalg.det(rotation) == pytest.approx(1.0)


@pytest.mark.parametrize("view", VIEWPOINTS, ids=lambda view: view.name)
def test_the_named_direction_points_at_the_eye(view: Viewpoint) -> None:
    named = np.array([float(number) for number in view.name.strip("[]").split()])
    np.testing.assert_allclose(view.rotation() @ named, [0, 0, np.linalg.norm(named)], atol=1e-14)


def test_the_four_directions_of_the_paper() -> None:
    assert [view.name for view in VIEWPOINTS] == ["[1 1 0]", "[0 0 1]", "[1 -1 0]", "[0 3 1]"]


@pytest.mark.parametrize("name", ["[0 0 1]", "[1 -1 0]"])
def test_the_jump_goes_right(name: str) -> None:
    (view,) = (view for view in VIEWPOINTS if view.name == name)
    np.testing.assert_allclose(view.rotation() @ JUMP, [np.sqrt(2), 0, 0], atol=1e-14)


@pytest.mark.parametrize("name", ["[1 1 0]", "[1 -1 0]", "[0 3 1]"])
def test_the_surface_normal_001_points_up(name: str) -> None:
    (view,) = (view for view in VIEWPOINTS if view.name == name)
    right, up, _ = view.rotation() @ np.array([0.0, 0.0, 1.0])
    assert right == pytest.approx(0)
    assert up > 0
