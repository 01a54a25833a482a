"""Colours of a prototype: positive, negative and neutral, kept apart for colour-blind eyes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours as #rrggbb.

    Attributes:
        name: what the palette is called in the code and in files.
        label: what it is called on screen.
        positive: sites that raise a prototype's response when filled.
        negative: sites that raise it when empty.
        neutral: the migrating atom, its target, and sites whose value is exactly 0.
    """

    name: str
    label: str
    positive: str
    negative: str
    neutral: str = "#8f8f8f"


PALETTES = {
    "red-blue": Palette("red-blue", "red / blue", "#d1202f", "#1f66c1"),
    "orange-blue": Palette("orange-blue", "orange / blue", "#e07b00", "#1c55a8"),
}


def palette_named(name: str) -> Palette:
    """The palette of that name.

    Raises:
        ValueError: there is none.
    """
    if name not in PALETTES:
        raise ValueError(f"unknown palette {name!r}: expected one of {', '.join(PALETTES)}")
    return PALETTES[name]


def lighter(colour: str, share: float) -> str:
    """#rrggbb mixed with white by `share`, or with black when it is negative."""
    end = 255 if share > 0 else 0
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(part + (end - part) * abs(share)):02x}" for part in parts)
