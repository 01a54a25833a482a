"""Networks that studies train, kept on disk: a second study with the same settings and rows takes them from there."""

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rbfcore.data.dataset import DataSet
from rbfcore.network import RBFN
from rbfcore.storage.networks import read_parameters, save_network
from rbfcore.storage.run_card import run_card
from rbfcore.training.settings import TrainSettings
from rbfcore.training.train import steps

_FOLDER = "networks"


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A network in units of y with what its training took.

    Attributes:
        path: its file.
        epochs, seconds, cpu_seconds: of the training, also when it was read back.
        validation_rmse: in units of y.
    """

    network: RBFN
    path: Path
    epochs: int
    seconds: float
    cpu_seconds: float
    validation_rmse: float

    def facts(self) -> dict[str, Any]:
        """As plain values, for a run card."""
        return {
            "file": f"{_FOLDER}/{self.path.name}",
            "fingerprint": self.network.plain().fingerprint(),
            "epochs": self.epochs,
            "seconds": round(self.seconds, 2),
            "cpu_seconds": round(self.cpu_seconds, 2),
            "validation_rmse": self.validation_rmse,
        }


def trained_network(train: DataSet, validation: DataSet, settings: TrainSettings, folder: Path) -> TrainedNetwork:
    """Train, or read what was trained before on the same rows with the same settings.

    Args:
        folder: of the study; networks go to its sub-folder "networks".

    Raises:
        ValueError: as `rbfcore.train`.
    """
    identity = {
        "training": asdict(settings),
        "rows": {"train": train.fingerprint(), "validation": validation.fingerprint()},
    }
    digest = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]
    path = folder / _FOLDER / f"{train.name}-{settings.n_centroids}-{digest}.safetensors"
    known = _stored(path, identity)
    if known is not None:
        return known
    started, cpu_started = time.perf_counter(), time.process_time()
    *_, last = steps(train, validation, settings)
    network = RBFN.from_plain(last.network)
    # rounded as they are stored, so that a network read back has the same
    seconds, cpu = round(time.perf_counter() - started, 2), round(time.process_time() - cpu_started, 2)
    card = run_card(
        command="reproduce",
        network=network,
        **identity,
        dataset=train.name,
        unit=train.unit,
        lattice=train.lattice,
        epochs=last.epoch,
        seconds=seconds,
        cpu_seconds=cpu,
        validation_rmse=last.best_validation_rmse,
    )
    path.parent.mkdir(exist_ok=True)
    save_network(network, path, card.as_dict())
    return TrainedNetwork(network, path, last.epoch, seconds, cpu, last.best_validation_rmse)


def _stored(path: Path, identity: dict[str, Any]) -> TrainedNetwork | None:
    try:
        plain = read_parameters(path)
    except (OSError, ValueError):
        return None
    card = plain.card
    if card.taken(identity) != identity:
        return None
    if card.epochs is None or card.seconds is None or card.cpu_seconds is None or card.validation_rmse is None:
        return None
    return TrainedNetwork(
        RBFN.from_plain(plain), path, card.epochs, card.seconds, card.cpu_seconds, card.validation_rmse
    )
