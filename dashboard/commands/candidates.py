"""Candidates for the bundled networks: trainings on one split that differ in length and start, one chosen.

Chosen is by the error on the validation rows, which are the same for all; the test rows take no part.
"""

from itertools import product
from pathlib import Path
from typing import Any

TRAINING: dict[str, Any] = {"n_centroids": 4096, "recipe": "fast", "tied_orbits": True}
EPOCHS, SEEDS = (40, 60, 120), (0, 1)


def candidate_file(surface: str, epochs: int, seed: int) -> str:
    """File name of a candidate."""
    return f"cu{surface}-{epochs}-seed{seed}.safetensors"


def candidates(surface: str, folder: Path) -> list[dict[str, Any]]:
    """Train what is not in the folder yet; one row per candidate, the chosen first, the others by validation error.

    Args:
        folder: keeps trained candidates with their run cards, and the state of one in training.
    """
    import rbfcore as rc
    from dashboard.commands.train import train_and_save
    from rbfcore.training.settings import train_settings

    folder.mkdir(parents=True, exist_ok=True)
    data = rc.load_dataset(f"cu{surface}")
    known, rows = data.fingerprint(), []
    for epochs, seed in product(EPOCHS, SEEDS):
        path = folder / candidate_file(surface, epochs, seed)
        if not path.exists():
            settings = train_settings(**TRAINING, seed=seed, max_epochs=epochs)
            train_and_save(data, settings, path, checkpoint=path.with_name(f"{path.stem}-state.safetensors"))
        card = rc.read_parameters(path).card
        if card.data_fingerprint != known:
            raise ValueError(f"{path} was trained on other rows than {data.name}: remove it or name another folder")
        figures = card.taken(("validation_rmse", "test_rmse", "seconds", "fingerprint"))
        rows.append({"surface": surface, "epochs": epochs, "seed": seed, **figures})
    return sorted(rows, key=lambda row: row["validation_rmse"])
