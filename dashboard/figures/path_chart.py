"""The pruning path as an SVG picture: exact gap against the number of prototypes. Light enough for any page."""

import math

from dashboard.drawing.colours import AMBER, TEAL
from dashboard.figures.svg_axes import caption, even_marks, rule
from dashboard.figures.svg_image import INK, ink, scalable, svg_image
from rbfcore.storage.pruning_path import PruningPath

_WIDTH, _HEIGHT = 620, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 14, 24, 38


def path_chart_html(
    curve: PruningPath, size: int, unit: str, test_rmse: float | None = None, *, dark: bool = False
) -> str:
    """The picture as an HTML element with its alt text; arguments as `path_chart_svg`."""
    gaps = _known(curve)
    told = f"Pruning path: with {size} prototypes the exact RMS gap is {gaps.get(size, math.nan):.4f} {unit}. "
    told += "All sizes: " + ", ".join(f"{m}: {value:.4f}" for m, value in gaps.items())
    return svg_image(path_chart_svg(curve, size, unit, test_rmse, ink(dark=dark)), told)


def path_chart_svg(curve: PruningPath, size: int, unit: str, test_rmse: float | None = None, text: str = INK) -> str:
    """The curve with one size marked.

    Args:
        curve: pruned networks of rising size.
        size: the one on screen.
        unit: of the gap.
        test_rmse: error of the large network on test data, drawn as a line to compare with.
        text: colour of text and axes.
    """
    gaps = _known(curve)
    top = 1.12 * max(*gaps.values(), test_rmse or 0.0, 1e-12)
    first, last = math.log2(curve.sizes[0]), max(math.log2(curve.sizes[-1]), math.log2(curve.sizes[0]) + 1)

    def x(m: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (math.log2(m) - first) / (last - first)

    def y(gap: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * gap / top

    parts = []
    for gap in even_marks(top, 3):
        parts.append(rule(_LEFT, y(gap), _WIDTH - _RIGHT, y(gap), 0.14 if gap else 0.5))
        parts.append(caption(_LEFT - 6, y(gap) + 4, f"{gap:.3g}", "end"))
    last_label = -1e9
    for m in curve.sizes:
        if x(m) - last_label > 22:
            parts.append(caption(x(m), _HEIGHT - _BOTTOM + 17, str(m), "middle"))
            last_label = x(m)
    parts.append(caption(_WIDTH - _RIGHT, _HEIGHT - 3, "prototypes M", "end"))
    if test_rmse:
        parts.append(
            f'<path d="M{_LEFT} {y(test_rmse):.1f} H{_WIDTH - _RIGHT}" stroke="{AMBER}" stroke-width="1.5" '
            'stroke-dasharray="5 4" fill="none"/>'
        )
        parts.append(caption(_LEFT + 4, y(test_rmse) - 5, f"test error of the large network, {test_rmse:.3f}", "start"))
    points = " ".join(f"{x(m):.1f},{y(gap):.1f}" for m, gap in gaps.items())
    parts.append(f'<polyline points="{points}" fill="none" stroke="{TEAL}" stroke-width="2"/>')
    parts += [f'<circle cx="{x(m):.1f}" cy="{y(gap):.1f}" r="3" fill="{TEAL}"/>' for m, gap in gaps.items()]
    if size in gaps:
        parts += _marked(x(size), y(gaps[size]), f"{size}: {gaps[size]:.4f} {unit}".strip())
    parts.append(caption(_LEFT, 12, f"exact RMS gap{f', {unit}' if unit else ''}", "start"))
    return scalable(parts, (_WIDTH, _HEIGHT), text, 14)


def _known(curve: PruningPath) -> dict[int, float]:
    """Gap by size, where the run card records it."""
    return {size: gap for size, gap in zip(curve.sizes, curve.gaps, strict=True) if math.isfinite(gap)}


def _marked(x: float, y: float, label: str) -> list[str]:
    anchor = "end" if x > _WIDTH - 150 else "start"
    circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="{TEAL}" stroke="currentColor" stroke-width="2"/>'
    return [circle, caption(x + (10 if anchor == "start" else -2), y - 11, label, anchor, bold=True)]
