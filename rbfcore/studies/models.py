"""Names of the models that a study compares, and how each is fitted."""

import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from rbfcore.data.dataset import DataSet
from rbfcore.studies.networks import trained_network
from rbfcore.studies.scores import Predictor
from rbfcore.training.baselines import ridge, xgboost_baseline
from rbfcore.training.baselines_dnn import DnnSettings, dnn_baseline
from rbfcore.training.settings import TrainSettings, train_settings

SIZES = (128, 256, 512, 1024, 2048, 4096)
_JOINT = "+joint"
_MIDDLE = 1024  # size at which variants of training are compared

# The paper's table and what goes beyond it, cheap ones first.
DEFAULT_MODELS: tuple[str, ...] = (
    "ridge",
    "xgboost",
    "dnn",
    "dnn-images",
    *(f"rbfn-{size}-{recipe}" for size in SIZES for recipe in ("paper", "fast-tied")),
    f"rbfn-{_MIDDLE}-fast",
    f"rbfn-{_MIDDLE}-fast-images",
    "xgboost+joint",
    f"rbfn-{_MIDDLE}-fast-tied+joint",
    f"rbfn-{SIZES[-1]}-fast-tied+joint",
)


@dataclass(frozen=True)
class Model:
    """A model of a study.

    Attributes:
        name: as given: "ridge", "xgboost", "dnn", "dnn-images", "rbfn-K-RECIPE", "rbfn-K-RECIPE-tied" or
            "rbfn-K-RECIPE-images"; with "+joint" it learns all surfaces at once.
        kind: "ridge", "xgboost", "dnn" or "rbfn".
        n_centroids, recipe: of an "rbfn", else 0 and "".
        symmetry: "none", "tied" (centroids of an orbit share a weight) or "images" (shown at random in training).
        joint: learns all surfaces at once.
    """

    name: str
    kind: str
    n_centroids: int = 0
    recipe: str = ""
    symmetry: str = "none"
    joint: bool = False

    def training(self, seed: int, **overrides: Any) -> TrainSettings:
        """Settings of an "rbfn"."""
        symmetry = {"tied": {"tied_orbits": True}, "images": {"symmetric_images": True}, "none": {}}[self.symmetry]
        return train_settings(self.n_centroids, self.recipe, seed, "occupation", **symmetry, **overrides)

    @property
    def cost(self) -> float:
        """Expected work, in units of a network of 128 centroids."""
        own = {"ridge": 0.1, "xgboost": 0.5, "dnn": 6.0, "rbfn": self.n_centroids / 128 + 0.5}[self.kind]
        return 3 * own if self.joint else own


def parse_model(name: str) -> Model:
    """The model of that name.

    Raises:
        ValueError: no such model or recipe, or a number of centroids that its symmetry does not allow.
    """
    joint, plain = name.endswith(_JOINT), name.removesuffix(_JOINT)
    if plain in ("ridge", "xgboost", "dnn"):
        return Model(name, plain, joint=joint)
    if plain == "dnn-images":
        return Model(name, "dnn", symmetry="images", joint=joint)
    match = re.fullmatch(r"rbfn-(\d+)-([a-z0-9_]+)(?:-(tied|images))?", plain)
    if match is None:
        raise ValueError(
            f"unknown model {name!r}: expected ridge, xgboost, dnn, dnn-images or rbfn-K-RECIPE[-tied|-images] such as "
            "rbfn-1024-fast-tied; +joint after it trains on all surfaces at once"
        )
    model = Model(name, "rbfn", int(match[1]), match[2], match[3] or "none", joint)
    model.training(seed=0)  # refuses unknown recipes
    return model


def chosen_models(patterns: Sequence[str] | None) -> list[Model]:
    """Models by name or by pattern such as "rbfn-*-paper" among the default ones; all default ones without any.

    Raises:
        ValueError: a pattern that matches none, or a name that `parse_model` refuses.
    """
    if not patterns:
        return [parse_model(name) for name in DEFAULT_MODELS]
    names: list[str] = []
    for pattern in patterns:
        matches = [name for name in DEFAULT_MODELS if fnmatchcase(name, pattern)]
        if not matches and any(sign in pattern for sign in "*?["):
            raise ValueError(f"no model matches {pattern!r}; there are {', '.join(DEFAULT_MODELS)}")
        names += matches or [pattern]
    return [parse_model(name) for name in dict.fromkeys(names)]


def model_settings(model: Model, seed: int, max_epochs: int | None, dnn: dict[str, Any] | None) -> dict[str, Any]:
    """Everything that decides how a model is fitted, as plain values.

    Args:
        seed: of starts and batches.
        max_epochs: shorter training of networks, for trying out.
        dnn: searched settings of a "dnn".
    """
    shorter = {} if max_epochs is None else {"max_epochs": max_epochs}
    if model.kind == "rbfn":
        return asdict(model.training(seed, **shorter))
    if model.kind == "dnn":
        images = {"symmetric_images": model.symmetry == "images"}
        return asdict(DnnSettings(**{**(dnn or {}), **images, **shorter, "seed": seed}))
    return {"seed": seed} if model.kind == "xgboost" else {}


def fit(
    model: Model, settings: dict[str, Any], train: DataSet, validation: DataSet, folder: Path
) -> tuple[Predictor, dict[str, Any]]:
    """A predictor and facts about its training.

    Args:
        settings: from `model_settings`.
        folder: of the study, where trained networks are kept.

    Returns:
        (N, D) -> (N,), and seconds, cpu_seconds, n_train and, where they exist, epochs, validation_rmse and more.
    """
    started, cpu_started = time.perf_counter(), time.process_time()
    facts: dict[str, Any] = {"n_train": len(train)}
    if model.kind == "rbfn":
        trained = trained_network(train, validation, TrainSettings(**settings), folder)
        return trained.network.predict, facts | trained.facts()
    if model.kind == "dnn":
        fitted = dnn_baseline(train, validation, validation, DnnSettings(**settings))
        facts |= {name: fitted.settings[name] for name in ("epochs", "validation_rmse")}
    elif model.kind == "xgboost":
        fitted = xgboost_baseline(train, validation, validation, **settings)
    else:
        fitted = ridge(train, validation, validation)
    seconds = {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu_started}
    return fitted.predict, facts | {name: round(value, 2) for name, value in seconds.items()}
