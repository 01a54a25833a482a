"""Figure 4: a few prototypes large, from the four viewpoints, under a key of the sites coloured by group."""

import re
from collections.abc import Sequence

from dashboard.figures.paper.site_map import INK, colours_of, key, key_width, site_map
from dashboard.figures.prototype_svg import prototypes_svg
from rbfcore.lattice import Environment
from rbfcore.lattice.groups import GROUPS, site_groups
from rbfcore.parameters import Parameters

_SIZE, _GAP, _HEAD = 190, 16, 30


def figure4_svg(
    prototypes: Parameters,
    env: Environment,
    surface: str,
    order: Sequence[int],
    opacity_name: str = "paper",
    palette: str = "red-blue",
) -> str:
    """A row of site groups, then one row per chosen prototype.

    Args:
        surface: whose layers make the groups.
        order: which prototypes, 0-based.
        opacity_name, palette: as `prototypes_svg`.

    Raises:
        ValueError: unknown surface or prototype.
    """
    colours = colours_of(groups := site_groups(env, surface), GROUPS, env.n_sites)
    rows = prototypes_svg(
        prototypes,
        env,
        palette=palette,
        opacity_name=opacity_name,
        order=order,
        columns=1,
        view_size=_SIZE,
        background=None,
    )
    head = re.match(r'<svg [^>]*width="([\d.]+)" height="([\d.]+)"[^>]*>', rows)
    assert head is not None
    wide, below = float(head[1]), float(head[2])
    top = _HEAD + _SIZE + _GAP
    tall = top + below
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{tall:g}" viewBox="0 0 {wide:g} {tall:g}" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}" role="img">',
        f"<title>Prototypes of {{{surface}}}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{_GAP + 2}" y="20" font-weight="650" font-size="14">{{{surface}}}</text>',
        *key(list(groups), GROUPS, wide - key_width(list(groups)) - _GAP + 24, 20),
    ]
    for number, viewpoint in enumerate(env.viewpoints):
        parts.append(f'<g transform="translate({_GAP + number * _SIZE} {_HEAD})">')
        parts += site_map(env, viewpoint.rotation(), colours, _SIZE)
        parts.append("</g>")
    inner = rows[head.end() : rows.rindex("</svg>")]
    return "\n".join([*parts, f'<g transform="translate(0 {top})">{inner}</g>', "</svg>"]) + "\n"
