"""Which families of distributions there are: read from their files without running them, or registered by a program.

The text parser, pickers, the command line's help and expected times know families from here alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rbfcore.distributions.family import Family, Field

if TYPE_CHECKING:
    import ast

    from rbfcore.distributions.base import InputDistribution

    Class = TypeVar("Class", bound=type[InputDistribution])

# How a class of this folder says that it is a family: on a line, or on several that end as the formatter ends them.
_DECLARED = "    family = Family("
_DECLARATION = re.compile(r"^    family = (Family\([^\n]*\)$|Family\(.*?^    \)$)", re.DOTALL | re.MULTILINE)
_CLASSES = re.compile(r"^class ", re.MULTILINE)
_DESCRIPTIONS: dict[str, type[Family] | type[Field]] = {"Family": Family, "Field": Field}


@dataclass(frozen=True)
class _Home:
    """Where the class of a family lives: a module of this folder, or the class itself."""

    family: Family
    class_name: str
    module: str = ""
    loaded: "type[InputDistribution] | None" = None


_registered: dict[str, _Home] = {}


def families() -> list[Family]:
    """All families, in the order in which lists show them."""
    return sorted((home.family for home in _homes().values()), key=lambda family: (family.place, family.name))


def family_named(name: str) -> Family:
    """The family of this name.

    Raises:
        ValueError: there is none; the message lists all.
    """
    if name not in _homes():
        raise ValueError(f"unknown distribution {name!r}: expected {forms()}")
    return _homes()[name].family


def class_of(family: Family) -> "type[InputDistribution]":
    """The class of its distributions; for the families of this package this is where torch gets imported."""
    home = _homes()[family.name]
    if home.loaded is not None:
        return home.loaded
    loaded: type[InputDistribution] = getattr(import_module(home.module), home.class_name)
    return loaded


def register_family(cls: "Class") -> "Class":
    """Make a family of one's own known, as a decorator of its class.

    Args:
        cls: a subclass of `InputDistribution` whose attribute `family` describes it.

    Raises:
        ValueError: no such attribute, or its name cannot begin a text or is taken by another class.
    """
    family = cls.__dict__.get("family")
    if not isinstance(family, Family):
        raise ValueError(f"{cls.__name__} must have a class attribute family = Family(...) of its own")
    if not family.name.isidentifier() or family.name != family.name.lower() or family.name == "fit":
        raise ValueError(f"the name must be small letters, digits and underscores, and not fit, got {family.name!r}")
    known = _homes().get(family.name)
    if known is not None and known.loaded is not cls:
        raise ValueError(f"the name {family.name!r} is taken by {known.class_name}: choose another one")
    _registered[family.name] = _Home(family, cls.__name__, loaded=cls)
    return cls


def forget_family(cls: "type[InputDistribution]") -> None:
    """Undo `register_family`."""
    if cls.family is not None:
        _registered.pop(cls.family.name, None)


def class_homes() -> dict[str, str]:
    """Names of the classes of this folder that are families, with the module of each."""
    return {home.class_name: home.module for home in _own().values()}


def forms() -> str:
    """What texts may look like, for errors."""
    *others, last = (family.form for family in families())
    return f"{', '.join(others)} or {last} (inputs separated by semicolons)"


def examples() -> str:
    """A text of each family, for help."""
    return ", ".join(family.example for family in families())


def usage(default: str) -> str:
    """What the option -p of a command takes."""
    marked = (f"{text} (default)" if text == default else text for text in (family.example for family in families()))
    return f"{', '.join(marked)}, or fit:DATA for occupation frequencies of a data set"


def read_text(text: str) -> tuple[Family, dict[str, Any]]:
    """Family and numbers of a short text, without torch.

    Raises:
        ValueError: no such family, or not its numbers. Whether the family allows them its constructor says.
    """
    name = text.strip().partition(":")[0].strip().lower()
    if name not in _homes():
        raise ValueError(f"unknown distribution {text!r}: expected {forms()}")
    family = _homes()[name].family
    return family, family.read(text.strip(), forms())


def is_readable(text: str) -> bool:
    """Whether `parse_distribution` reads this text, as far as that can be told without torch."""
    try:
        read_text(text)
    except ValueError:
        return False
    return True


def fingerprint_of(text: str, n_inputs: int | None = None) -> str:
    """`parse_distribution(text).for_inputs(n_inputs).fingerprint()`, without torch: ".5" is the same as "0.5".

    Raises:
        ValueError: a text that names no distribution, or one over another number of inputs.
    """
    family, numbers = read_text(text)
    return family.fingerprint(numbers, n_inputs)


def _homes() -> dict[str, _Home]:
    return {**_own(), **_registered}


@cache
def _own() -> dict[str, _Home]:
    """The families of this folder by name, from its files' text."""
    homes: dict[str, _Home] = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        source = path.read_text(encoding="utf-8")
        if _DECLARED in source:
            module = f"{__package__}.{path.stem}"
            homes |= {family.name: _Home(family, name, module) for name, family in _described(source)}
    return homes


def _described(source: str) -> Iterator[tuple[str, Family]]:
    """Names and descriptions of the families among the classes of a file."""
    import ast

    for piece in _CLASSES.split(source):
        declared = _DECLARATION.search(piece)
        if declared is not None:  # this statement alone is parsed: all of the file would take ten times as long
            family = _literal(ast.parse(declared[1], mode="eval").body)
            if isinstance(family, Family):
                yield piece.partition("(")[0].strip(), family


def _literal(node: "ast.expr") -> Any:
    """The value of literals and of descriptions made of them.

    Raises:
        ValueError: anything that would have to be computed.
    """
    import ast

    if isinstance(node, ast.Call) and ast.unparse(node.func) in _DESCRIPTIONS:
        named = {argument.arg: _literal(argument.value) for argument in node.keywords if argument.arg is not None}
        return _DESCRIPTIONS[ast.unparse(node.func)](*map(_literal, node.args), **named)
    if isinstance(node, ast.Tuple):
        return tuple(map(_literal, node.elts))
    return ast.literal_eval(node)
