"""The rules of the house: which room may import which, and who may touch Streamlit.

Rooms are the folders of `rbfcore` and `dashboard`; a module imports from its own room and from those named before it.
Imports inside functions count, imports for type checkers (`if TYPE_CHECKING:`) do not.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from pkgutil import iter_modules

import pytest
import streamlit

ROOT = Path(__file__).parents[1]

# From the ground up; a file beside the rooms has a place of its own. dashboard/README.md prints the same tables.
CORE = (
    "rates", "run_card", "numerics", "parameters", "tensors", "network", "storage", "lattice", "data", "distributions",
    "barriers", "targets", "pruning", "explain", "symmetry", "training", "models", "kinetics", "export", "studies",
    "bench",
)  # fmt: skip
DASHBOARD = (
    "drawing", "figures", "viewer", "export", "shelf", "runs", "session", "widgets", "pickers", "app_pages", "startup",
    "page_script", "app", "commands", "cli",
)  # fmt: skip
FACADE = "rbfcore"  # names for users; nobody inside needs it
SCREEN = {"streamlit", "plotly", "py3Dmol"}  # not for the core
INTERNALS = "dashboard.session.streamlit_internals"  # the only user of Streamlit's own modules
STATE = {"session_state", "query_params"}  # of Streamlit, for dashboard.session only
DOCUMENTED = {"components", "column_config", "typing"}  # modules of Streamlit that its documentation names


@dataclass(frozen=True)
class Import:
    """One import as it stands in a file."""

    module: str
    target: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


@lru_cache(maxsize=1)
def modules() -> dict[str, Path]:
    """Dotted name -> file of every module of ours."""
    named = {}
    for path in sorted([*(ROOT / "rbfcore").rglob("*.py"), *(ROOT / "dashboard").rglob("*.py")]):
        parts = path.relative_to(ROOT).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


@lru_cache(maxsize=1)
def all_imports() -> tuple[Import, ...]:
    """Every import of our modules, theirs and others', but those for type checkers."""
    return tuple(
        Import(name, target, line)
        for name, path in modules().items()
        for target, line in imports_in(path.read_text(encoding="utf-8"), {*modules(), *parts_of_streamlit()})
    )


@lru_cache(maxsize=1)
def parts_of_streamlit() -> frozenset[str]:
    """Dotted names of Streamlit's modules but those that a command of the same name hides."""
    names = {module.name for module in iter_modules(streamlit.__path__)}
    return frozenset(f"streamlit.{name}" for name in names if not callable(getattr(streamlit, name, None)))


def imports_in(source: str, known: set[str]) -> Iterator[tuple[str, int]]:
    """Imported module and line; `from a import b` means the module a.b where that is `known` to be one."""
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute here"
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((name if name in known else str(node.module), node.lineno) for name in full)
        waiting += ast.iter_child_nodes(node)


def ours() -> list[Import]:
    """Imports from one module of ours to another."""
    return [one for one in all_imports() if one.target in modules()]


def room(module: str) -> str:
    """`rbfcore.pruning.methods.adam` is in `rbfcore.pruning`."""
    return ".".join(module.split(".")[:2])


