"""SVG drawings on a page: Streamlit strips svg elements from HTML, and a picture can have an alt text."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

INK, INK_ON_DARK = "#17212b", "#e7edf0"


def scalable(parts: Iterable[str], size: tuple[int, int], colour: str, font: int) -> str:
    """A whole SVG document that is scaled to the room it gets; text and `currentColor` are in `colour`."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" color="{colour}" '
        f'style="font:{font}px system-ui,sans-serif">{"".join(parts)}</svg>'
    )


def svg_image(svg: str, alt: str, style: str = "width:100%") -> str:
    """An HTML element that shows a whole SVG document (with its xmlns), and says `alt` to who does not see it."""
    source = b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{source}" alt="{escape(alt)}" style="{style};display:block">'


def with_notes(picture: str, notes: Sequence[str], edges: tuple[float, float, float, float]) -> str:
    """The picture with invisible strips over it, side by side, each with a note for the mouse.

    Args:
        edges: what they leave free, top, right, bottom and left, as shares of the picture.
    """
    inset = " ".join(f"{100 * edge:.2f}%" for edge in edges)
    strips = "".join(f'<span style="flex:1" title="{escape(note)}"></span>' for note in notes)
    over = f'<div aria-hidden="true" style="position:absolute;inset:{inset};display:flex">{strips}</div>'
    return f'<div style="position:relative">{picture}{over}</div>'


def ink(*, dark: bool) -> str:
    """Colour of text in a picture, which inherits none from the page."""
    return INK_ON_DARK if dark else INK
