"""How long a training will take on this machine, found by trying a few batches."""

from dataclasses import replace

import numpy as np

from rbfcore.data.dataset import DataSet
from rbfcore.training.settings import TrainSettings
from rbfcore.training.train import steps

_BATCHES = 8  # of an epoch that is tried
_FEWEST, _MOST = 3, 100  # such epochs
_LONG_ENOUGH = 0.15  # seconds: much longer than a busy machine leaves a process waiting for its turn
PLATEAU_EPOCHS = 200
"""About how many epochs the paper's schedule takes on barriers: 168, 191, 208, 224 and 233 with 5,000 to 142,000 rows
and 64 to 512 centroids."""


def epoch_seconds(
    settings: TrainSettings, n_train: int, n_validation: int, n_inputs: int, lattice: str | None = None
) -> float:
    """Seconds of one epoch, here and now: on this processor or GPU, beside whatever else it does.

    A network as large as the one in question is shown a few batches of random rows, again and again for .15 s (.3 s for
    K = 8192 on one core), and forgotten. The first round warms up, the mean of the others counts. On two cores shared
    by eight processes it told epochs of K = 64 to 1024 mostly within 20 %, with 1 to 200 inputs.

    Args:
        settings: max_epochs plays no role.
        n_train, n_validation: rows of the training in question.
        n_inputs: D; lattice: as of the data set.

    Raises:
        ValueError: settings that do not fit the inputs.
    """
    few = min(n_train, _BATCHES * settings.batch_size)
    rows = _random_rows(max(2, few), n_inputs, lattice)
    validation = rows.rows(np.arange(max(1, len(rows) * n_validation // n_train)) % len(rows))
    warm = 0.0
    for step in steps(rows, validation, replace(settings, max_epochs=_MOST)):
        if step.epoch == 1:
            warm = step.seconds
        elif step.epoch >= _FEWEST and step.seconds - warm > _LONG_ENOUGH:
            break
    return (step.seconds - warm) / (step.epoch - 1) * n_train / len(rows)


def _random_rows(n: int, n_inputs: int, lattice: str | None) -> DataSet:
    rng = np.random.default_rng(0)
    x = rng.choice(np.array([-1, 1], dtype=np.float32), (n, n_inputs))
    names = tuple(str(d + 1) for d in range(n_inputs))
    return DataSet("random", x, np.arange(n, dtype=np.float64), names, "occupation", lattice=lattice)
