"""How to train: every setting with its limits, and the recipes, which are settings by name."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import torch

from rbfcore.data.dataset import Coding


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
