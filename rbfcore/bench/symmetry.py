"""How symmetric the bundled networks are, how reproducible their prototypes, and what asking costs."""

import math
import resource
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from rbfcore.data.bundled import SURFACES, assets_folder, network_file, prototypes_file
from rbfcore.data.load import load_dataset
from rbfcore.distributions.finite import Bernoulli
from rbfcore.lattice import environment
from rbfcore.network import RBFN
from rbfcore.pruning.objective import PruningLoss, pruning_loss
from rbfcore.storage.networks import read_parameters
from rbfcore.symmetry.invariance import invariance_gap
from rbfcore.symmetry.scores import symmetry_scores
from rbfcore.symmetry.stability import prune_runs, stability_of
from rbfcore.symmetry.symmetrize import symmetrize
from rbfcore.training.train import train

ENV, HALF = environment("fcc", 2), Bernoulli(0.5)
SEEDS = (1, 2)  # of the prunings that the bundled prototypes (seed 0) are compared with
SIZES = (1024, 4096)
EPOCHS = 20
TRAINING: dict[str, dict[str, Any]] = {
    "symmetric images": {"symmetric_images": True, "learning_rate": 5e-2},
    "tied orbits": {"tied_orbits": True, "learning_rate": 1e-1},
}


def rows() -> Iterator[dict[str, Any]]:
    """Gaps in eV over all 2^26 environments, similarities as correlations; see `Stability` for `chance`."""
    for surface in SURFACES:
        yield _bundled(surface)
    for k in SIZES:
        yield _cost(k, baseline=k <= 1024)
    yield from _training()


def _bundled(surface: str) -> dict[str, Any]:
    folder = assets_folder() / "networks"
    large = RBFN.from_plain(read_parameters(folder / network_file(surface)))
    small = read_parameters(folder / prototypes_file(surface))
    scores = symmetry_scores(small, ENV, HALF)
    started = time.process_time()
    runs = list(prune_runs([large], HALF, small.n_centroids, SEEDS, every_restart=True))
    seconds = time.process_time() - started
    best = [min((run for run in runs if run.seed == seed), key=lambda run: run.loss).network for seed in SEEDS]
    single = {run.network.fingerprint(): run.network for run in runs}
    single.pop(small.fingerprint(), None)
    between_seeds = stability_of(small, best, ENV, HALF)
    between_restarts = stability_of(small, list(single.values()), ENV, HALF)
    return {
        "network": f"cu{surface}",
        "gap": invariance_gap(large, ENV, HALF),
        "sd": math.sqrt(float(PruningLoss(large, HALF).variance)),
        "prototypes_gap": invariance_gap(small, ENV, HALF),
        "symmetric_share": scores.mean,
        "paired": float(scores.paired.mean()),
        "similarity_between_seeds": between_seeds.overall,
        "similarity_between_restarts": between_restarts.overall,
        "chance": between_restarts.chance,
        "found": float(between_seeds.recovered().mean()),
        "prune_seconds": round(seconds, 1),
    }


def _cost(k: int, *, baseline: bool) -> dict[str, Any]:
    """Processor seconds of the gap of K centroids; baseline: Eq. (5) between the network and its 4 K copies."""
    network = RBFN(26, k, generator=torch.Generator().manual_seed(0))
    seconds = {
        "gap": lambda: invariance_gap(network, ENV, HALF),
        "symmetrize": lambda: symmetrize(network, ENV),
    }
    if baseline:
        seconds["eq_5"] = lambda: pruning_loss(network, symmetrize(network, ENV), HALF)
    spent = {name: sorted(_seconds(work) for _ in range(3)) for name, work in seconds.items()}
    row: dict[str, Any] = {"K": k, **{f"{name}_seconds": times[1] for name, times in spent.items()}}
    if baseline:
        row["ratio_to_eq_5"] = row["eq_5_seconds"] / row["gap_seconds"]
    row["peak_memory_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return row


def _training() -> Iterator[dict[str, Any]]:
    """Two ways to teach a network of 1024 centroids the symmetry, for the same number of epochs at the same cost."""
    train_set, validation, test = load_dataset("cu100").split(seed=0)
    images = test.with_images()
    for name, options in TRAINING.items():
        started = time.process_time()
        network = train(train_set, validation, 1024, "fast", max_epochs=EPOCHS, **options).network
        yield {
            "data": "cu100",
            "training": name,
            "epochs": EPOCHS,
            "seconds": round(time.process_time() - started, 1),
            "test_rmse": _rmse(network, test.x, test.y),
            "images_rmse": _rmse(network, images.x, images.y),
            "images_rmse_averaged": _rmse(symmetrize(network, ENV), images.x, images.y),
            "gap": invariance_gap(network, ENV, HALF),
        }


def _seconds(work: Callable[[], object]) -> float:
    """Processor time, which other programs on the machine do not lengthen; of all threads."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _rmse(network: RBFN, x: np.ndarray, y: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(network.predict(x).astype(np.float64) - y))))
