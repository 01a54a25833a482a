"""Random search for a deep network's settings, made affordable by successive halving (Optuna, extra "baselines")."""

import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from rbfcore.data.dataset import DataSet
from rbfcore.training.baselines_dnn import Dnn, DnnSettings

if TYPE_CHECKING:
    import optuna


@dataclass(frozen=True)
class SearchBudget:
    """What a search may spend.

    Attributes:
        trials: random settings tried.
        max_epochs: of a trial that survives every halving.
        first_rung: epochs after which settings are compared for the first time.
        reduction: the best 1 / reduction of the trials seen so far go on, to `reduction` times as many epochs.
        seed: of the choice of settings.
    """

    trials: int = 16
    max_epochs: int = 32
    first_rung: int = 2
    reduction: int = 4
    seed: int = 0

    def __post_init__(self) -> None:
        if self.trials < 1 or self.reduction < 2 or not 1 <= self.first_rung <= self.max_epochs:
            raise ValueError(
                "a search needs trials >= 1, reduction >= 2 and 1 <= first_rung <= max_epochs, "
                f"got {self.trials}, {self.reduction}, {self.first_rung}, {self.max_epochs}"
            )


@dataclass(frozen=True)
class SearchSpace:
    """Where settings are drawn from: choices with equal weight, pairs as limits of a log-uniform draw."""

    layers: tuple[int, ...] = (2, 3, 4, 5, 6)
    width: tuple[int, ...] = (64, 128, 256, 512)
    batch_size: tuple[int, ...] = (64, 128, 256, 512)
    learning_rate: tuple[float, float] = (2e-4, 1e-2)
    weight_decay: tuple[float, float] = (1e-6, 1e-2)


@dataclass(frozen=True)
class SearchResult:
    """The best settings, their validation RMSE in units of y, and what the search spent."""

    settings: DnnSettings
    validation_rmse: float
    trials: int
    halved: int
    epochs: int
    seconds: float
    cpu_seconds: float

    def card(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def search_dnn(
    train: DataSet,
    validation: DataSet,
    base: DnnSettings | None = None,
    budget: SearchBudget | None = None,
    space: SearchSpace | None = None,
) -> SearchResult:
    """Draw settings at random, train each for a few epochs, go on with the best.

    Args:
        train: rows to train on; validation: rows that compare. Test rows take no part.
        base: everything that is not searched (images, seed); its max_epochs is replaced by the budget's in the search
            and comes back in the result.
        budget, space: how much and where; see there.

    Raises:
        ValueError: optuna is not installed, or every trial diverged.

    Source: asynchronous successive halving, Li et al., MLSys 2020, as in Optuna's SuccessiveHalvingPruner.
    """
    try:
        import optuna
    except ImportError as error:
        raise ValueError(
            "the search needs the library optuna: install it with pip install 'rbfscope[baselines]'"
        ) from error
    base, budget, space = base or DnnSettings(), budget or SearchBudget(), space or SearchSpace()
    spent = {"epochs": 0}

    def objective(trial: "optuna.Trial") -> float:
        network = Dnn(train, validation, _drawn(trial, base, budget, space))
        best = float("inf")
        for step in network.steps():
            spent["epochs"] += 1
            best = step.best_validation_rmse
            trial.report(step.validation_rmse, step.epoch)
            if trial.should_prune() and not step.done:
                raise optuna.TrialPruned
        return best

    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    started, cpu_started = time.perf_counter(), time.process_time()
    try:
        study = optuna.create_study(
            sampler=optuna.samplers.RandomSampler(seed=budget.seed),
            pruner=optuna.pruners.SuccessiveHalvingPruner(
                min_resource=budget.first_rung, reduction_factor=budget.reduction
            ),
        )
        study.optimize(objective, n_trials=budget.trials)
    finally:
        optuna.logging.set_verbosity(verbosity)
    complete = [t for t in study.trials if t.value is not None and t.value < float("inf") and not _pruned(t)]
    if not complete:
        raise ValueError(f"none of {budget.trials} trials ended with a finite error; lower the learning rates")
    winner = min(complete, key=lambda trial: float(trial.value or 0.0))
    return SearchResult(
        settings=replace(base, **winner.params),
        validation_rmse=float(winner.value or 0.0),
        trials=budget.trials,
        halved=sum(map(_pruned, study.trials)),
        epochs=spent["epochs"],
        seconds=round(time.perf_counter() - started, 1),
        cpu_seconds=round(time.process_time() - cpu_started, 1),
    )


def _drawn(trial: "optuna.Trial", base: DnnSettings, budget: SearchBudget, space: SearchSpace) -> DnnSettings:
    return replace(
        base,
        layers=trial.suggest_categorical("layers", space.layers),
        width=trial.suggest_categorical("width", space.width),
        batch_size=trial.suggest_categorical("batch_size", space.batch_size),
        learning_rate=trial.suggest_float("learning_rate", *space.learning_rate, log=True),
        weight_decay=trial.suggest_float("weight_decay", *space.weight_decay, log=True),
        max_epochs=budget.max_epochs,
        patience=budget.max_epochs,
    )


def _pruned(trial: Any) -> bool:
    return bool(trial.state.name == "PRUNED")
