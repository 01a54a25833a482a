"""A deep network as comparison model: fully connected layers in torch, trained with Adam and early stopping."""

import copy
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from rbfcore.data.dataset import DataSet
from rbfcore.lattice.named import lattice_environment
from rbfcore.numerics.schedule import cosine_rate
from rbfcore.training.baselines import Baseline

_CHUNK = 4096


@dataclass(frozen=True)
class DnnSettings:
    """A multilayer perceptron and how to train it.

    Attributes:
        layers, width: hidden layers and units in each.
        learning_rate: peak of a cosine with warm-up over max_epochs.
        batch_size, weight_decay: of Adam with decoupled decay, on the mean squared error of standardised y.
        max_epochs: length of the schedule.
        patience: stop after so many epochs without a better validation error.
        symmetric_images: show a random symmetric image of each row at each visit (lattice data only).
        seed: of the start and the batches.
    """

    layers: int = 4
    width: int = 256
    learning_rate: float = 1e-3
    batch_size: int = 256
    weight_decay: float = 1e-5
    max_epochs: int = 100
    patience: int = 20
    symmetric_images: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("layers", "width", "batch_size", "max_epochs", "patience"):
            if not isinstance(getattr(self, name), int) or getattr(self, name) < 1:
                raise ValueError(f"{name} must be a whole number >= 1, got {getattr(self, name)!r}")
        if not self.learning_rate > 0 or not self.weight_decay >= 0:
            raise ValueError(
                f"learning_rate must be > 0 and weight_decay >= 0, got {self.learning_rate} and {self.weight_decay}"
            )


@dataclass(frozen=True, eq=False)
class DnnStep:
    """State after an epoch: validation RMSE in units of y, of this epoch and the best so far."""

    epoch: int
    validation_rmse: float
    best_validation_rmse: float
    done: bool


class Dnn:
    """A perceptron in training. `steps` trains it, `predict` uses the weights with the best validation error."""

    def __init__(self, train: DataSet, validation: DataSet, settings: DnnSettings) -> None:
        if train.n_inputs != validation.n_inputs:
            raise ValueError(
                f"the data sets differ in their inputs: {train.n_inputs} and {validation.n_inputs} columns"
            )
        if settings.symmetric_images and train.lattice is None:
            raise ValueError("symmetric_images needs a data set on lattice sites; switch it off")
        self.settings = settings
        self._train, self._validation = train, validation
        self._mean, self._scale = float(train.y.mean()), float(train.y.std()) or 1.0
        self._generator = torch.Generator().manual_seed(settings.seed)
        self._net = _perceptron(train.n_inputs, settings, self._generator)
        self._best = copy.deepcopy(self._net.state_dict())

    def steps(self) -> Iterator[DnnStep]:
        """Train epoch by epoch, until the schedule or the patience ends."""
        settings, scale = self.settings, self._scale
        x, y = self._standardised(self._train)
        x_val, y_val = self._standardised(self._validation)
        images = None
        if settings.symmetric_images and self._train.lattice is not None:
            images = torch.from_numpy(lattice_environment(self._train.lattice).symmetry)
        optimiser = torch.optim.AdamW(self._net.parameters(), weight_decay=settings.weight_decay, fused=True)
        per_epoch = math.ceil(len(x) / settings.batch_size)
        best, best_epoch, step = math.inf, 0, 0
        for epoch in range(1, settings.max_epochs + 1):
            order = torch.randperm(len(x), generator=self._generator)
            for rows in order.split(settings.batch_size):
                batch = x[rows]
                if images is not None:
                    chosen = torch.randint(len(images), (len(rows),), generator=self._generator)
                    batch = batch.gather(1, images[chosen])
                for group in optimiser.param_groups:
                    group["lr"] = cosine_rate(step, settings.max_epochs * per_epoch, settings.learning_rate)
                optimiser.zero_grad(set_to_none=True)
                nn.functional.mse_loss(self._net(batch).squeeze(1), y[rows]).backward()
                optimiser.step()
                step += 1
            error = float((self._evaluate(x_val) - y_val).double().square().mean().sqrt())
            if error < best:
                best, best_epoch = error, epoch
                self._best = copy.deepcopy(self._net.state_dict())
            diverged = not math.isfinite(error)
            done = diverged or epoch == settings.max_epochs or epoch - best_epoch >= settings.patience
            yield DnnStep(epoch, scale * error if not diverged else math.inf, scale * best, done)
            if done:
                return

    def predict(self, rows: ArrayLike) -> NDArray[np.float64]:
        """(N, D) -> (N,), in units of y, with the best weights so far.

        Raises:
            ValueError: other numbers of columns than in training.
        """
        x = np.asarray(rows, dtype=np.float32)
        if x.ndim != 2 or x.shape[1] != self._train.n_inputs:
            raise ValueError(f"x must be (N, {self._train.n_inputs}), got {x.shape}: one column per input")
        current = copy.deepcopy(self._net.state_dict())
        self._net.load_state_dict(self._best)
        values = self._evaluate(torch.from_numpy(np.ascontiguousarray(x))).double().numpy()
        self._net.load_state_dict(current)
        return self._mean + self._scale * values

    def _evaluate(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            return torch.cat([self._net(rows).squeeze(1) for rows in x.split(_CHUNK)])

    def _standardised(self, data: DataSet) -> tuple[Tensor, Tensor]:
        y = torch.from_numpy(((data.y - self._mean) / self._scale).astype(np.float32))
        return torch.from_numpy(np.ascontiguousarray(data.x, dtype=np.float32)), y


def dnn_baseline(train: DataSet, test: DataSet, validation: DataSet, settings: DnnSettings | None = None) -> Baseline:
    """Train a deep network to the end.

    Raises:
        ValueError: other numbers of inputs, or images without a lattice.
    """
    network = Dnn(train, validation, settings or DnnSettings())
    started = time.perf_counter()
    *_, last = network.steps()
    used: dict[str, Any] = asdict(network.settings) | {
        "n_train": len(train),
        "epochs": last.epoch,
        "validation_rmse": last.best_validation_rmse,
        "seconds": round(time.perf_counter() - started, 1),
    }
    error = float(np.sqrt(np.mean((network.predict(test.x) - test.y) ** 2)))
    return Baseline("dnn", error, network.predict, used)


def _perceptron(n_inputs: int, settings: DnnSettings, generator: torch.Generator) -> nn.Sequential:
    layers: list[nn.Module] = []
    before = n_inputs
    for _ in range(settings.layers):
        layers += [nn.Linear(before, settings.width), nn.ReLU()]
        before = settings.width
    layers.append(nn.Linear(before, 1))
    for layer in layers:
        if isinstance(layer, nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
            nn.init.zeros_(layer.bias)
    return nn.Sequential(*layers)
