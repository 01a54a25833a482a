"""The sites of an environment as SVG, coloured by group and numbered: what the prototypes are drawn on."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from dashboard.drawing.palettes import PALETTES, lighter
from dashboard.drawing.scene import ATOM_RADIUS, NEARER_IS_LARGER, SITE_RADIUS
from rbfcore.lattice import Environment

# Apart for colour-blind eyes, and neither the red nor the blue that mean the sign of a site.
GROUP_COLOURS = ("#e69f00", "#009e73", "#7a5195")
INK = "#31333f"
_ROOM = 1.04
_SAME_PLACE = 0.05  # lattice constants on the screen
_LINE = 8.5  # pixels


def colours_of(groups: Mapping[str, NDArray[np.int64]], names: Sequence[str], n_sites: int) -> list[str]:
    """(D,) colour of each site; a name always has the same colour, whichever groups exist."""
    colours = ["#999999"] * n_sites
    for name, sites in groups.items():
        for site in sites.tolist():
            colours[site] = GROUP_COLOURS[list(names).index(name)]
    return colours


def map_scale(env: Environment, size: float) -> float:
    """Pixels per lattice constant of a picture `size` pixels wide."""
    extent = float(np.linalg.norm(env.positions - env.target / 2, axis=1).max())
    return size / 2 / (extent + SITE_RADIUS * (1 + NEARER_IS_LARGER)) / _ROOM


def site_map(
    env: Environment, rotation: NDArray[np.float64], colours: Sequence[str], size: float, *, numbers: bool = True
) -> list[str]:
    """Sites, migrating atom and target, back to front, in a square of `size` pixels.

    Args:
        rotation: (3, 3) rows right, up, towards the eye.
        colours: (D,) of the sites.
        numbers: write the site numbers; sites behind each other share one label, the nearest first.
    """
    scale, centre = map_scale(env, size), env.target / 2
    extent = float(np.linalg.norm(env.positions - centre, axis=1).max())

    def placed(point: NDArray[np.float64]) -> tuple[float, float, float, float]:
        right, up, depth = rotation @ (point - centre)
        return size / 2 + right * scale, size / 2 - up * scale, depth, scale * (1 + NEARER_IS_LARGER * depth / extent)

    items: list[tuple[float, str]] = []
    for position, colour in zip(env.positions, colours, strict=True):
        x, y, depth, local = placed(position)
        items.append(
            (
                depth,
                f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{SITE_RADIUS * local:.2f}" fill="{lighter(colour, 0.45)}" '
                f'fill-opacity="0.55" stroke="{colour}" stroke-width="1.2"/>',
            )
        )
    neutral = PALETTES["red-blue"].neutral
    for point, look in ((np.zeros(3), f'fill="{neutral}"'), (env.target, f'fill="none" stroke="{neutral}"')):
        x, y, depth, local = placed(point)
        items.append((depth, f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{ATOM_RADIUS * local:.2f}" {look}/>'))
    parts = [text for _, text in sorted(items, key=lambda item: item[0])]
    if numbers:
        for site, lines in _labels(env, rotation):
            x, y, *_ = placed(env.positions[site])
            for number, line in enumerate(lines):
                at = y + 3 + _LINE * (number - (len(lines) - 1) / 2)
                parts.append(
                    f'<text x="{x:.2f}" y="{at:.2f}" font-size="{_LINE}" text-anchor="middle">{escape(line)}</text>'
                )
    return parts


def key(names: Sequence[str], all_names: Sequence[str], x: float, y: float) -> list[str]:
    """A legend of groups in one line that starts at x, in the colours of `colours_of`; see `key_width`."""
    parts: list[str] = []
    at = x
    for name in names:
        colour = GROUP_COLOURS[list(all_names).index(name)]
        parts.append(
            f'<circle cx="{at + 6}" cy="{y - 4}" r="6" fill="{lighter(colour, 0.45)}" fill-opacity="0.55" '
            f'stroke="{colour}" stroke-width="1.2"/><text x="{at + 16}" y="{y}" font-size="11">{escape(name)}</text>'
        )
        at += _key_step(name)
    return parts


def key_width(names: Sequence[str]) -> float:
    """Pixels that `key` takes."""
    return sum(map(_key_step, names))


def _key_step(name: str) -> float:
    return 36 + 6.4 * len(name)


def _labels(env: Environment, rotation: NDArray[np.float64]) -> list[tuple[int, list[str]]]:
    """For each place on the screen its nearest site and the names of all sites there, two to a line."""
    screen = (env.positions - env.target / 2) @ rotation.T
    labels: list[tuple[int, list[str]]] = []
    free = set(range(env.n_sites))
    for site in np.argsort(-screen[:, 2], kind="stable").tolist():
        if site not in free:
            continue
        behind = [s for s in sorted(free) if np.linalg.norm(screen[s, :2] - screen[site, :2]) < _SAME_PLACE]
        behind.sort(key=lambda s: -screen[s, 2])
        free -= set(behind)
        names = [env.names[s] for s in behind]
        labels.append((site, [",".join(names[first : first + 2]) for first in range(0, len(names), 2)]))
    return labels
