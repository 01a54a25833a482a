"""Our own SVG figures as vector PDF with true opacity, through matplotlib: no browser and no further program."""

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path as Outline

_SVG = "{http://www.w3.org/2000/svg}"
_STEP = re.compile(r"([MLHVlhvmZz])([^MLHVlhvmZz]*)")
_PIXEL = 0.75  # points
_ANCHORS = {"start": "left", "middle": "center", "end": "right"}
_INHERITED = ("font-size", "font-weight", "fill", "fill-opacity", "text-anchor")


def svg_to_pdf(svg: str) -> bytes:
    """A PDF of the same size and layout.

    Args:
        svg: a figure of `prototypes_svg`: groups with translations, circles, rectangles, straight paths and text.
            Radial gradients become the colour of their middle.

    Raises:
        ValueError: not SVG, or an element or a path that these figures do not have.
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise ValueError(f"not an SVG figure: {error}") from error
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    figure = Figure(figsize=(width * _PIXEL / 72, height * _PIXEL / 72))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    colours = {one.get("id"): one[1].get("stop-color") for one in root.iter(f"{_SVG}radialGradient")}
    for order, (element, style, x, y) in enumerate(_elements(root, {"fill": "#000000"}, 0.0, 0.0)):
        kind = element.tag.removeprefix(_SVG)
        if kind == "text":
            _text(axes, element, style, x, y, order)
        else:
            shape = _shape(kind, element, x, y, width, height)
            shape.set(**_look(element, style, colours), zorder=order, clip_on=False)
            axes.add_patch(shape)
    buffer = io.BytesIO()
    with rc_context({"pdf.fonttype": 42}):  # text stays text in programs that edit the figure
        figure.savefig(buffer, format="pdf", metadata={"CreationDate": None})
    return buffer.getvalue()


def _elements(
    parent: ElementTree.Element, style: dict[str, str], x: float, y: float
) -> Iterator[tuple[ElementTree.Element, dict[str, str], float, float]]:
    """What is to be drawn, in painting order, with what it inherits and where its origin lies."""
    style = style | {name: parent.attrib[name] for name in _INHERITED if name in parent.attrib}
    for child in parent:
        kind = child.tag.removeprefix(_SVG)
        if kind == "g":
            moved = re.fullmatch(r"translate\(([-\d.e]+)[ ,]([-\d.e]+)\)", child.get("transform", "translate(0 0)"))
            if moved is None:
                raise ValueError(f"cannot draw the transform {child.get('transform')!r}: only translations")
            yield from _elements(child, style, x + float(moved[1]), y + float(moved[2]))
        elif kind not in ("defs", "title"):
            yield child, style | {name: child.attrib[name] for name in _INHERITED if name in child.attrib}, x, y


def _shape(kind: str, element: ElementTree.Element, x: float, y: float, width: float, height: float) -> Any:
    def number(name: str, whole: float = 0.0) -> float:
        text = element.get(name, "0")
        return whole * float(text[:-1]) / 100 if text.endswith("%") else float(text)

    if kind == "circle":
        return Circle((x + number("cx"), y + number("cy")), number("r"))
    if kind == "rect":
        return Rectangle((x + number("x"), y + number("y")), number("width", width), number("height", height))
    if kind == "path":
        return PathPatch(_outline(element.get("d", ""), x, y))
    raise ValueError(f"cannot draw <{kind}>: expected circles, rectangles, straight paths and text")


def _outline(steps: str, x: float, y: float) -> Outline:
    points: list[tuple[float, float]] = []
    codes: list[int] = []
    here = (0.0, 0.0)
    for letter, text in _STEP.findall(steps):
        numbers = [float(part) for part in re.findall(r"-?[\d.]+(?:e-?\d+)?", text)]
        if letter in "Zz":
            points.append(points[-1])
            codes.append(int(Outline.CLOSEPOLY))
            continue
        if letter in "HV":
            numbers = [numbers[0], here[1]] if letter == "H" else [here[0], numbers[0]]
        elif letter in "hv":
            numbers = [numbers[0], 0.0] if letter == "h" else [0.0, numbers[0]]
        for first, second in zip(numbers[::2], numbers[1::2], strict=True):
            here = (here[0] + first, here[1] + second) if letter.islower() else (first, second)
            points.append((x + here[0], y + here[1]))
            codes.append(int(Outline.MOVETO if letter in "Mm" and not codes else Outline.LINETO))
            if letter == "M":
                codes[-1] = int(Outline.MOVETO)
    if not points:
        raise ValueError(f"cannot draw the path {steps!r}: expected M, L, H, V and Z")
    return Outline(points, codes)


def _look(element: ElementTree.Element, style: dict[str, str], colours: dict[str | None, str | None]) -> dict[str, Any]:
    """Fill, stroke and dashes for matplotlib; a path of lines alone has no area, so its filling does not show."""
    fill, stroke = element.get("fill", style["fill"]), element.get("stroke", "none")
    inner = re.fullmatch(r"url\(#(\w+)\)", fill)
    fill = str(colours[inner[1]]) if inner else fill
    width = float(element.get("stroke-width", 1)) * _PIXEL
    dashes = element.get("stroke-dasharray")
    pattern = (0, [float(part) * _PIXEL for part in dashes.split()]) if dashes else "solid"
    opaque = float(element.get("fill-opacity", style.get("fill-opacity", 1)))
    drawn = float(element.get("stroke-opacity", 1))
    return {
        "facecolor": "none" if fill == "none" else (fill, opaque),
        "edgecolor": "none" if stroke == "none" else (stroke, drawn),
        "linewidth": 0 if stroke == "none" else width,
        "linestyle": pattern,
    }


def _text(axes: Any, element: ElementTree.Element, style: dict[str, str], x: float, y: float, order: int) -> None:
    axes.text(
        x + float(element.get("x", 0)),
        y + float(element.get("y", 0)),
        (element.text or "").replace("$", r"\$"),
        fontsize=float(style.get("font-size", 12)) * _PIXEL,
        fontweight="bold" if float(style.get("font-weight", 400)) > 500 else "normal",
        color=style["fill"],
        alpha=float(style.get("fill-opacity", 1)),
        ha=_ANCHORS[style.get("text-anchor", "start")],
        va="baseline",
        zorder=order,
    )
