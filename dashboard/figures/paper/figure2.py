"""Figure 2: the sites around a jump by neighbour shell, and how the three surfaces cut them into layers."""

import numpy as np

from dashboard.figures.paper.site_map import INK, colours_of, key, map_scale, site_map
from rbfcore.lattice import Environment, Viewpoint
from rbfcore.lattice.groups import GROUPS, site_groups

_SIZE, _GAP, _HEAD = 190, 14, 30
_SHELLS = ("1nn", "2nn")


def figure2_svg(env: Environment) -> str:
    """Upper row: the sites from the four viewpoints, coloured by shell. Lower row: the surfaces seen along their plane.

    Args:
        env: an environment of two shells with layers of its surfaces.
    """
    wide = 4 * _SIZE + 5 * _GAP
    tall = 2 * (_SIZE + _HEAD) + 2 * _GAP
    shells = {name: np.flatnonzero(env.shell == number) for number, name in enumerate(_SHELLS, 1)}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{tall}" viewBox="0 0 {wide} {tall}" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}" role="img">',
        f"<title>{env.n_sites} sites around a jump</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        '<text x="14" y="22" font-weight="650">Sites by neighbour shell</text>',
        *key(_SHELLS, _SHELLS, 200, 22),
    ]
    colours = colours_of(shells, _SHELLS, env.n_sites)
    for number, viewpoint in enumerate(env.viewpoints):
        parts.append(f'<g transform="translate({_GAP + number * (_SIZE + _GAP)} {_HEAD})">')
        parts += site_map(env, viewpoint.rotation(), colours, _SIZE)
        parts.append(f'<text x="4" y="{_SIZE - 2}" font-size="10">{viewpoint.name}</text></g>')
    top = _HEAD + _SIZE + _GAP
    parts.append(f'<text x="14" y="{top + 22}" font-weight="650">Layers parallel to a surface</text>')
    parts += key(GROUPS, GROUPS, 230, top + 22)
    for number, surface in enumerate(env.layer):
        parts.append(f'<g transform="translate({_GAP + number * (_SIZE + 5 * _GAP)} {top + _HEAD})">')
        parts += _edge_on(env, surface)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def edge_on(env: Environment, surface: str) -> Viewpoint:
    """A view along the planes of a surface, across the jump, with the surface's outside up."""
    normal = _normal(env, surface)
    return Viewpoint(f"{{{surface}}}", tuple(np.cross(env.target, normal)), tuple(normal))


def _normal(env: Environment, surface: str) -> np.ndarray:
    """The direction along which the layer number of the sites rises, from the sites themselves."""
    layer = env.layer[surface].astype(np.float64)
    design = np.column_stack([env.positions, np.ones(env.n_sites)])
    slope = np.linalg.lstsq(design, layer, rcond=None)[0][:3]
    return np.asarray(slope / np.abs(slope).max())


def _edge_on(env: Environment, surface: str) -> list[str]:
    view = edge_on(env, surface)
    colours = colours_of(site_groups(env, surface), GROUPS, env.n_sites)
    scale, rotation = map_scale(env, _SIZE), view.rotation()
    height = (env.positions - env.target / 2) @ rotation[1]
    parts = []
    for layer in sorted(set(env.layer[surface].tolist())):
        y = _SIZE / 2 - scale * float(height[env.layer[surface] == layer].mean())
        strong = ' stroke-opacity="0.9"' if layer == 0 else ' stroke-opacity="0.3" stroke-dasharray="4 3"'
        label = f"{layer:+d}".replace("-", "\N{MINUS SIGN}") if layer else "0, own layer"
        parts.append(f'<path d="M0 {y:.2f} H{_SIZE}" fill="none" stroke="{INK}"{strong}/>')
        parts.append(f'<text x="{_SIZE + 4}" y="{y + 3:.2f}" font-size="9.5">{label}</text>')
    parts += site_map(env, rotation, colours, _SIZE, numbers=False)
    parts.append(f'<text x="4" y="{_SIZE - 4}" font-size="12" font-weight="650">{view.name}</text>')
    return parts
