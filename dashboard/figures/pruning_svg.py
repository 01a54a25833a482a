"""How the gap of a pruning came down, as an SVG picture: light enough to be drawn again and again during the run."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from dashboard.drawing.colours import GREY, TEAL
from dashboard.figures.svg_axes import caption, even_marks, nice_step, rule
from dashboard.figures.svg_image import ink, scalable, svg_image, with_notes

_WIDTH, _HEIGHT = 900, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 26, 36
_STRIPS = 60  # of the picture, each with a step's gaps for the mouse
_LOGARITHMIC_FROM = 8  # largest gap over smallest where the axis becomes logarithmic


def pruning_html(history: Sequence[Sequence[float]], unit: str, *, dark: bool = False) -> str:
    """Exact RMS gap to the large network by step, as an HTML element: every restart thin, the best of all thick.

    Args:
        history: (step, loss of restart 1, ..., loss of restart R) of each step, losses in `unit` squared; one at least.
    """
    steps, *losses = np.asarray(history, dtype=np.float64).T
    gaps = np.sqrt(np.clip(losses, 0, None))  # (R, steps)
    best = gaps.min(0)
    log = gaps.max() > _LOGARITHMIC_FROM * gaps.min() > 0
    bottom, top = (gaps.min(), gaps.max()) if log else (0.0, max(1.08 * float(gaps.max()), 1e-300))
    right = max(steps[-1], 1.0)

    def x(step: NDArray[np.float64] | float) -> NDArray[np.float64]:
        return np.asarray(_LEFT + (_WIDTH - _LEFT - _RIGHT) * np.asarray(step) / right)

    def y(gap: NDArray[np.float64] | float) -> NDArray[np.float64]:
        share = np.log(np.maximum(gap, bottom) / bottom) / math.log(top / bottom) if log else np.asarray(gap) / top
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share

    def line(gap: NDArray[np.float64], look: str) -> str:
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x(steps), y(gap), strict=True))
        return f'<polyline points="{points}" fill="none" {look}/>'

    parts = []
    for gap in _decades(bottom, top) if log else even_marks(top, 3.5):
        parts.append(rule(_LEFT, float(y(gap)), _WIDTH - _RIGHT, float(y(gap)), 0.14 if gap > bottom else 0.5))
        parts.append(caption(_LEFT - 6, float(y(gap)) + 4, f"{gap:.3g}", "end"))
    for step in np.arange(0, right + 1e-9, nice_step(max(right / 8, 1))):
        parts.append(caption(float(x(step)), _HEIGHT - _BOTTOM + 17, f"{step:.0f}", "middle"))
    parts.append(caption(_WIDTH - _RIGHT, _HEIGHT - 3, "step", "end"))
    thin = f'stroke="{GREY}" stroke-opacity="0.55"'
    parts += [line(gap, thin) for gap in gaps]
    parts.append(line(best, f'stroke="{TEAL}" stroke-width="3"'))
    parts.append(caption(_LEFT, 12, f"exact RMS gap{f', {unit}' if unit else ''}", "start"))
    parts += _legend()
    told = f"Exact RMS gap by step: from {best[0]:.4f} to {best[-1]:.4f} {unit} in {len(best)} steps".strip()
    if len(gaps) > 1:
        told += f"; the restarts are between {gaps[:, -1].min():.4f} and {gaps[:, -1].max():.4f}"
    svg = scalable(parts, (_WIDTH, _HEIGHT), ink(dark=dark), 13)
    edges = _TOP / _HEIGHT, _RIGHT / _WIDTH, _BOTTOM / _HEIGHT, _LEFT / _WIDTH
    return with_notes(svg_image(svg, told), list(_notes(steps, gaps, right, unit)), edges)


def _notes(steps: NDArray[np.float64], gaps: NDArray[np.float64], right: float, unit: str) -> Iterator[str]:
    """The gaps at steps that stand side by side, each in the middle of its strip of the picture."""
    count = min(_STRIPS, len(steps))
    for middle in (np.arange(count) + 0.5) * right / count:
        nearest = int(np.abs(steps - middle).argmin())
        now = gaps[:, nearest]
        others = f", restarts to {now.max():.4f}" if len(now) > 1 else ""
        yield f"step {steps[nearest]:.0f}: best {now.min():.4f}{others} {unit}".strip()


def _decades(bottom: float, top: float) -> Iterator[float]:
    """1, 2 and 5 times the powers of ten between the two."""
    powers = range(math.floor(math.log10(bottom)), math.ceil(math.log10(top)) + 1)
    return (m * 10.0**power for power in powers for m in (1, 2, 5) if bottom <= m * 10.0**power <= top)


def _legend() -> Iterator[str]:
    """Which line is which, at the upper right."""
    for end, text, look in (
        (_WIDTH - 150, "best", f'stroke="{TEAL}" stroke-width="3"'),
        (_WIDTH - _RIGHT, "each restart", f'stroke="{GREY}"'),
    ):
        start = end - 7 * len(text) - 26
        yield f'<path d="M{start} 8 H{start + 20}" {look}/>'
        yield caption(end, 12, text, "end")
