"""Our own SVG drawings as vector PDF with real alpha: the same shapes in the same order, so both show the same thing.

It reads the part of SVG that this program writes (groups that are moved, circles, rectangles, straight paths, text,
radial gradients) and refuses anything else, instead of leaving it out.
"""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfdoc import PDFExponentialFunction, PDFRadialShading, PDFStitchingFunction
from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_SVG = "{http://www.w3.org/2000/svg}"
_POINTS = 0.75  # a CSS pixel in points
_REGULAR, _BOLD = "DejaVuSans", "DejaVuSans-Bold"  # come with matplotlib and have θ and γ
_NARROWER = 0.9  # DejaVu is wider than the screen fonts that the drawings are laid out for
_INHERITED = (
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-opacity",
    "stroke-width",
    "stroke-dasharray",
    "font-size",
    "font-weight",
    "text-anchor",
)
_PATH = re.compile(r"[MLHVZmlhvz]|-?[\d.]+(?:e-?\d+)?")


def svg_to_pdf(svg: str, title: str | None = None) -> bytes:
    """One page of PDF from an SVG document of this program.

    Args:
        svg: text of the document; width and height in pixels.
        title: of the document; by default the SVG's own.

    Returns:
        The file's bytes; equal drawings give equal bytes.

    Raises:
        ValueError: the text is no SVG, or holds an element, a transform or a path command that is not ours.
    """
    try:
        root = ET.fromstring(svg)
        width, height = float(root.get("width", "")), float(root.get("height", ""))
    except (ET.ParseError, ValueError) as error:
        raise ValueError(f"expected an SVG document with width and height in pixels ({error})") from error
    for name in (_REGULAR, _BOLD):
        if name not in getRegisteredFontNames():
            registerFont(TTFont(name, Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width * _POINTS, height * _POINTS), invariant=1)
    canvas.setTitle(title or root.findtext(f"{_SVG}title") or "drawing")
    canvas.setCreator("rbfscope")
    canvas.scale(_POINTS, -_POINTS)  # SVG counts downwards
    canvas.translate(0, -height)
    _Painter(canvas, (width, height)).children(root, _Style())
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@dataclass(frozen=True)
class _Style:
    """Inherited presentation attributes, as text."""

    values: dict[str, str] = field(default_factory=dict)

    def within(self, node: ET.Element) -> "_Style":
        own = {name: value for name in _INHERITED if (value := node.get(name)) is not None}
        return _Style(self.values | own)

    def number(self, name: str, default: float) -> float:
        return float(self.values.get(name, default))


@dataclass(frozen=True, eq=False)
class _Ball:
    """The radial gradient of a disc, taken to the unit circle around 0: where its light is, and its colours."""

    focus: tuple[float, float]
    colours: PDFStitchingFunction

    @classmethod
    def of(cls, node: ET.Element) -> "_Ball":
        if node.tag != f"{_SVG}radialGradient":
            raise ValueError(f"cannot draw <{node.tag.removeprefix(_SVG)}> in a PDF: expected radialGradient")
        offsets = [float(stop.get("offset", 0)) for stop in node]
        colours = [list(HexColor(stop.get("stop-color", "#000000")).rgb()) for stop in node]
        if len(offsets) < 2 or (offsets[0], offsets[-1]) != (0.0, 1.0):
            raise ValueError(f"a gradient must have stops from 0 to 1, got {offsets}")
        pieces = [PDFExponentialFunction(N=1, C0=first, C1=second) for first, second in pairwise(colours)]
        whole = PDFStitchingFunction(pieces, offsets[1:-1], [0, 1] * len(pieces), Domain="[0 1]")
        return cls((2 * float(node.get("fx", 0.5)) - 1, 2 * float(node.get("fy", 0.5)) - 1), whole)

    def shading(self) -> PDFRadialShading:
        """A new object each time, as the library wants it, around the same colours."""
        return PDFRadialShading(
            *self.focus, 0.0, 0.0, 0.0, 1.0, Function=self.colours, ColorSpace="DeviceRGB", Extend="[true true]"
        )


