"""Run cards: what was run, with which settings, versions and inputs, as plain values stored beside the result."""

import platform
from dataclasses import asdict, is_dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rbfcore.network import RBFN

_PACKAGES = ("rbfscope", "torch", "numpy")


def run_card(command: str, network: "RBFN", **facts: Any) -> dict[str, Any]:
    """A run card for a network.

    Args:
        command: which command made it.
        facts: settings and outcomes; dataclasses become dictionaries.

    Returns:
        The facts with the command, versions, and the fingerprint of the network (see `Parameters.fingerprint`).
    """
    plain = {name: asdict(v) if is_dataclass(v) and not isinstance(v, type) else v for name, v in facts.items()}
    return {
        "command": command,
        **plain,
        "fingerprint": network.plain().fingerprint(),
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide the numbers."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:  # a checkout on the path without an install
            found[name] = "not installed"
    return found
