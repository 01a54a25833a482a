"""Radial basis function networks over atoms: train, prune to prototypes in closed form, explain exactly."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rbfcore import lattice as lattice
    from rbfcore.data.bundled import bundled_names as bundled_names
    from rbfcore.data.dataset import DataSet as DataSet
    from rbfcore.data.load import load_dataset as load_dataset
    from rbfcore.explain.prototypes import prototypes as prototypes
    from rbfcore.explain.prototypes import site_opacity as site_opacity
    from rbfcore.network import RBFN as RBFN
    from rbfcore.storage import load_network as load_network
    from rbfcore.storage import read_parameters as read_parameters
    from rbfcore.storage import save_network as save_network

# Where each public name lives. Loaded on first use, so that reading prototypes does not wait for torch.
_HOMES = {
    "DataSet": "data.dataset",
    "RBFN": "network",
    "bundled_names": "data.bundled",
    "lattice": "",
    "load_dataset": "data.load",
    "load_network": "storage",
    "prototypes": "explain.prototypes",
    "read_parameters": "storage",
    "save_network": "storage",
    "site_opacity": "explain.prototypes",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'rbfcore' has no attribute {name!r}")
    home = _HOMES[name]
    value = getattr(import_module(f"rbfcore.{home}"), name) if home else import_module(f"rbfcore.{name}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
