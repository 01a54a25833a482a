"""The chapters of the guide: files of the program itself, with links that stay inside the dashboard."""

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import rbfcore
from rbfcore.data.bundled import assets_folder

# File names without ending, in the order in which they are read; the papers of the core follow.
GUIDE = (
    "first-steps",
    "bring-your-data",
    "read-a-prototype",
    "choose-p",
    "importance",
    "take-results-elsewhere",
    "run-a-server",
    "troubleshooting",
)
PAPERS = {"methods": "METHODS.md", "physics": "barriers/PHYSICS.md"}
_CODE = re.compile(r"(^ *```.*?^ *```$|`[^`\n]+`)", re.DOTALL | re.MULTILINE)
_DISPLAY = re.compile(r"^( *)\$\$(.+?)\$\$$", re.MULTILINE)
_HEADING = re.compile(r"^(?=#{2,5} )", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Chapter:
    """One file: its name in the address, its title, and its text as Markdown without the title."""

    name: str
    title: str
    text: str


@lru_cache(maxsize=1)
def chapters() -> dict[str, Chapter]:
    """All chapters by name, in order.

    Raises:
        ValueError: the bundled files are missing.
    """
    places = _places()
    return {name: _read(name, path) for name, path in places.items()}


def _places() -> dict[str, Path]:
    guide, core = assets_folder() / "guide", Path(rbfcore.__file__).parent
    return {name: guide / f"{name}.md" for name in GUIDE} | {name: core / path for name, path in PAPERS.items()}


def _read(name: str, path: Path) -> Chapter:
    title, _, text = path.read_text(encoding="utf-8").partition("\n")
    parts = _CODE.split(text.strip())  # prose and code in turns
    parts[::2] = [_with_links(_as_streamlit_draws(part), name in PAPERS) for part in parts[::2]]
    return Chapter(name, title.removeprefix("# ").strip(), "".join(parts))


def _as_streamlit_draws(text: str) -> str:
    """Formulas on lines of their own, by which Streamlit knows display from inline; headings below the page's own."""
    return _HEADING.sub("#", _DISPLAY.sub(r"\1$$\n\1\2\n\1$$", text))


def _with_links(text: str, from_paper: bool) -> str:
    """Links between chapters as links of this page; a file that is not shown here keeps only its words."""

    def of_page(match: re.Match[str]) -> str:
        words, target = match.groups()
        if re.match(r"[a-z]+:", target):
            return match[0]
        file = posixpath.basename(target.partition("#")[0])
        known = {f"{name}.md": name for name in GUIDE} | {posixpath.basename(p): name for name, p in PAPERS.items()}
        if not file and from_paper:  # a section of the paper itself: headings on this page have the same anchors
            return match[0]
        return f"[{words}](guide?chapter={known[file]})" if file in known else words

    return _LINK.sub(of_page, text)
