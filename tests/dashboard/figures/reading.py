"""Reading a drawing back: the SVG document inside an HTML element, and the values of its y axis."""

import base64
import re
import xml.etree.ElementTree as ET

import numpy as np

SVG = "{http://www.w3.org/2000/svg}"


def drawn(html: str) -> ET.Element:
    """The SVG document of a picture made by `svg_image`."""
    found = re.search(r"base64,([^\"]+)", html)
    assert found is not None
    return ET.fromstring(base64.b64decode(found[1]))


def y_labels(svg: ET.Element) -> np.ndarray:
    """(value, place) of the labels of the y axis."""
    labels = [node for node in svg.iter(f"{SVG}text") if node.get("text-anchor") == "end"]
    numbers = [node for node in labels if re.fullmatch(r"[\d.,e-]+", node.text or "")]
    return np.array([(float((node.text or "").replace(",", "")), float(node.get("y", ""))) for node in numbers])


def bar_heights(svg: ET.Element) -> np.ndarray:
    """Of all bars, in the units of the y axis; a label stands 4 below its line."""
    value, place = y_labels(svg).T
    slope, offset = np.polyfit(place - 4, value, 1)
    return slope * np.array([float(bar.get("y", "")) for bar in bars(svg)]) + offset


def bars(svg: ET.Element) -> list[ET.Element]:
    """The rectangles that are bars: not those of a legend, nor the hatching over them."""
    return [bar for bar in svg.iter(f"{SVG}rect") if bar.get("class") is None]
