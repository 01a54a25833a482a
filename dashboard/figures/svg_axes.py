"""Parts of small curves drawn as SVG in the colour of the text around them."""

import math
from html import escape


def nice_step(step: float) -> float:
    """1, 2 or 5 times a power of ten, at least `step`."""
    power: float = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * 0.999)


def even_marks(top: float, about: float) -> list[float]:
    """Marks of an axis from 0 to `top`, evenly spaced at a nice step, about so many."""
    step = nice_step(top / about)
    return [i * step for i in range(int(top / step + 1e-9) + 1)]


def rule(x1: float, y1: float, x2: float, y2: float, opacity: float) -> str:
    """A thin straight line."""
    path = f"M{x1:.1f} {y1:.1f} L{x2:.1f} {y2:.1f}"
    return f'<path d="{path}" stroke="currentColor" stroke-opacity="{opacity}" fill="none"/>'


def caption(x: float, y: float, text: str, anchor: str, *, bold: bool = False) -> str:
    """Text beside a point: anchor "start", "middle" or "end"."""
    look = 'font-weight="650"' if bold else 'fill-opacity="0.75"'
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor" {look}>{escape(text)}</text>'
