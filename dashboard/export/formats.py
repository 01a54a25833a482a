"""The forms in which results are taken away: one registry for the command line, the pages and the archive.

A form is one entry: what it is called, what it is of, what it needs, and its writer. The module that defines what forms
are of (such as `prototype_forms`) registers those that come with the program; others register theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Generic, Protocol, TypeVar

from rbfcore.lattice import Environment

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".xyz": "chemical/x-xyz",
    ".zip": "application/zip",
}
_BINARY = "application/octet-stream"


class Named(Protocol):
    """What forms are written of: plain values with a name for files."""

    @property
    def name(self) -> str: ...


Subject = TypeVar("Subject", bound=Named)


@dataclass(frozen=True)
class Need(Generic[Subject]):
    """Something without which a form cannot be written.

    Attributes:
        name: of what is needed.
        met: whether a subject has it; asked whenever a page is drawn, so it must be quick.
        otherwise: what to say when it is missing.
        hides: whether pages leave the form out then; if not they show why it is impossible.
    """

    name: str
    met: Callable[[Subject], bool]
    otherwise: str
    hides: bool = True


@dataclass(frozen=True, kw_only=True)
class Form(Generic[Subject]):
    """One way to write a subject.

    Attributes:
        name: on the command line; no two forms of a subject share it.
        subject: the type of what is written.
        label: what the file is, on a button; the ending is added.
        ending: of the file name, with its dot; suffix: what stands before it, after the subject's name.
        meaning: the form in a few words, for the help of the command line; details: in full, where a page explains it.
        write: the content, as bytes or as text. Equal subjects give equal files.
        needs: what must be there; checked in this order.
        rare: whether pages offer it one click further.
        on_command_line: whether the command line offers it too.
        summary: what the command line says it wrote.
        media_type: of the file; by default that of its ending.
    """

    name: str
    subject: type[Subject]
    label: str
    ending: str
    meaning: str
    write: Callable[[Subject], bytes | str]
    details: str = ""
    suffix: str = ""
    needs: tuple[Need[Subject], ...] = ()
    rare: bool = True
    on_command_line: bool = True
    summary: Callable[[Subject], str] | None = None
    media_type: str | None = None

    @property
    def button(self) -> str:
        """What a button says."""
        return f"{self.label} ({self.ending})"

    def lacking(self, subject: Subject) -> Need[Subject] | None:
        """The first need that is not met."""
        return next((need for need in self.needs if not need.met(subject)), None)

    def content(self, subject: Subject) -> bytes:
        """The file's bytes.

        Raises:
            ValueError: something that the form needs is missing.
        """
        lacking = self.lacking(subject)
        if lacking is not None:
            raise ValueError(lacking.otherwise)
        written = self.write(subject)
        return written.encode() if isinstance(written, str) else written

    def file_name(self, subject: Subject) -> str:
        """What the file is called."""
        return f"{subject.name}{self.suffix}{self.ending}"


_FORMS: dict[type[Any], dict[str, Form[Any]]] = {}


def register(*forms: Form[Any]) -> None:
    """Add forms, after those of the same subject that are there.

    Raises:
        ValueError: the name is taken, or the ending has no dot.
    """
    for form in forms:
        known = _FORMS.setdefault(form.subject, {})
        if form.name in known:
            raise ValueError(f"there is a form {form.name!r} of {form.subject.__name__} already: choose another name")
        if not form.ending.startswith("."):
            raise ValueError(f"the ending of form {form.name!r} must start with a dot, got {form.ending!r}")
        known[form.name] = form


def forget(form: Form[Any]) -> None:
    """Take a form out again."""
    _FORMS.get(form.subject, {}).pop(form.name, None)


def forms_of(subject: type[Subject]) -> tuple[Form[Subject], ...]:
    """All forms of a kind of subject, in the order in which they were registered."""
    return tuple(_FORMS.get(subject, {}).values())


def form_named(subject: type[Subject], name: str) -> Form[Subject]:
    """One form by its name.

    Raises:
        ValueError: there is none of this name.
    """
    known = _FORMS.get(subject, {})
    if name not in known:
        raise ValueError(f"no form {name!r} of {subject.__name__}: expected one of {', '.join(known)}")
    return known[name]


def media_type(file_name: str) -> str:
    """What browsers are told a file is, by its ending."""
    return MEDIA_TYPES.get(PurePath(file_name).suffix, _BINARY)


def lattice_needed(what: str, instead: str) -> Need[Any]:
    """The need of a lattice, the subject's `env`.

    Args:
        what: that needs it, with its verb, such as "atoms need".
        instead: what can be done without.
    """
    otherwise = f"{what} a lattice, and this network names none: give --lattice, or {instead}"
    return Need("a lattice", _has_lattice, otherwise)


def _has_lattice(subject: Any) -> bool:
    env: Environment | None = subject.env
    return env is not None
