"""The run card of a trained network."""

from typing import TYPE_CHECKING, Any

import numpy as np

from rbfcore.storage.run_card import RunCard, Split, run_card

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rbfcore.data.dataset import DataSet
    from rbfcore.network import RBFN
    from rbfcore.training.settings import TrainSettings
    from rbfcore.training.train import TrainStep

_FROM_PROVENANCE = ("surface", "potential", "target")


def training_card(
    network: "RBFN",
    last: "TrainStep",
    settings: "TrainSettings",
    data: "DataSet",
    parts: tuple["DataSet", "DataSet", "DataSet"],
    split_seed: int,
    **more: Any,
) -> RunCard:
    """The run card of a trained network.

    Args:
        network: the one that `last` holds.
        last: the last step of the run; settings: what it was run with.
        data: all rows; parts: the train, validation and test rows of its split by `split_seed`.
        more: further entries.
    """
    train, validation, test = parts
    test_rmse, test_sd = error_and_spread(network.predict(test.x), test.y)
    return run_card(
        command="train",
        network=network,
        training=settings,
        epochs=last.epoch,
        seconds=round(last.seconds, 1),
        split=Split(len(train), len(validation), len(test), split_seed),
        validation_rmse=last.best_validation_rmse,
        test_rmse=test_rmse,
        test_sd=test_sd,
        **data_entries(data),
        **more,
    )


def error_and_spread(predicted: "NDArray[np.floating]", y: "NDArray[np.float64]") -> tuple[float, float]:
    """RMSE of (N,) predictions beside the standard deviation of y, which predicting the mean would leave."""
    error = predicted.astype(np.float64) - y
    return float(np.sqrt(np.mean(error**2))), float(y.std())


def data_entries(data: "DataSet") -> dict[str, Any]:
    """What a run card says about the data."""
    return {
        "dataset": data.name,
        "data_fingerprint": data.fingerprint(),
        "unit": data.unit,
        "lattice": data.lattice,
        **{name: data.provenance[name] for name in _FROM_PROVENANCE if name in data.provenance},
    }
