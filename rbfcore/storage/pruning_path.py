"""PruningPath curves: pruned networks of growing size as plain arrays, and as one file that opens without torch."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from rbfcore.parameters import Parameters
from rbfcore.storage.files import replacing

_KEY = "rbfscope-path"


@dataclass(frozen=True, eq=False)
class PruningPath:
    """Pruned networks of one large network by rising size; each carries its own run card with `rms_gap`.

    Attributes:
        networks: one per size.
        parent: fingerprint of the large network.
    """

    networks: tuple[Parameters, ...]
    parent: str

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(network.n_centroids for network in self.networks)

    @property
    def gaps(self) -> tuple[float, ...]:
        """Exact RMS gap to the large network, in units of y; NaN where a run card does not record it."""
        return tuple(math.nan if network.card.rms_gap is None else network.card.rms_gap for network in self.networks)

    def with_network(self, network: Parameters) -> "PruningPath":
        """The curve with this network in the place of the one of its size, or added to it."""
        others = [kept for kept in self.networks if kept.n_centroids != network.n_centroids]
        return PruningPath(tuple(sorted([*others, network], key=lambda kept: kept.n_centroids)), self.parent)


def write_pruning_path(curve: PruningPath, path: str | Path) -> None:
    """Write a pruning path as one safetensors file, atomically."""
    tensors: dict[str, NDArray[np.floating]] = {}
    for network in curve.networks:
        size = network.n_centroids
        tensors |= {
            f"{size}.alpha": np.asarray(network.alpha, dtype=np.float64),
            f"{size}.beta": np.ascontiguousarray(network.beta),
            f"{size}.log_gamma": np.asarray(np.log(network.gamma.astype(np.float64))),
            f"{size}.centroids": np.ascontiguousarray(network.centroids),
        }
    card = {"parent": curve.parent, "cards": {str(n.n_centroids): n.metadata for n in curve.networks}}
    with replacing(path) as temporary:
        save_file(tensors, temporary, metadata={_KEY: json.dumps(card, sort_keys=True)})


def read_pruning_path(path: str | Path) -> PruningPath:
    """Read a pruning path.

    Raises:
        ValueError: the file is missing, damaged, or holds something else.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"no pruning path at {path}")
    try:
        with safe_open(path, framework="numpy") as file:
            card: dict[str, Any] = json.loads((file.metadata() or {})[_KEY])
            networks = [
                Parameters.checked(
                    file.get_tensor(f"{size}.alpha"),
                    file.get_tensor(f"{size}.beta"),
                    np.exp(file.get_tensor(f"{size}.log_gamma")),
                    file.get_tensor(f"{size}.centroids"),
                    card["cards"][size],
                )
                for size in sorted(card["cards"], key=int)
            ]
            if not networks or not all(network.card.rms_gap is not None for network in networks):
                raise ValueError("it lists no sizes, or sizes without their gap")
            return PruningPath(tuple(networks), str(card["parent"]))
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path.name!r} is no pruning path ({error}): make it anew with `rbfscope assets --paths-only`"
        ) from error
