"""Lattices that travel as JSON: a known one in another order, and sites of one's own."""

import numpy as np
import pytest

from rbfcore.lattice import described_environment, environment


@pytest.mark.parametrize(("lattice", "shells"), [("fcc", 2), ("fcc", 3), ("bcc", 2)])
@pytest.mark.parametrize("named", [True, False])
def test_a_known_lattice_in_another_order(lattice: str, shells: int, named: bool) -> None:
    usual = environment(lattice, shells)
    order = np.random.default_rng(0).permutation(usual.n_sites)
    description = {"positions": usual.positions[order].tolist()}
    if named:
        description |= {"lattice": lattice, "shells": shells}
    found = described_environment(description)
    np.testing.assert_allclose(found.positions, usual.positions[order])
    np.testing.assert_array_equal(found.shell, usual.shell[order])
    assert found.symmetry.shape == usual.symmetry.shape


def test_a_lattice_of_ones_own() -> None:
    """A square lattice: the jump to (1, 0, 0) has a mirror, and its reversal exchanges left and right."""
    positions = [[0, 1, 0], [0, -1, 0], [1, 1, 0], [1, -1, 0], [-1, 0, 0], [2, 0, 0]]
    found = described_environment({"name": "square", "positions": positions, "target": [1, 0, 0]})
    assert (found.lattice, found.n_sites) == ("square", 6)
    assert set(found.shell) == {1}
    assert [1, 0, 3, 2, 4, 5] in found.symmetry.tolist()
    assert [2, 3, 0, 1, 5, 4] in found.reverse.tolist()
    shells = described_environment({"positions": positions, "target": [1, 0, 0], "shell": [1, 1, 2, 2, 3, 3]}).shell
    assert shells.tolist() == [1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ({}, "positions"),
        ({"positions": [[0, 1]]}, "rows"),
        ({"positions": "far away"}, "positions"),
        ({"positions": [[0, 1, float("nan")]]}, "finite"),
        ({"positions": [[0, 1, 0]]}, "no FCC or BCC"),
        ({"positions": [[0, 1, 0]], "lattice": "fcc"}, "26 sites"),
        ({"positions": [[0, 1, 0]], "lattice": "diamond"}, "unknown lattice"),
        ({"positions": [[0, 1, 0]], "target": [0, 0, 0]}, "target"),
        ({"positions": [[0, 1, 0], [1, 0, 0]], "target": [1, 0, 0]}, "site 2 and the target are at the same place"),
        ({"positions": [[0, 1, 0]], "target": [1, 0, 0], "shell": [0]}, "shell"),
    ],
)
def test_what_describes_no_lattice(description: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        described_environment(description)
