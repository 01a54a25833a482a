"""Settings of the physics: checked at the door, and restored from a file."""

import math

import pytest

from rbfcore.barriers.physics_chunk import PhysicsChunk


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"potential": "lennard-jones"}, "unknown potential"),
        ({"tether": -1.0}, "tether must be"),
        ({"tether": math.nan}, "tether must be"),
        ({"r_mobile": 0.0}, "mobile radius"),
    ],
)
def test_bad_settings(settings: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PhysicsChunk(**settings)


def test_settings_come_back() -> None:
    compute = PhysicsChunk("emt", 0.5, False, 2.6)
    assert PhysicsChunk.of_settings(compute.settings()) == compute
    with pytest.raises(ValueError, match="does not say its r_mobile"):
        PhysicsChunk.of_settings(compute.settings() | {"r_mobile": None})


def make_calculator() -> None:
    raise NotImplementedError


def test_calculators_of_the_user_are_named() -> None:
    settings = PhysicsChunk(make_calculator).settings()
    assert settings["potential"].endswith("make_calculator")
    with pytest.raises(ValueError, match="only mishin and emt"):
        PhysicsChunk.of_settings(settings)
