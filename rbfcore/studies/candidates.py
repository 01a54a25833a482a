"""Candidates for the bundled networks: trainings on one split that differ in length and start, one chosen.

Chosen is by the error on the validation rows, which are the same for all; the test rows take no part.
"""

from collections.abc import Generator
from itertools import product
from pathlib import Path
from typing import Any

from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset
from rbfcore.storage.networks import read_parameters
from rbfcore.storage.run_card import RunCard
from rbfcore.training.settings import train_settings
from rbfcore.training.to_file import train_to_file
from rbfcore.training.train import TrainStep

TRAINING: dict[str, Any] = {"n_centroids": 4096, "recipe": "fast", "tied_orbits": True}
EPOCHS, SEEDS = (40, 60, 120), (0, 1)


def candidate_file(surface: str, epochs: int, seed: int) -> str:
    """File name of a candidate."""
    return f"cu{surface}-{epochs}-seed{seed}.safetensors"


def candidate_steps(surface: str, folder: Path) -> Generator[TrainStep, None, None]:
    """Train what is not in the folder yet.

    Args:
        folder: keeps trained candidates with their run cards, and the state of one in training.

    Raises:
        ValueError: one that is there was trained on other rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = load_dataset(f"cu{surface}")
    for epochs, seed in product(EPOCHS, SEEDS):
        path = folder / candidate_file(surface, epochs, seed)
        if path.exists():
            _card_of(path, data)
        else:
            settings = train_settings(**TRAINING, seed=seed, max_epochs=epochs)
            yield from train_to_file(data, settings, path, checkpoint=path.with_name(f"{path.stem}-state.safetensors"))


def candidates(surface: str, folder: Path) -> list[dict[str, Any]]:
    """One row per candidate, the chosen first, the others by validation error.

    Args:
        folder: where `candidate_steps` has trained them all.

    Raises:
        ValueError: one was trained on other rows.
    """
    data, rows = load_dataset(f"cu{surface}"), []
    for epochs, seed in product(EPOCHS, SEEDS):
        card = _card_of(folder / candidate_file(surface, epochs, seed), data)
        figures = card.taken(("validation_rmse", "test_rmse", "seconds", "fingerprint"))
        rows.append({"surface": surface, "epochs": epochs, "seed": seed, **figures})
    return sorted(rows, key=lambda row: row["validation_rmse"])


def _card_of(path: Path, data: DataSet) -> RunCard:
    card = read_parameters(path).card
    if card.data_fingerprint != data.fingerprint():
        raise ValueError(f"{path} was trained on other rows than {data.name}: remove it or name another folder")
    return card
