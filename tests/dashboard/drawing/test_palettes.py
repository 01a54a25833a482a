"""Palettes under simulated colour blindness (Machado, Oliveira and Fernandes 2009, severity 1)."""

import numpy as np
import pytest
from numpy.typing import NDArray

from dashboard.drawing.palettes import PALETTES, lighter, palette_named

SIGNS_APART = 70.0  # CIE76 difference in Lab; 2.3 is just noticeable
NEUTRAL_APART = 30.0  # the atom and its target differ in size and shape as well
VISION = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def lab(colour: str, vision: NDArray[np.float64]) -> NDArray[np.float64]:
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(vision @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ seen / (to_xyz @ np.ones(3))
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("name", PALETTES)
def test_signs_stay_apart(name: str, vision: str) -> None:
    palette = PALETTES[name]
    positive, negative, neutral = (
        lab(colour, VISION[vision]) for colour in (palette.positive, palette.negative, palette.neutral)
    )
    assert np.linalg.norm(positive - negative) > SIGNS_APART
    assert min(np.linalg.norm(positive - neutral), np.linalg.norm(negative - neutral)) > NEUTRAL_APART


def test_the_default_is_the_papers() -> None:
    red, _, blue = (int(palette_named("red-blue").positive[i : i + 2], 16) for i in (1, 3, 5))
    assert red > 2 * blue


def test_lighter_and_darker() -> None:
    assert lighter("#204060", 0.5) == "#90a0b0"
    assert lighter("#204060", -0.5) == "#102030"
    assert lighter("#204060", 0.0) == "#204060"


def test_unknown_name() -> None:
    with pytest.raises(ValueError, match="red-blue, orange-blue"):
        palette_named("mauve")
