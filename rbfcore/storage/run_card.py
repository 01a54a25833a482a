"""Making run cards: the facts of a run with the versions that decide its numbers. What a card is: `RunCard`."""

import platform
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from rbfcore.run_card import VERSION, RunCard, Split

if TYPE_CHECKING:
    from rbfcore.network import RBFN

__all__ = ["VERSION", "RunCard", "Split", "run_card", "versions"]
_PACKAGES = ("rbfscope", "torch", "numpy")


def run_card(command: str, network: "RBFN", **facts: Any) -> RunCard:
    """The card of a network that has just been made.

    Args:
        command: which command made it.
        facts: settings and outcomes by the names of entries; dataclasses become dictionaries.

    Returns:
        The facts with the command, versions, and the fingerprint of the network (see `Parameters.fingerprint`).
    """
    made = {"card_version": VERSION, "command": command, "fingerprint": network.plain().fingerprint()}
    return RunCard.from_dict({**made, **{name: _plain(value) for name, value in facts.items()}, "versions": versions()})


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide the numbers."""
    from importlib import metadata  # here: a network is read without it

    numbers = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            numbers[name] = metadata.version(name)
        except metadata.PackageNotFoundError:  # a checkout on the path without an install
            numbers[name] = "not installed"
    return numbers


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, Split):
        return value.as_dict()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return list(value) if isinstance(value, tuple) else value
