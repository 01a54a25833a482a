"""What other models make of the same rows: a line through the sites, and boosted trees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rbfcore.data.dataset import DataSet

RIDGES = (1e-6, 1e-4, 1e-2, 1e-1, 1.0, 10.0)  # as shares of the number of training rows


@dataclass(frozen=True, eq=False)
class Baseline:
    """A fitted comparison model.

    Attributes:
        name: "ridge" or "xgboost".
        test_rmse: on the test rows, in units of y.
        predict: (N, D) -> (N,), in units of y.
        settings: what it was fitted with, values that JSON can hold.
    """

    name: str
    test_rmse: float
    predict: Callable[[ArrayLike], NDArray[np.float64]]
    settings: dict[str, Any] = field(default_factory=dict)


def ridge(
    train: DataSet, test: DataSet, validation: DataSet | None = None, ridges: Sequence[float] = RIDGES
) -> Baseline:
    """Linear regression on the inputs with a penalty on the squared coefficients, not on the offset.

    Args:
        train, test: rows over the same inputs.
        validation: chooses the penalty; without it the smallest is used.
        ridges: penalties to choose from, as shares of the number of training rows, > 0.

    Raises:
        ValueError: other numbers of inputs, or a penalty that is not positive.
    """
    _check_inputs(train, test, validation)
    if not ridges or min(ridges) <= 0:
        raise ValueError(f"ridges must be positive numbers, at least one, got {list(ridges)}")
    x, y = train.x.astype(np.float64), train.y
    centre, mean = x.mean(0), y.mean()
    # Moments of the centred inputs: one pass over the rows serves all penalties.
    gram = (x - centre).T @ (x - centre) / len(x)
    moment = (x - centre).T @ (y - mean) / len(x)

    def fitted(penalty: float) -> Callable[[ArrayLike], NDArray[np.float64]]:
        slope = np.linalg.solve(gram + penalty * np.eye(len(gram)), moment)
        return lambda rows: mean + (_rows(rows, train.n_inputs) - centre) @ slope

    choice = min(ridges)
    if validation is not None:
        choice = min(ridges, key=lambda penalty: _rmse(fitted(penalty), validation))
    predict = fitted(choice)
    return Baseline("ridge", _rmse(predict, test), predict, {"ridge": choice, "n_train": len(train)})


def xgboost_baseline(
    train: DataSet,
    test: DataSet,
    validation: DataSet | None = None,
    seed: int = 0,
    n_trees: int = 1500,
    learning_rate: float = 0.1,
    max_depth: int = 8,
    threads: int = 1,
) -> Baseline:
    """Gradient-boosted trees of the library xgboost (extra "baselines"); with validation rows they stop in
    time.

    Raises:
        ValueError: xgboost is not installed, or the data sets have other numbers of inputs.
    """
    _check_inputs(train, test, validation)
    try:
        import xgboost
    except ImportError as error:
        raise ValueError(
            "this comparison needs the library xgboost: install it with pip install 'rbfscope[baselines]'"
        ) from error
    settings = {
        "n_estimators": n_trees,
        "learning_rate": learning_rate,
        "max_depth": max_depth,
        "subsample": 0.8,
        "tree_method": "hist",
        "random_state": seed,
        "early_stopping_rounds": None if validation is None else 50,
    }
    model = xgboost.XGBRegressor(**settings, n_jobs=threads)
    watched = None if validation is None else [(validation.x, validation.y)]
    model.fit(train.x, train.y, eval_set=watched, verbose=False)

    def predict(rows: ArrayLike) -> NDArray[np.float64]:
        return np.asarray(model.predict(_rows(rows, train.n_inputs)), dtype=np.float64)

    used = settings | {"n_train": len(train), "version": xgboost.__version__}
    return Baseline("xgboost", _rmse(predict, test), predict, used)


def _rows(rows: ArrayLike, n_inputs: int) -> NDArray[np.float64]:
    values = np.asarray(rows, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != n_inputs:
        raise ValueError(f"x must be (N, {n_inputs}), got {values.shape}: one column per input")
    return values


def _rmse(predict: Callable[[ArrayLike], NDArray[np.float64]], data: DataSet) -> float:
    return float(np.sqrt(np.mean((predict(data.x) - data.y) ** 2)))


def _check_inputs(train: DataSet, *others: DataSet | None) -> None:
    for other in others:
        if other is not None and other.n_inputs != train.n_inputs:
            raise ValueError(f"the data sets differ in their inputs: {train.n_inputs} and {other.n_inputs} columns")
