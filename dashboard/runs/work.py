"""What the Train and Prune pages start: settings in, a piece of Work out. Torch is imported when one starts."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dashboard.drawing.words import short
from dashboard.runs import checkpoints
from dashboard.runs.jobs import Preparing, Work
from dashboard.runs.outcomes import (
    EvaluatedSplit,
    PathAbout,
    PathOutcome,
    PruneAbout,
    PruneOutcome,
    TrainAbout,
    TrainOutcome,
)
from dashboard.shelf.shelf import Shelf
from rbfcore.parameters import Parameters
from rbfcore.pruning.card import pruning_card
from rbfcore.pruning.pace import Expected
from rbfcore.storage.pruning_path import PruningPath

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet
    from rbfcore.distributions.base import InputDistribution
    from rbfcore.pruning.prune import PruneStep
    from rbfcore.training.train import TrainStep


@dataclass(frozen=True)
class PruneSettings:
    """Settings of one pruning run; `options` are those of the method, None the one that suits p(x)."""

    n_prototypes: int = 16
    restarts: int = 10
    seed: int = 0
    method: str | None = None
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TrainChoice:
    """Settings of one training run; `overrides` replace values of the recipe."""

    n_centroids: int = 1024
    recipe: str = "fast"
    seed: int = 0
    n_train: int | None = None
    n_validation: int | None = None
    overrides: dict[str, Any] = field(default_factory=dict)


def prune_work(
    name: str,
    large: Parameters,
    p: "InputDistribution",
    settings: PruneSettings,
    shelf: Shelf,
    expected: Expected,
) -> "Work[PruneStep, PruneOutcome, PruneAbout]":
    """Fit prototypes to the network called `name`; the result goes on the shelf.

    Args:
        expected: how long it should take, for those who watch.

    Raises:
        ValueError: settings or a distribution that do not fit the network.
    """
    if settings.n_prototypes > large.n_centroids:
        raise ValueError(
            f"M must be at most the network's K = {large.n_centroids}, got M = {settings.n_prototypes}: "
            "choose fewer prototypes or a larger network"
        )
    p.for_inputs(large.n_inputs)

    def steps() -> "Iterator[Preparing | PruneStep]":
        from rbfcore.network import RBFN
        from rbfcore.pruning.objective import PruningLoss
        from rbfcore.pruning.prune import prune_steps

        network = RBFN.from_plain(large)
        loss = PruningLoss(network, p)
        yield from map(Preparing, loss.preparation())
        yield from prune_steps(
            network,
            p,
            settings.n_prototypes,
            settings.restarts,
            settings.seed,
            settings.method,
            loss=loss,
            **settings.options,
        )

    def finish(step: "PruneStep") -> PruneOutcome:
        from rbfcore.network import RBFN
        from rbfcore.pruning.prune import finished

        result = finished(iter([step]), RBFN.from_plain(large), p)
        card = pruning_card(
            result,
            large,
            p,
            settings,
            parent_name=name,
            parent_centroids=large.n_centroids,
            iterations=step.iteration,
        )
        pruned = result.network.plain(**card.as_dict())
        return PruneOutcome(shelf.add_network(f"{name}-M{settings.n_prototypes}", pruned), pruned)

    return Work(
        kind="prune",
        title=f"{name} to {settings.n_prototypes} prototypes under {short(p.describe())}",
        steps=steps,
        point=lambda step: (step.iteration, *(float(loss) for loss in step.losses)),
        finish=finish,
        about=PruneAbout(large.card.unit or "", large, settings.restarts, expected),
    )


def path_work(
    name: str, large: Parameters, distribution: str, sizes: tuple[int, ...], shelf: Shelf
) -> Work[PruningPath, PathOutcome, PathAbout]:
    """Prune the network called `name` to several sizes; the pruning path goes on the shelf.

    Args:
        distribution: as `rbfcore.parse_distribution` reads it.

    Raises:
        ValueError: a distribution that cannot be read or is over other inputs.
    """
    from rbfcore.distributions.parsing import parse_distribution

    p = parse_distribution(distribution)
    p.for_inputs(large.n_inputs)

    def steps() -> Iterator[Preparing | PruningPath | None]:
        from rbfcore.network import RBFN
        from rbfcore.pruning.objective import PruningLoss
        from rbfcore.pruning.path_networks import path_network_steps

        loss = PruningLoss(RBFN.from_plain(large), p)
        yield from map(Preparing, loss.preparation())
        yield from path_network_steps(large, p, sizes, loss=loss, parent_name=name)

    def finish(curve: PruningPath) -> PathOutcome:
        shelf.add_curve(curve)
        return PathOutcome(curve)

    return Work(
        kind="path",
        title=f"{name} to {sizes[0]} … {sizes[-1]} prototypes under {short(distribution)}",
        steps=steps,
        point=lambda curve: (curve.sizes[-1], curve.gaps[-1]),
        finish=finish,
        about=PathAbout(large.card.unit or "", name, large.fingerprint()),
    )


def train_work(
    data: "DataSet", choice: TrainChoice, shelf: Shelf, interrupted: checkpoints.Interrupted | None = None
) -> "Work[TrainStep, TrainOutcome, TrainAbout]":
    """Train a network on `data`; the best validation network goes on the shelf with its test error.

    Args:
        interrupted: go on with this training; `data` and `choice` are what it was started with.

    Raises:
        ValueError: split sizes or settings that do not fit the data.
    """
    from rbfcore.training.settings import train_settings
    from rbfcore.training.train import steps as epochs

    settings = train_settings(choice.n_centroids, choice.recipe, choice.seed, data.coding, **choice.overrides)
    train, validation, test = data.split(choice.n_train, choice.n_validation, choice.seed)

    title = f"{data.name}, K = {choice.n_centroids}, {choice.recipe} recipe"
    if interrupted is None:
        facts = {"title": title, "dataset": data.name, "data_fingerprint": data.fingerprint()}
        checkpoint = checkpoints.new_checkpoint(**facts, choice=asdict(choice))
    else:
        checkpoint = checkpoints.checkpoint_again(interrupted)

    def steps() -> "Iterator[TrainStep]":
        if checkpoint is None:
            yield from epochs(train, validation, settings)
            return
        with checkpoints.being_written(checkpoint.path):
            yield from epochs(train, validation, settings, checkpoint)

    def finish(step: "TrainStep") -> TrainOutcome:
        from rbfcore.network import RBFN
        from rbfcore.training.baselines import ridge
        from rbfcore.training.card import error_and_spread, training_card

        network = RBFN.from_plain(step.network)
        ridge_rmse = ridge(train, test, validation).test_rmse
        card = training_card(
            network,
            step,
            settings,
            data,
            (train, validation, test),
            choice.seed,
            recipe=choice.recipe,
            ridge_rmse=ridge_rmse,
        )
        trained = replace(step.network, metadata=card.as_dict())
        name = shelf.add_network(f"{data.name}-K{choice.n_centroids}", trained)
        if checkpoint is not None:
            checkpoint.path.unlink(missing_ok=True)
        parts = EvaluatedSplit(train, validation, test, network.predict(test.x).astype("float64"))
        return TrainOutcome(name, trained, parts, *error_and_spread(parts.predicted, test.y), ridge_rmse)

    return Work(
        kind="train",
        title=title,
        steps=steps,
        point=lambda step: (step.epoch, step.train_rmse, step.validation_rmse),
        finish=finish,
        about=TrainAbout(
            data.unit,
            len(train),
            len(validation),
            len(test),
            settings.max_epochs,
            settings.stop_below,
            0 if interrupted is None else interrupted.epoch,
        ),
    )