def circles(arrows: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Names that reach each other along the arrows, each group sorted."""
    after: dict[str, set[str]] = {}
    for start, end in arrows:
        if start != end:
            after.setdefault(start, set()).add(end)
    reached = {}
    for start in after:
        seen: set[str] = set()
        waiting = [*after[start]]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += after.get(name, ())
        reached[start] = seen
    found = {tuple(sorted(b for b in reached if b in reached[a] and a in reached[b])) for a in reached}
    return sorted(list(group) for group in found if group)


def said(wrong: Iterable[object]) -> str:
    return "\n" + "\n".join(sorted(map(str, wrong)))


@pytest.mark.parametrize(("package", "order"), [("rbfcore", CORE), ("dashboard", DASHBOARD)])
def test_rooms_import_downwards(package: str, order: tuple[str, ...]) -> None:
    place = {f"{package}.{name}": i for i, name in enumerate(order)}
    inside = [one for one in ours() if one.module.startswith(f"{package}.") and one.target.startswith(f"{package}.")]
    assert {room(one.module) for one in inside} <= set(place), "a room without a place in the order"
    wrong = [one for one in inside if place[room(one.module)] < place[room(one.target)]]
    assert not wrong, said(wrong)


@pytest.mark.parametrize(("package", "order"), [("rbfcore", CORE), ("dashboard", DASHBOARD)])
def test_the_paper_prints_the_same_rooms_in_the_same_order(package: str, order: tuple[str, ...]) -> None:
    there = {room(module).split(".")[1] for module in modules() if module.startswith(f"{package}.")}
    paper = (ROOT / "dashboard" / "README.md").read_text(encoding="utf-8")
    section = paper.split(f"\n### {package}\n")[1].split("\n#")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [name for name in order if name in there]


def test_the_core_knows_no_dashboard_and_no_screen() -> None:
    core = [one for one in all_imports() if one.module.split(".")[0] == "rbfcore"]
    wrong = [one for one in core if one.target.split(".")[0] in SCREEN | {"dashboard"}]
    assert not wrong, said(wrong)


def test_nobody_inside_the_core_imports_its_facade() -> None:
    wrong = [one for one in ours() if one.target == FACADE and one.module.startswith("rbfcore.")]
    assert not wrong, said(wrong)


def test_there_is_no_circle() -> None:
    """Neither between modules nor between rooms."""
    assert circles((one.module, one.target) for one in ours()) == []
    assert circles((room(one.module), room(one.target)) for one in ours()) == []


def test_pages_import_neither_commands_nor_other_pages() -> None:
    pages = [one for one in ours() if one.module.startswith("dashboard.app_pages.")]
    wrong = [
        one
        for one in pages
        if one.target.startswith("dashboard.commands")
        or (one.target.startswith("dashboard.app_pages.") and one.target.split(".")[2] != one.module.split(".")[2])
    ]
    assert pages
    assert not wrong, said(wrong)


def streamlit_names(source: str) -> Iterator[tuple[str, int]]:
    """`name` of every `st.name` in a file that imports Streamlit as st."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st":
            yield node.attr, node.lineno


def test_only_the_session_uses_the_state_of_streamlit() -> None:
    used = [
        (name, line, attribute)
        for name, path in modules().items()
        for attribute, line in streamlit_names(path.read_text(encoding="utf-8"))
        if attribute in STATE
    ]
    assert used
    wrong = [
        f"{name}:{line} uses st.{attribute}" for name, line, attribute in used if room(name) != "dashboard.session"
    ]
    assert not wrong, said(wrong)


def test_only_one_module_uses_what_streamlit_does_not_document() -> None:
    """Others write `import streamlit as st`, and of its modules use those that its documentation names."""
    private = parts_of_streamlit() - {f"streamlit.{name}" for name in DOCUMENTED}
    wrong: list[object] = [one for one in all_imports() if private & {one.target, ".".join(one.target.split(".")[:2])}]
    for name, path in modules().items():
        used = streamlit_names(path.read_text(encoding="utf-8"))
        wrong += [
            f"{name}:{line} uses st.{part}" for part, line in used if f"streamlit.{part}" in private or part[0] == "_"
        ]
    inside = [one for one in wrong if str(one).startswith(f"{INTERNALS}:")]
    assert inside
    assert wrong == inside, said(wrong)


def test_only_two_files_name_parts_of_streamlits_page() -> None:
    """Class names, test ids and keys that its own scripts use; `tests/browser/test_streamlit_dom.py` watches them."""
    named = re.compile(r"data-testid|stActiveTheme|\.st[A-Z]\w+|querySelector\(\W*h1")
    files = [path for ending in ("*.js", "*.css", "*.py") for path in (ROOT / "dashboard").rglob(ending)]
    users = {path.name for path in files if "vendor" not in path.parts and named.search(path.read_text("utf-8"))}
    assert users == {"style.css", "streamlit.js"}


def test_the_rules_see_what_breaks_them() -> None:
    """They cannot pass for want of eyes."""
    types = "if TYPE_CHECKING:\n    import b\nelse:\n    import c\n"
    source = f"import a\n{types}def f():\n    from d import e\n    st.session_state"
    assert sorted(imports_in(source, {"d.e"})) == [("a", 1), ("c", 5), ("d.e", 7)]
    assert list(streamlit_names(source)) == [("session_state", 8)]
    assert circles([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "d")]) == [["a", "b", "c"]]
