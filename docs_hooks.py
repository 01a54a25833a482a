"""Gathers the pages of `make docs`: every Markdown file keeps its place, so that links between them hold."""

import html
import re
import shutil
from inspect import ismodule
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert

import rbfcore

ROOT = Path(__file__).parent
PAPERS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "CITATION.cff")
FOLDERS = ("rbfcore", "dashboard", "assets", "tests")
PICTURES = ("*.md", "*.svg", "*.webp", "*.pdf")  # of assets: what the papers show or link

_FORMULA = re.compile(
    r'<span class="arithmatex">\\\((?P<inline>.*?)\\\)</span>|<div class="arithmatex">\\\[(?P<block>.*?)\\\]</div>',
    re.DOTALL,
)


def on_config(config: Any) -> Any:
    """Lay the pages out below docs_dir, afresh."""
    docs = Path(config["docs_dir"])
    shutil.rmtree(docs, ignore_errors=True)
    wanted = [ROOT / name for name in PAPERS]
    for folder in FOLDERS:
        patterns = PICTURES if folder == "assets" else ("*.md",)
        wanted += [path for pattern in patterns for path in (ROOT / folder).rglob(pattern)]
    for path in wanted:
        if path.is_file() and "node_modules" not in path.parts:
            place = docs / path.relative_to(ROOT)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    (docs / "reference.md").write_text(reference(), encoding="utf-8")
    return config


def on_page_content(content: str, **_: Any) -> str:
    """Formulas as MathML, which browsers draw by themselves: no script is fetched from anywhere."""
    return _FORMULA.sub(_as_mathml, content)


def _as_mathml(match: re.Match[str]) -> str:
    source = html.unescape(match["inline"] or match["block"])
    return convert(source, display="inline" if match["inline"] else "block")


def reference() -> str:
    """The public names by room, each documented where it lives."""
    rooms: dict[str, list[str]] = {}
    for name in rbfcore.__all__:
        public = getattr(rbfcore, name)
        home = public.__name__ if ismodule(public) else f"{public.__module__}.{name}"
        rooms.setdefault(home.split(".")[1], []).append(f"::: {home}\n")
    text = "# API reference\n\nWhat `import rbfcore` offers, room by room.\n"
    for room in sorted(rooms):
        text += f"\n## {room}\n\n" + "\n".join(sorted(rooms[room]))
    return text
