"""What a set says about its potential."""

import json

import pytest

from rbfcore.barriers.provenance import barrier_provenance


# The constants of the two papers, and the lattice constant that ASE's EMT relaxes copper to.
@pytest.mark.parametrize(
    ("potential", "constant", "name", "value"),
    [("mishin", 3.61493, "rc", 5.50679), ("emt", 3.59, "E0_eV", -3.51)],
)
def test_parameters_travel_with_the_set(potential: str, constant: float, name: str, value: float) -> None:
    facts = json.loads(json.dumps(barrier_provenance("100", {"potential": potential, "seed": 4}, "all")))
    assert facts["lattice_constant_angstrom"] == pytest.approx(constant, abs=3e-3)
    assert facts["potential_parameters"][name] == value
    assert facts["seed"] == 4
    assert facts["status_codes"]["5"] == "the energy has no maximum along the jump"


def test_a_calculator_of_the_user_is_named() -> None:
    facts = barrier_provenance("111", {"potential": "mine.make"}, "all")
    assert facts["potential"] == "mine.make"
    assert "potential_parameters" not in facts
