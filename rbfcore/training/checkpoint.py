"""Where a training stands, in a file: what is interrupted goes on from there and ends as if it never had been."""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from rbfcore.data.dataset import DataSet
from rbfcore.parameters import Parameters
from rbfcore.storage.files import replacing
from rbfcore.training.settings import TrainSettings

_BEST = ("alpha", "beta", "gamma", "centroids")


@dataclass(frozen=True)
class Checkpoint:
    """A file that a training keeps up to date and goes on from when it exists.

    Attributes:
        path: ends in .safetensors; the folder must exist.
        every: seconds between two writings; 0 writes after every epoch. The last epoch is always written.
        about: anything JSON can hold that helps to recognise the run; it travels in the file.
    """

    path: Path
    every: float = 10.0
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class TrainState:
    """Everything a training needs to go on after an epoch.

    Attributes:
        tensors: parameters, moments of the optimiser, state of the random generator.
        schedule: numbers of the plateau rule.
        best: the network with the best validation error, in units of y, and that error, standardised and squared.
        history: one entry per epoch, as of `TrainStep`.
    """

    tensors: dict[str, Tensor]
    schedule: dict[str, Any]
    best: Parameters
    best_error: float
    history: list[dict[str, float]]


class CheckpointFile:
    """Writes the states of one training, not too often, and reads the last one back."""

    def __init__(self, checkpoint: Checkpoint, settings: TrainSettings, train: DataSet, validation: DataSet) -> None:
        if checkpoint.path.suffix != ".safetensors":
            raise ValueError(f"checkpoints are stored as .safetensors, got {checkpoint.path.name!r}; rename the file")
        self._checkpoint = checkpoint
        self._identity = {
            "training": asdict(settings),
            "rows": {"train": train.fingerprint(), "validation": validation.fingerprint()},
        }
        self._written = time.monotonic()

    def read(self) -> TrainState | None:
        """The state to go on from, or None when there is no file.

        Raises:
            ValueError: the file is no checkpoint, or one of other settings or rows.
        """
        path = self._checkpoint.path
        if not path.exists():
            return None
        card, tensors = _read(path)
        stored = {name: card.get(name) for name in self._identity}
        if stored != json.loads(json.dumps(self._identity)):
            raise ValueError(
                f"{path.name} belongs to a training with other {_differences(stored, self._identity)}: go on with "
                "those, or remove the file to start anew"
            )
        alpha, beta, gamma, centroids = (tensors.pop(f"best.{name}").numpy() for name in _BEST)
        best = Parameters.checked(alpha, beta, gamma, centroids)
        return TrainState(tensors, card["schedule"], best, card["best_error"], card["history"])

    def write(self, state: TrainState, *, last: bool) -> None:
        """Write the state when it is time to."""
        if not last and time.monotonic() - self._written < self._checkpoint.every:
            return
        tensors = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in state.tensors.items()}
        for name in _BEST:
            tensors[f"best.{name}"] = torch.tensor(getattr(state.best, name))
        card = {
            **self._identity,
            "about": self._checkpoint.about,
            "schedule": state.schedule,
            "best_error": state.best_error,
            "history": state.history,
        }
        with replacing(self._checkpoint.path) as temporary:
            save_file(tensors, temporary, metadata={"rbfscope_checkpoint": json.dumps(card)})
        self._written = time.monotonic()


def checkpoint_card(path: Path) -> dict[str, Any]:
    """What a checkpoint says about its run: "about", "training", "rows" and the "history" so far.

    Raises:
        ValueError: the file is missing or no checkpoint.
    """
    return _read(path, tensors=False)[0]


def _read(path: Path, *, tensors: bool = True) -> tuple[dict[str, Any], dict[str, Tensor]]:
    try:
        with safe_open(path, framework="pt") as file:
            card = json.loads((file.metadata() or {})["rbfscope_checkpoint"])
            names = file.keys() if tensors else ()
            return card, {name: file.get_tensor(name) for name in names}
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise ValueError(f"{path.name} holds no checkpoint of a training: remove it to start anew ({error})") from error


def _differences(stored: dict[str, Any], wanted: dict[str, Any]) -> str:
    """What differs, in words."""
    if stored["rows"] != wanted["rows"] and stored["training"] == wanted["training"]:
        return "rows"
    before = stored["training"] if isinstance(stored["training"], dict) else {}
    names = [name for name, value in wanted["training"].items() if before.get(name) != value]
    return f"settings ({', '.join(f'{name} {before.get(name)}' for name in names)})"
