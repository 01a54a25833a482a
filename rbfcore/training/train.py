"""Training a network on data, Eq. (3), as an iterator over epochs."""

import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rbfcore.data.dataset import Coding, DataSet
from rbfcore.data.families import lattice_environment
from rbfcore.network import RBFN, rescaled
from rbfcore.parameters import Parameters
from rbfcore.training.gradient import FlatNetwork, accumulate_gradient
from rbfcore.training.orbits import Orbits
from rbfcore.training.schedule import Plateau, cosine_rate


@dataclass(frozen=True)
class TrainSettings:
    """How to train. The defaults are the paper's recipe (Sec. 3).

    Attributes:
        n_centroids: K.
        seed: fixes the random start and the order of the batches.
        schedule: "plateau" (the paper's: times `factor` after `patience` epochs without a better validation error,
            then `cooldown` epochs of rest, stop below `stop_below`) or "cosine" (over `max_epochs`).
        batch_size, learning_rate, beta2, weight_decay: of Adam. The loss of a batch is the *sum* of squared
            errors, as in the paper's own program, so that weight_decay is weighed against a whole batch.
        beta_rate: learning rate of the weights beta as a multiple of learning_rate. The best weights are large (the
            features overlap), and at one common rate it is they that hold the training back.
        centroid_decay: decoupled decay of the centroids: a step at rate r also multiplies them by 1 - r centroid_decay.
            Unlike weight_decay it does not pass through Adam's division and leaves beta alone.
        max_epochs: stop after so many epochs; None = when the plateau rule says.
        per_centroid_gamma: one width per centroid (continuous data; on -1/+1 inputs it adds nothing).
        symmetric_images: show a random symmetric image of each row at each visit (lattice data only).
        tied_orbits: train whole orbits of centroids that share a weight, so that the network is exactly symmetric
            (lattice data only); n_centroids counts all copies and must be a multiple of the group's order.
        device: "cpu", "cuda", or "auto": CUDA where there is a device, else the processor. Starts and batches are
            drawn on the processor, so that they are the same everywhere; rounding is not.
    """

    n_centroids: int = 1024
    seed: int = 0
    schedule: str = "plateau"
    batch_size: int = 64
    learning_rate: float = 1e-2
    beta2: float = 0.999
    weight_decay: float = 1e-5
    beta_rate: float = 1.0
    centroid_decay: float = 0.0
    factor: float = 0.1
    patience: int = 10
    cooldown: int = 10
    stop_below: float = 1e-4
    max_epochs: int | None = None
    per_centroid_gamma: bool = False
    symmetric_images: bool = False
    tied_orbits: bool = False
    device: str = "auto"

    def __post_init__(self) -> None:
        for name in ("n_centroids", "batch_size"):
            if not isinstance(getattr(self, name), int) or getattr(self, name) < 1:
                raise ValueError(f"{name} must be a whole number >= 1, got {getattr(self, name)!r}")
        for name in ("learning_rate", "stop_below", "beta_rate"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be > 0, got {getattr(self, name)}")
        for name in ("weight_decay", "centroid_decay"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must be >= 0, got {getattr(self, name)}")
        if self.max_epochs is not None and self.max_epochs < 1:
            raise ValueError(f"max_epochs must be >= 1, got {self.max_epochs}")
        if self.schedule not in ("plateau", "cosine"):
            raise ValueError(f"schedule must be 'plateau' or 'cosine', got {self.schedule!r}")
        if self.device not in ("auto", "cpu", "cuda"):
            raise ValueError(f"device must be 'auto', 'cpu' or 'cuda', got {self.device!r}")
        if self.device == "cuda" and not torch.cuda.is_available():
            raise ValueError("device 'cuda' was asked for, but torch finds no CUDA device: use 'auto' or 'cpu'")
        if self.schedule == "cosine" and self.max_epochs is None:
            raise ValueError("the cosine schedule needs max_epochs: the number of epochs it runs over")
        if self.symmetric_images and self.tied_orbits:
            raise ValueError("tied_orbits already see every image alike: switch symmetric_images off")


RECIPES: dict[str, TrainSettings] = {
    "paper": TrainSettings(),
    "fast": TrainSettings(
        schedule="cosine",
        batch_size=256,
        learning_rate=5e-2,
        beta2=0.99,
        weight_decay=0.0,
        beta_rate=25.0,
        centroid_decay=5e-3,
        max_epochs=40,
    ),
}
# On -1/+1 inputs features are small and overlap much, so that good weights are large. On few continuous inputs they are
# not, and weights that learn so fast would lose fine structure: Fig. 1's ripples.
_FAST_ON_REAL = replace(
    RECIPES["fast"], batch_size=128, learning_rate=5e-2, beta_rate=1.0, centroid_decay=0.0, max_epochs=300
)


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


def train_settings(
    n_centroids: int = 1024, recipe: str = "fast", seed: int = 0, coding: Coding = "occupation", **overrides: Any
) -> TrainSettings:
    """Settings of a named recipe with single values replaced.

    "paper" is Sec. 3 of the paper; "fast" reaches a lower error in less time (`rbfscope bench training`). What is fast
    depends on the data's coding.

    Raises:
        ValueError: unknown recipe or setting, or a value out of range.
    """
    if recipe not in RECIPES:
        raise ValueError(f"unknown recipe {recipe!r}: expected one of {', '.join(RECIPES)}")
    unknown = set(overrides) - set(asdict(RECIPES[recipe]))
    if unknown:
        raise ValueError(f"unknown training setting {', '.join(sorted(unknown))}")
    chosen = _FAST_ON_REAL if (recipe, coding) == ("fast", "real") else RECIPES[recipe]
    return replace(chosen, n_centroids=n_centroids, seed=seed, **overrides)


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


def steps(train_set: DataSet, validation: DataSet, settings: TrainSettings) -> Iterator[TrainStep]:
    """`train_steps` with the settings as one value.

    Raises:
        ValueError: the two sets differ in their inputs, y is constant, or images are asked for without a lattice.
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
    return _epochs(train_set, validation, settings, mean, scale, images, orbits)


def _symmetry(data: DataSet, wanted_by: str) -> NDArray[np.int64]:
    if data.lattice is None:
        raise ValueError(f"{wanted_by} needs a data set on lattice sites such as the 26 FCC sites; switch it off")
    return lattice_environment(data.lattice).symmetry


def _epochs(
    train_set: DataSet,
    validation: DataSet,
    settings: TrainSettings,
    mean: float,
    scale: float,
    images: Tensor | None,
    orbits: Orbits,
) -> Iterator[TrainStep]:
    device = torch.device("cuda" if settings.device != "cpu" and torch.cuda.is_available() else "cpu")
    generator = torch.Generator().manual_seed(settings.seed)
    start = RBFN(
        train_set.n_inputs,
        orbits.representatives(settings.n_centroids),
        per_centroid_gamma=settings.per_centroid_gamma,
        generator=generator,
    )
    flat = FlatNetwork.of(start.to(device))
    groups: list[dict[str, Any]] = [
        {"params": [flat.rest]},
        {"params": [flat.beta], "lr": settings.learning_rate * settings.beta_rate},
    ]
    optimiser = torch.optim.Adam(
        groups,
        lr=settings.learning_rate,
        betas=(0.9, settings.beta2),
        weight_decay=settings.weight_decay,
        fused=True,
    )

    def set_rate(rate: float) -> None:
        for group, multiple in zip(optimiser.param_groups, (1.0, settings.beta_rate), strict=True):
            group["lr"] = rate * multiple

    rate = settings.learning_rate
    plateau = Plateau(
        settings.learning_rate,
        factor=settings.factor,
        patience=settings.patience,
        cooldown=settings.cooldown,
        stop_below=settings.stop_below,
    )
    (x, y), (x_val, y_val) = (_standardised(part, mean, scale, device) for part in (train_set, validation))
    images = None if images is None else images.to(device)
    n_batches = math.ceil(len(x) / settings.batch_size)
    started = time.perf_counter()
    best, best_error = rescaled(orbits.network(start), mean, scale).plain(), math.inf
    epoch = 0
    while True:
        total = torch.zeros((), dtype=torch.float64, device=device)
        order = torch.randperm(len(x), generator=generator).to(device)
        for number, rows in enumerate(order.split(settings.batch_size)):
            batch = x[rows]
            if images is not None:
                shown = torch.randint(len(images), (len(rows),), generator=generator).to(device)
                batch = batch.gather(1, images[shown])
            total += accumulate_gradient(flat, orbits.images(batch), y[rows], orbits.size)
            if settings.schedule == "cosine":
                assert settings.max_epochs is not None
                now, end = epoch * n_batches + number, settings.max_epochs * n_batches
                rate = cosine_rate(now, end, settings.learning_rate)
                set_rate(rate)
            if settings.centroid_decay:
                flat.centroids.mul_(1 - rate * settings.centroid_decay)
            optimiser.step()
        epoch += 1
        used = rate
        error = (orbits.predict(flat, x_val) - y_val).double().square().mean().cpu()
        plateau.step(error[None])
        if float(error) < best_error:
            best, best_error = rescaled(orbits.network(flat.network()), mean, scale).plain(), float(error)
        done = epoch == settings.max_epochs
        if settings.schedule == "plateau":
            rate = float(plateau.rate[0])
            set_rate(rate)
            done = done or not bool(plateau.running[0])
        yield TrainStep(
            epoch=epoch,
            train_rmse=scale * math.sqrt(float(total) / len(x)),
            validation_rmse=scale * math.sqrt(float(error)),
            best_validation_rmse=scale * math.sqrt(best_error),
            learning_rate=used,
            seconds=time.perf_counter() - started,
            network=best,
            done=done,
        )
        if done:
            return


def _standardised(data: DataSet, mean: float, scale: float, device: torch.device) -> tuple[Tensor, Tensor]:
    y = torch.from_numpy(((data.y - mean) / scale).astype(np.float32))
    return torch.from_numpy(np.ascontiguousarray(data.x, dtype=np.float32)).to(device), y.to(device)
