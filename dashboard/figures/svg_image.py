"""SVG drawings on a page: Streamlit strips svg elements from HTML, and a picture can have an alt text."""

from base64 import b64encode
from html import escape

INK, INK_ON_DARK = "#17212b", "#e7edf0"


def svg_image(svg: str, alt: str, style: str = "width:100%") -> str:
    """An HTML element that shows a whole SVG document (with its xmlns), and says `alt` to who does not see it."""
    source = b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{source}" alt="{escape(alt)}" style="{style};display:block">'


def ink(*, dark: bool) -> str:
    """Colour of text in a picture, which inherits none from the page."""
    return INK_ON_DARK if dark else INK
