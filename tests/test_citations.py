"""What docstrings, comments and screens cite is in the repository, and every link of its papers leads somewhere."""

import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[1]
PAPERS = {"METHODS": ROOT / "rbfcore" / "METHODS.md", "PHYSICS": ROOT / "rbfcore" / "barriers" / "PHYSICS.md"}
_TEXT = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
_FENCED = re.compile(r"^```.*?^```", flags=re.DOTALL | re.MULTILINE)


def _files(*endings: str) -> list[Path]:
    """Files of the repository's own folders; hidden folders and what tools have made are left out."""
    folders = [ROOT / name for name in ("rbfcore", "dashboard", "tests", "assets")]
    inside = [path for folder in folders for path in folder.rglob("*") if "vendor" not in path.parts]
    return sorted(path for path in [*ROOT.iterdir(), *inside] if path.suffix in endings and path.is_file())


def _words(path: Path) -> str:
    """What a file says to its readers: comments and texts of Python, everything of other files, on one line."""
    if path.suffix != ".py":
        return re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
    with tokenize.open(path) as file:
        tokens = [token.string for token in tokenize.generate_tokens(file.readline) if token.type in _TEXT]
    return re.sub(r"\s+(# )?", " ", " ".join(tokens))


def _headings(markdown: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", _FENCED.sub("", markdown), flags=re.MULTILINE)


@cache
def _sections(name: str) -> set[str]:
    headings = _headings(PAPERS[name].read_text(encoding="utf-8"))
    return {match[1] for heading in headings if (match := re.match(r"(\d+(?:\.\d+)*)\.? ", heading))}


@cache
def _equations() -> set[str]:
    return {tag for path in PAPERS.values() for tag in re.findall(r"\\tag\{(\w+)\}", path.read_text(encoding="utf-8"))}


@cache
def _methods() -> str:
    return PAPERS["METHODS"].read_text(encoding="utf-8")


@cache
def _names() -> set[str]:
    return {path.name for path in _files(".md")}


def _missing(words: str) -> Iterator[str]:
    """Citations of something that is not there."""
    methods = _methods()
    for name, what in re.findall(r"\b(METHODS|PHYSICS)\b(?![\[)}\]])(.{0,24})", words):
        section = re.match(r",? section (\d+(?:\.\d+)*)", what)
        if section is not None and section[1] not in _sections(name):
            yield f"{name} section {section[1]}"
        elif section is None and not re.match(r"\.md| Eq\. \(", what):
            yield f"{name}{what}: say which section or equation"
    for number in re.findall(r"\bEqs?\. \(?([MP]?\d+)\b", words):
        if number not in _equations():
            yield f"Eq. ({number})"
    for theorem in re.findall(r"\bTheorem (\d+(?:\.\d+)?)", words):
        if f"Theorem {theorem}" not in methods:
            yield f"Theorem {theorem}"
    for kind, number in re.findall(r"\b(Sec\.|Section|Fig\.) (\d+(?:\.\d+)*)", words):
        listed = f"{'Fig.' if kind == 'Fig.' else 'Sec.'} {number}"
        if not re.search(rf"{re.escape(listed)}(?![.\d]*\d)", methods):
            yield f"{kind} {number} of the paper, which METHODS section 1 does not list"
    yield from (name for name in re.findall(r"\b[A-Z]{3,}\.md\b", words) if name not in _names())


@pytest.mark.parametrize("path", _files(".py", ".js", ".md"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_citation_leads_somewhere(path: Path) -> None:
    assert list(_missing(_words(path))) == [] or path == Path(__file__)


@pytest.mark.parametrize(
    "wrong",
    [
        "METHODS section 99", "METHODS, symmetry", "PHYSICS section 3.77", "Eq. (6)", "METHODS Eq. (M999)", "Eq. (P0)",
        "Theorem 2", "Sec. 9", "Section 3.9", "Fig. 77", "KINETICS.md",
    ],
)  # fmt: skip
def test_wrong_citations_are_seen(wrong: str) -> None:
    assert list(_missing(f"Source: {wrong}, and more."))


@pytest.mark.parametrize("name", PAPERS)
def test_equations_are_numbered_in_order(name: str) -> None:
    tags = re.findall(r"\\tag\{(\w+)\}", PAPERS[name].read_text(encoding="utf-8"))
    for letter in ("", "M", "P"):
        numbers = [int(tag.lstrip("MP")) for tag in tags if tag.rstrip("0123456789") == letter]
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", _files(".md"), ids=lambda path: str(path.relative_to(ROOT)))
def test_mathematics_survives_markdown(path: Path) -> None:
    """A backslash before punctuation, such as a thin space, is lost on its way through some readers of Markdown."""
    text = re.sub(r"`[^`\n]*`", "", _FENCED.sub("", path.read_text(encoding="utf-8")))
    formulas = re.findall(r"\$\$.+?\$\$|\$[^$\n]+\$", text, flags=re.DOTALL)
    assert not [formula for formula in formulas if re.search(r"\\[^a-zA-Z\s]", formula)]


@pytest.mark.parametrize("path", _files(".md"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_paper_names_is_there(path: Path) -> None:
    """Those between backticks that begin with a folder of the repository; NAME stands for any."""
    text = _FENCED.sub("", path.read_text(encoding="utf-8"))
    named = re.findall(r"`((?:rbfcore|dashboard|tests|assets)/[\w./-]+\.\w+)`", text)
    assert not [name for name in named if not (ROOT / name).is_file()]


def _anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    plain = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.strip().lower()))
    return plain.replace(" ", "-")


@pytest.mark.parametrize("path", _files(".md"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    text = _FENCED.sub("", path.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`|\$[^$\n]*\$", "", text)):
        if re.match(r"https://|mailto:", link):
            continue
        target, _, anchor = unquote(link).partition("#")
        file = (path.parent / target) if target else path
        assert file.exists(), f"{path.name} links to {link}"
        assert file.resolve().is_relative_to(ROOT), f"{path.name} links out of the repository: {link}"
        if anchor:
            assert anchor in {_anchor(h) for h in _headings(file.read_text(encoding="utf-8"))}, f"{link}: no heading"
