"""rbfscope train: fit a network to a data set and say how good it is."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.commands.progress import drained

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet
    from rbfcore.storage.run_card import RunCard
    from rbfcore.training.settings import TrainSettings
    from rbfcore.training.train import TrainStep


def add_parser(commands: Any) -> None:
    """Add `train DATA` to the console command."""
    parser = commands.add_parser("train", help="train a network on a data set")
    parser.add_argument("data", help="bundled name (cu100, cu110, cu111) or a file")
    parser.add_argument("--lattice", help="what the inputs are, e.g. hcp-basal26 (default: as the file says)")
    parser.add_argument("-k", "--centroids", type=int, default=1024, metavar="K")
    parser.add_argument("--recipe", default="fast", help="fast (default) or paper")
    parser.add_argument("--seed", type=int, default=0, help="of the split, the start and the batches")
    parser.add_argument("--max-epochs", type=int, metavar="N")
    parser.add_argument(
        "--symmetry",
        choices=["tied", "images", "none"],
        help="on lattice data: tie symmetric centroids (default), show random symmetric images, or rows as stored",
    )
    parser.add_argument("-o", "--output", required=True, metavar="NET.safetensors")
    parser.add_argument(
        "--checkpoint",
        metavar="FILE.safetensors",
        help="keep the state of the training here, and go on from it when it exists; removed once the network is saved",
    )
    parser.add_argument("--json", action="store_true", help="print the run card as JSON")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    import rbfcore as rc
    from rbfcore.training.settings import train_settings

    data = rc.load_dataset(arguments.data, lattice=arguments.lattice)
    overrides: dict[str, Any] = {}
    if arguments.max_epochs is not None:
        overrides["max_epochs"] = arguments.max_epochs
    symmetry = arguments.symmetry or ("none" if data.lattice is None else "tied")
    overrides.update({"tied": {"tied_orbits": True}, "images": {"symmetric_images": True}, "none": {}}[symmetry])
    settings = train_settings(arguments.centroids, arguments.recipe, arguments.seed, data.coding, **overrides)
    checkpoint = None if arguments.checkpoint is None else Path(arguments.checkpoint)
    card = train_and_save(data, settings, arguments.output, split_seed=arguments.seed, checkpoint=checkpoint)
    if arguments.json:
        print(json.dumps(card.as_dict(), indent=1))
    else:
        print(
            f"{arguments.output}: K = {arguments.centroids}, test RMSE {card.test_rmse:.4f} {data.unit} "
            f"(sd of the test responses {card.test_sd:.4f}) after {card.epochs} epochs, {card.seconds:.0f} s"
        )
    return 0


def train_and_save(
    data: "DataSet",
    settings: "TrainSettings",
    output: str | Path,
    split_seed: int = 0,
    checkpoint: Path | None = None,
) -> "RunCard":
    """Train on a split of the data with progress on a terminal, write the network, and return its run card.

    Args:
        checkpoint: file that keeps the state meanwhile; a training that it holds goes on.
    """
    from rbfcore.training.to_file import train_to_file

    return drained(
        train_to_file(data, settings, output, split_seed, checkpoint), lambda step: epoch_line(step, data.unit)
    )


def epoch_line(step: "TrainStep", unit: str) -> str:
    """Where a training is, for a terminal."""
    return (
        f"epoch {step.epoch}  train {step.train_rmse:.4f}  validation {step.validation_rmse:.4f} {unit}"
        f"  rate {step.learning_rate:.0e}  {step.seconds:.0f} s " + ("\n" if step.done else "")
    )