class _Painter:
    def __init__(self, canvas: Canvas, size: tuple[float, float]) -> None:
        self.canvas, self.size = canvas, size
        self.balls: dict[str, _Ball] = {}  # by id

    def children(self, node: ET.Element, style: _Style) -> None:
        within = style.within(node)
        for child in node:
            self.element(child, within)

    def element(self, node: ET.Element, style: _Style) -> None:
        kind = node.tag.removeprefix(_SVG)
        if kind == "g":
            self.canvas.saveState()
            if node.get("transform"):
                self.canvas.translate(*_translation(node.get("transform", "")))
            self.children(node, style)
            self.canvas.restoreState()
        elif kind == "defs":
            self.balls |= {child.get("id", ""): _Ball.of(child) for child in node}
        elif kind in ("circle", "rect", "path"):
            self.shape(node, kind, style.within(node))
        elif kind == "text":
            self.text(node, style.within(node))
        elif kind != "title":
            raise ValueError(f"cannot draw <{kind}> in a PDF: expected circle, rect, path, text or g")

    def shape(self, node: ET.Element, kind: str, style: _Style) -> None:
        fill, stroke = style.values.get("fill", "#000000"), style.values.get("stroke", "none")
        path = self.outline(node, kind)
        gradient = re.fullmatch(r"url\(#(\w+)\)", fill)
        if gradient and kind == "circle" and gradient[1] in self.balls:
            self.disc(node, self.balls[gradient[1]], style.number("fill-opacity", 1))
        elif fill != "none":
            self.canvas.setFillColor(HexColor(fill), style.number("fill-opacity", 1))
            self.canvas.drawPath(path, stroke=0, fill=1)
        if stroke != "none":
            self.canvas.setStrokeColor(HexColor(stroke), style.number("stroke-opacity", 1))
            self.canvas.setLineWidth(style.number("stroke-width", 1))
            dash = [float(part) for part in style.values.get("stroke-dasharray", "").split()]
            self.canvas.setDash(*((dash, 0) if dash else ([],)))
            self.canvas.drawPath(path, stroke=1, fill=0)

    def outline(self, node: ET.Element, kind: str) -> Any:
        path = self.canvas.beginPath()
        if kind == "circle":
            path.circle(*(float(node.get(name, 0)) for name in ("cx", "cy", "r")))
        elif kind == "rect":
            x, y = float(node.get("x", 0)), float(node.get("y", 0))
            wide, tall = (
                whole if node.get(name) == "100%" else float(node.get(name, 0))
                for name, whole in zip(("width", "height"), self.size, strict=True)
            )
            path.rect(x, y, wide, tall)
        else:
            for command, point in _commands(node.get("d", "")):
                {"M": path.moveTo, "L": path.lineTo, "Z": path.close}[command](*point)
        return path

    def disc(self, node: ET.Element, ball: _Ball, alpha: float) -> None:
        if alpha <= 0:
            return
        outline = self.canvas.beginPath()
        outline.circle(0, 0, 1)
        self.canvas.saveState()
        self.canvas.translate(float(node.get("cx", 0)), float(node.get("cy", 0)))
        self.canvas.scale(float(node.get("r", 0)), float(node.get("r", 0)))
        self.canvas.clipPath(outline, stroke=0, fill=0)
        self.canvas.setFillAlpha(alpha)
        self.canvas.shade(ball.shading())
        self.canvas.restoreState()

    def text(self, node: ET.Element, style: _Style) -> None:
        content = "".join(node.itertext())
        size = style.number("font-size", 12) * _NARROWER
        font = _BOLD if style.number("font-weight", 400) >= 600 else _REGULAR
        shift = {"middle": 0.5, "end": 1.0}.get(style.values.get("text-anchor", "start"), 0.0)
        self.canvas.saveState()
        self.canvas.translate(float(node.get("x", 0)), float(node.get("y", 0)))
        self.canvas.scale(1, -1)
        self.canvas.setFillColor(HexColor(style.values.get("fill", "#000000")), style.number("fill-opacity", 1))
        self.canvas.setFont(font, size)
        self.canvas.drawString(-shift * stringWidth(content, font, size), 0, content)
        self.canvas.restoreState()


def _translation(transform: str) -> tuple[float, float]:
    shift = re.fullmatch(r"translate\(([-\d.e]+)[ ,]+([-\d.e]+)\)", transform.strip())
    if shift is None:
        raise ValueError(f"cannot draw the transform {transform!r} in a PDF: expected translate(x y)")
    return float(shift[1]), float(shift[2])


def _commands(text: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """M, L and Z with absolute points from a path of M, L, l, H, V, v, h and Z."""
    tokens = _PATH.findall(text.replace(",", " "))
    if len("".join(tokens)) != len(re.sub(r"[\s,]", "", text)):
        raise ValueError(f"cannot draw the path {text[:60]!r} in a PDF: expected M, L, H, V and Z")
    x = y = start_x = start_y = 0.0
    command, place = "M", 0
    while place < len(tokens):
        if tokens[place].isalpha():
            command = tokens[place]
            place += 1
            if command in "Zz":
                x, y = start_x, start_y
                yield "Z", ()
                continue
        dx, dy = (x, y) if command.islower() else (0.0, 0.0)
        if command in "Hh":
            x, place = float(tokens[place]) + dx, place + 1
        elif command in "Vv":
            y, place = float(tokens[place]) + dy, place + 1
        else:
            x, y, place = float(tokens[place]) + dx, float(tokens[place + 1]) + dy, place + 2
        if command in "Mm":
            start_x, start_y = x, y
            yield "M", (x, y)
            command = "L" if command == "M" else "l"
        else:
            yield "L", (x, y)
