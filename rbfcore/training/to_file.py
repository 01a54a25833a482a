"""Training on a split of a data set into a network file with its run card."""

from collections.abc import Generator
from pathlib import Path

from rbfcore.data.dataset import DataSet
from rbfcore.network import RBFN
from rbfcore.storage.networks import save_network
from rbfcore.storage.run_card import RunCard
from rbfcore.training.card import training_card
from rbfcore.training.checkpoint import Checkpoint
from rbfcore.training.settings import TrainSettings
from rbfcore.training.train import TrainStep, steps


def train_to_file(
    data: DataSet, settings: TrainSettings, output: str | Path, split_seed: int = 0, checkpoint: Path | None = None
) -> Generator[TrainStep, None, RunCard]:
    """Train, and write the network of the least validation error once all steps have been taken.

    Args:
        data: all rows; they are split by `split_seed`.
        output: file of the network, ending in .safetensors.
        checkpoint: file that keeps the state meanwhile; a training that it holds goes on.

    Yields:
        Every step of `rbfcore.training.train.steps`.

    Returns:
        The run card.
    """
    train, validation, test = data.split(seed=split_seed)
    kept = None if checkpoint is None else Checkpoint(checkpoint, about={"dataset": data.name})
    last = None
    for last in steps(train, validation, settings, kept):
        yield last
    assert last is not None
    network = RBFN.from_plain(last.network)
    card = training_card(network, last, settings, data, (train, validation, test), split_seed)
    save_network(network, output, card.as_dict())
    if checkpoint is not None:
        checkpoint.unlink(missing_ok=True)
    return card
