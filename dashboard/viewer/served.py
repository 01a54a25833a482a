"""Files that Streamlit serves from dashboard/static for us: large ones, from disk."""

from pathlib import Path

STATIC_FOLDER = Path(__file__).resolve().parents[1] / "static"


def served_path(name: str, version: str, base_path: str = "") -> str:
    """The path on our own server under which a file of the static folder is served."""
    return f"{prefix_of(base_path)}/app/static/{name}?v={version}"


def prefix_of(base_path: str) -> str:
    """What all paths on our own server begin with: nothing, or a slash and Streamlit's option server.baseUrlPath."""
    base = base_path.strip("/")
    return f"/{base}" if base else ""
