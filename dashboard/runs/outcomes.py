"""What runs tell those who watch: what each was started with, and what came of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rbfcore.parameters import Parameters
from rbfcore.pruning.pace import Expected
from rbfcore.storage.pruning_path import PruningPath

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dashboard.runs.jobs import Job, JobView
    from rbfcore.data.dataset import DataSet
    from rbfcore.pruning.prune import PruneStep
    from rbfcore.training.train import TrainStep

    PruneJob = Job[PruneStep, "PruneOutcome", "PruneAbout"]
    PruneView = JobView[PruneStep, "PruneOutcome"]
    PathJob = Job[PruningPath, "PathOutcome", "PathAbout"]
    PathView = JobView[PruningPath, "PathOutcome"]
    TrainJob = Job[TrainStep, "TrainOutcome", "TrainAbout"]
    TrainView = JobView[TrainStep, "TrainOutcome"]


@dataclass(frozen=True, eq=False)
class PruneAbout:
    """A pruning: unit of y, the large network, how many restarts, and how long it should take."""

    unit: str
    large: Parameters
    restarts: int
    expected: Expected


@dataclass(frozen=True, eq=False)
class PruneOutcome:
    """Prototypes with their run card, and the name they go by on the shelf."""

    name: str
    network: Parameters


@dataclass(frozen=True)
class PathAbout:
    """A pruning path: unit of y, name and fingerprint of the large network."""

    unit: str
    network: str
    parent: str


@dataclass(frozen=True, eq=False)
class PathOutcome:
    """The pruning path that is on the shelf now."""

    path: PruningPath


@dataclass(frozen=True)
class TrainAbout:
    """A training.

    Attributes:
        unit: of y.
        n_train, n_validation, n_test: rows.
        max_epochs: None when the rule says when to end: as the learning rate falls below stop_below.
        resumed_after: epoch that an interrupted training had come to, 0 for a new one.
    """

    unit: str
    n_train: int
    n_validation: int
    n_test: int
    max_epochs: int | None
    stop_below: float
    resumed_after: int


@dataclass(frozen=True, eq=False)
class EvaluatedSplit:
    """Rows of a training with what the network predicts for the test rows (N_test,), in units of y."""

    train: "DataSet"
    validation: "DataSet"
    test: "DataSet"
    predicted: "NDArray[np.float64]"


@dataclass(frozen=True, eq=False)
class TrainOutcome:
    """A trained network with its run card, the name it goes by on the shelf, and errors in units of y.

    Attributes:
        test_rmse, ridge_rmse: of the network and of a linear model; test_sd: of predicting the mean.
    """

    name: str
    network: Parameters
    split: EvaluatedSplit
    test_rmse: float
    test_sd: float
    ridge_rmse: float
