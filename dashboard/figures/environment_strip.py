"""Environments side by side as small pictures: filled and empty sites, for what a distribution draws."""

from html import escape

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.drawing.palettes import palette_named
from dashboard.drawing.scene import drawn_size
from dashboard.figures.svg_image import svg_image
from rbfcore.lattice import Environment, Viewpoint

_SITE, _NEARER = 0.17, 0.14  # radius in FCC lattice constants; nearer sites are drawn larger, so that stacked ones show
_CELL = 12  # pixels of a square, for inputs without a lattice
_ACROSS = 13


def environment_strip(
    filled: ArrayLike,
    env: Environment | None,
    *,
    captions: list[str] | None = None,
    palette: str = "red-blue",
    viewpoint: Viewpoint | None = None,
    size: int = 92,
) -> str:
    """One small picture per row, wrapped like words.

    Args:
        filled: (N, D) share of filling, in [0, 1]: 1 filled, 0 empty; values in between are drawn by opacity.
        env: the lattice of D sites; None draws squares, row by row.
        captions: (N,) a few words below each picture.
        palette: colour of filled sites is that of positive ones, outline of empty ones that of negative ones.
        viewpoint: direction to look from; by default from above the jump.
        size: of one picture, in pixels.

    Raises:
        ValueError: the number of columns is not that of the sites, or shares are outside [0, 1].
    """
    rows = np.asarray(filled, dtype=np.float64)
    if rows.ndim != 2 or (env is not None and rows.shape[1] != env.n_sites):
        sites = "D" if env is None else str(env.n_sites)
        raise ValueError(f"filled must be (N, {sites}): one column per site, got shape {rows.shape}")
    if not ((rows >= 0) & (rows <= 1)).all():
        raise ValueError("filled must be shares between 0 and 1")
    colours = palette_named(palette)
    words = captions or [""] * len(rows)
    cards = []
    for number, (row, caption) in enumerate(zip(rows, words, strict=True), start=1):
        drawn = _squares(row) if env is None else _sites(row, env, viewpoint or env.viewpoints[1], size)
        height = size if env is not None else _CELL * -(-len(row) // _ACROSS)
        width = size if env is not None else _CELL * min(len(row), _ACROSS)
        told = f"environment {number}: {row.sum():.3g} of {len(row)} sites filled {caption}".strip()
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'style="--filled:{colours.positive};--empty:{colours.negative}">{drawn}</svg>'
        )
        cards.append(
            f'<figure style="margin:0;text-align:center;font-size:.72rem">{svg_image(svg, told, "margin:auto")}'
            f'<figcaption style="opacity:.8">{escape(caption)}</figcaption></figure>'
        )
    return f'<div style="display:flex;flex-wrap:wrap;gap:.5rem">{"".join(cards)}</div>'


def _sites(row: NDArray[np.float64], env: Environment, viewpoint: Viewpoint, size: int) -> str:
    """Circles back to front."""
    placed = (env.positions - env.target / 2) @ viewpoint.rotation().T
    extent = float(np.linalg.norm(placed, axis=1).max())
    site_radius = _SITE * drawn_size(env)
    scale = size / 2 / (extent + 1.3 * site_radius)
    parts = []
    for site in np.argsort(placed[:, 2]):
        right, up, depth = placed[site]
        radius = scale * site_radius * (1 + _NEARER * depth / extent)
        parts.append(
            f'<circle cx="{size / 2 + scale * right:.1f}" cy="{size / 2 - scale * up:.1f}" r="{radius:.1f}" '
            f"{_look(row[site])}/>"
        )
    return "".join(parts)


def _squares(row: NDArray[np.float64]) -> str:
    return "".join(
        f'<rect x="{_CELL * (d % _ACROSS) + 1}" y="{_CELL * (d // _ACROSS) + 1}" width="{_CELL - 2}" '
        f'height="{_CELL - 2}" {_look(share)}/>'
        for d, share in enumerate(row)
    )


def _look(share: float) -> str:
    """Filled sites are solid, empty ones a dashed outline: told apart without colour too."""
    if share == 0:
        return 'fill="none" stroke="var(--empty)" stroke-dasharray="2 1.6"'
    return f'fill="var(--filled)" fill-opacity="{share:.3g}" stroke="var(--filled)"'
