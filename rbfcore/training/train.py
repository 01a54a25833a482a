"""Training a network on data, Eq. (3), as an iterator over epochs."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rbfcore.data.dataset import DataSet
from rbfcore.lattice.named import lattice_environment
from rbfcore.network import RBFN, rescaled
from rbfcore.numerics.schedule import Plateau, cosine_rate
from rbfcore.parameters import Parameters
from rbfcore.training.checkpoint import Checkpoint, CheckpointFile, TrainState
from rbfcore.training.gradient import FlatNetwork, accumulate_gradient
from rbfcore.training.orbits import Orbits
from rbfcore.training.settings import TrainSettings, train_settings


@dataclass(frozen=True, eq=False)
class TrainStep:
    """What is known after an epoch. RMSE in units of y.

    Attributes:
        network: the network with the best validation error so far, in units of y.
        done: True once, at the end.
    """

    epoch: int
    train_rmse: float
    validation_rmse: float
    best_validation_rmse: float
    learning_rate: float
    seconds: float
    network: Parameters
    done: bool


@dataclass(frozen=True, eq=False)
class TrainResult:
    """A trained network in units of y, its best validation RMSE, and one history entry per epoch."""

    network: RBFN
    rmse: float
    history: list[dict[str, float]]
    settings: TrainSettings


def train(
    train_set: DataSet,
    validation: DataSet,
    n_centroids: int = 1024,
    recipe: str = "fast",
    seed: int = 0,
    **overrides: Any,
) -> TrainResult:
    """Train to the end. Arguments as `train_settings`; the best validation network is kept, in units of y."""
    settings = train_settings(n_centroids, recipe, seed, train_set.coding, **overrides)
    history = []
    for step in steps(train_set, validation, settings):
        history.append(
            {
                "epoch": step.epoch,
                "train_rmse": step.train_rmse,
                "validation_rmse": step.validation_rmse,
                "learning_rate": step.learning_rate,
                "seconds": step.seconds,
            }
        )
    return TrainResult(RBFN.from_plain(step.network), step.best_validation_rmse, history, settings)


def train_steps(
    train_set: DataSet,
    validation: DataSet,
    n_centroids: int = 1024,
    recipe: str = "fast",
    seed: int = 0,
    **overrides: Any,
) -> Iterator[TrainStep]:
    """Train epoch by epoch; each step is a finished snapshot that nothing changes afterwards."""
    settings = train_settings(n_centroids, recipe, seed, train_set.coding, **overrides)
    return steps(train_set, validation, settings)


def steps(
    train_set: DataSet, validation: DataSet, settings: TrainSettings, checkpoint: Checkpoint | None = None
) -> Iterator[TrainStep]:
    """`train_steps` with the settings as one value.

    Args:
        checkpoint: where to keep the state. When the file exists, the training goes on from it: epochs of the past
            come first, at once, with the best network so far. On one kind of processor it ends, bit for bit, as it
            would have without the interruption.

    Raises:
        ValueError: the two sets differ in their inputs, y is constant, images are asked for without a lattice, or the
            checkpoint is of another training.
    """
    if train_set.n_inputs != validation.n_inputs:
        raise ValueError(
            f"training rows have {train_set.n_inputs} inputs, validation rows {validation.n_inputs}: they must agree"
        )
    mean, scale = float(train_set.y.mean()), float(train_set.y.std())
    if not scale > 0:
        raise ValueError(f"all {len(train_set)} training responses equal {mean:g}: there is nothing to learn")
    images = torch.from_numpy(_symmetry(train_set, "symmetric_images")) if settings.symmetric_images else None
    orbits = Orbits.untied(train_set.n_inputs)
    if settings.tied_orbits:
        orbits = Orbits(_symmetry(train_set, "tied_orbits"))
        orbits.representatives(settings.n_centroids)  # refuses a number that cannot be tied, before the first epoch
    file = None if checkpoint is None else CheckpointFile(checkpoint, settings, train_set, validation)
    state = None if file is None else file.read()
    return _Training(train_set, validation, settings, mean, scale, images, orbits).steps(file, state)


def _symmetry(data: DataSet, wanted_by: str) -> NDArray[np.int64]:
    if data.lattice is None:
        raise ValueError(f"{wanted_by} needs a data set on lattice sites such as the 26 FCC sites; switch it off")
    return lattice_environment(data.lattice).symmetry


class _Training:
    """A network in training: what changes from epoch to epoch, and how."""

    def __init__(
        self,
        train_set: DataSet,
        validation: DataSet,
        settings: TrainSettings,
        mean: float,
        scale: float,
        images: Tensor | None,
        orbits: Orbits,
    ) -> None:
        self._settings, self._mean, self._scale, self._orbits = settings, mean, scale, orbits
        self._device = torch.device("cuda" if settings.device != "cpu" and torch.cuda.is_available() else "cpu")
        self._generator = torch.Generator().manual_seed(settings.seed)
        start = RBFN(
            train_set.n_inputs,
            orbits.representatives(settings.n_centroids),
            per_centroid_gamma=settings.per_centroid_gamma,
            generator=self._generator,
        )
        self._flat = FlatNetwork.of(start.to(self._device))
        self._optimiser = torch.optim.Adam(
            [{"params": [self._flat.rest]}, {"params": [self._flat.beta]}],
            lr=settings.learning_rate,
            betas=(0.9, settings.beta2),
            weight_decay=settings.weight_decay,
            fused=True,
        )
        self._set_rate(settings.learning_rate)
        self._plateau = Plateau(
            settings.learning_rate,
            factor=settings.factor,
            patience=settings.patience,
            cooldown=settings.cooldown,
            stop_below=settings.stop_below,
        )
        (self._x, self._y), (self._x_val, self._y_val) = (
            _standardised(part, mean, scale, self._device) for part in (train_set, validation)
        )
        self._images = None if images is None else images.to(self._device)
        self._best, self._best_error = rescaled(orbits.network(start), mean, scale).plain(), math.inf
        self._history: list[dict[str, float]] = []

    def steps(self, file: CheckpointFile | None, state: TrainState | None) -> Iterator[TrainStep]:
        """Epoch after epoch to the end; those that `state` has behind it first."""
        if state is not None:
            self._restore(state)
            for past in self._history:
                yield self._step(past)
        before = self._history[-1]["seconds"] if self._history else 0.0
        started = time.perf_counter()
        while not self._done:
            rate, train_error = self._rate, self._epoch()
            error = (self._orbits.predict(self._flat, self._x_val) - self._y_val).double().square().mean().cpu()
            self._plateau.step(error[None])
            if float(error) < self._best_error:
                network = self._orbits.network(self._flat.network())
                self._best, self._best_error = rescaled(network, self._mean, self._scale).plain(), float(error)
            used = self._rate if self._settings.schedule == "cosine" else rate
            if self._settings.schedule == "plateau":
                self._set_rate(float(self._plateau.rate[0]))
            self._history.append(
                {
                    "epoch": len(self._history) + 1,
                    "train_rmse": self._scale * math.sqrt(train_error),
                    "validation_rmse": self._scale * math.sqrt(float(error)),
                    "best_validation_rmse": self._scale * math.sqrt(self._best_error),
                    "learning_rate": used,
                    "seconds": before + time.perf_counter() - started,
                }
            )
            if file is not None:
                file.write(self._state(), last=self._done)
            yield self._step(self._history[-1])

    @property
    def _done(self) -> bool:
        at_limit = len(self._history) == self._settings.max_epochs
        return at_limit or (self._settings.schedule == "plateau" and not bool(self._plateau.running[0]))

    def _step(self, numbers: dict[str, float]) -> TrainStep:
        done = self._done and numbers["epoch"] == len(self._history)
        epoch, rest = int(numbers["epoch"]), {name: value for name, value in numbers.items() if name != "epoch"}
        return TrainStep(epoch=epoch, network=self._best, done=done, **rest)

    def _epoch(self) -> float:
        """Show every training row once; mean squared error on the way, standardised."""
        settings, flat = self._settings, self._flat
        n_batches, epoch = math.ceil(len(self._x) / settings.batch_size), len(self._history)
        total = torch.zeros((), dtype=torch.float64, device=self._device)
        order = torch.randperm(len(self._x), generator=self._generator).to(self._device)
        for number, rows in enumerate(order.split(settings.batch_size)):
            batch = self._x[rows]
            if self._images is not None:
                shown = torch.randint(len(self._images), (len(rows),), generator=self._generator).to(self._device)
                batch = batch.gather(1, self._images[shown])
            total += accumulate_gradient(flat, self._orbits.images(batch), self._y[rows], self._orbits.size)
            if settings.schedule == "cosine":
                assert settings.max_epochs is not None
                now, end = epoch * n_batches + number, settings.max_epochs * n_batches
                self._set_rate(cosine_rate(now, end, settings.learning_rate))
            if settings.centroid_decay:
                flat.centroids.mul_(1 - self._rate * settings.centroid_decay)
            self._optimiser.step()
        return float(total) / len(self._x)

    def _set_rate(self, rate: float) -> None:
        self._rate = rate
        for group, multiple in zip(self._optimiser.param_groups, (1.0, self._settings.beta_rate), strict=True):
            group["lr"] = rate * multiple

    def _state(self) -> TrainState:
        tensors = {"rest": self._flat.rest, "beta": self._flat.beta, "generator": self._generator.get_state()}
        for name in ("rest", "beta"):
            moments = self._optimiser.state[getattr(self._flat, name)]
            tensors |= {f"{name}.{moment}": tensor for moment, tensor in moments.items()}
        return TrainState(tensors, self._plateau.state(), self._best, self._best_error, self._history)

    def _restore(self, state: TrainState) -> None:
        for name in ("rest", "beta"):
            leaf = getattr(self._flat, name)
            leaf.copy_(state.tensors[name])
            moments = {key: t for key, t in state.tensors.items() if key.startswith(f"{name}.")}
            self._optimiser.state[leaf] = {key.partition(".")[2]: t.to(self._device) for key, t in moments.items()}
        self._generator.set_state(state.tensors["generator"])
        self._plateau.restore(state.schedule)
        self._best, self._best_error = state.best, state.best_error
        self._history = list(state.history)
        if self._settings.schedule == "plateau":
            self._set_rate(float(self._plateau.rate[0]))


def _standardised(data: DataSet, mean: float, scale: float, device: torch.device) -> tuple[Tensor, Tensor]:
    y = torch.from_numpy(((data.y - mean) / scale).astype(np.float32))
    return torch.from_numpy(np.ascontiguousarray(data.x, dtype=np.float32)).to(device), y.to(device)
