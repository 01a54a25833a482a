"""What networks of several splits learned about the sites: prototypes, opacities, Sobol indices, Shapley effects."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from rbfcore.data.bundled import SURFACES
from rbfcore.distributions.parsing import parse_distribution
from rbfcore.explain.prototypes import site_opacity
from rbfcore.explain.sensitivity import interaction_orders, shapley_effects, sobol
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from rbfcore.pruning.path import SIZES, prune_path
from rbfcore.pruning.prune import prune
from rbfcore.studies.cells import Cell
from rbfcore.studies.models import Model, parse_model
from rbfcore.studies.networks import trained_network
from rbfcore.studies.scores import rmse
from rbfcore.studies.surfaces import Rows
from rbfcore.training.settings import TrainSettings

_ORDERS = 6  # interaction orders that are stored
DISTRIBUTION = "bernoulli:0.5"


@dataclass(frozen=True)
class Explanations:
    """What to explain.

    Attributes:
        model: a network by name, such as "rbfn-1024-fast-tied".
        surfaces, splits, rows, max_epochs: as `Table1`; a network that its cells have trained is not trained again.
        n_prototypes, restarts, distribution: of the pruning.
        path: sizes of the pruning path; empty for none.
    """

    model: Model = field(default_factory=lambda: parse_model("rbfn-1024-fast-tied"))
    surfaces: tuple[str, ...] = SURFACES
    splits: int = 5
    rows: Rows = field(default_factory=Rows)
    max_epochs: int | None = None
    n_prototypes: int = 16
    restarts: int = 10
    distribution: str = DISTRIBUTION
    path: tuple[int, ...] = SIZES

    def __post_init__(self) -> None:
        if self.model.kind != "rbfn" or self.model.joint:
            raise ValueError(f"only networks of one surface are pruned to prototypes, got {self.model.name}")
        if self.splits < 1:
            raise ValueError(f"splits must be >= 1, got {self.splits}")

    def cells(self) -> list[Cell]:
        """One cell per split and surface."""
        shorter = {} if self.max_epochs is None else {"max_epochs": self.max_epochs}
        return [
            Cell(
                f"explain-{surface}-{self.model.name}-split{split}",
                "rbfcore.studies.explanations:explain_cell",
                {
                    "surface": surface,
                    "split": split,
                    "rows": asdict(self.rows),
                    "training": asdict(self.model.training(split, **shorter)),
                    "pruning": {"n_prototypes": self.n_prototypes, "restarts": self.restarts, "seed": split},
                    "distribution": self.distribution,
                    "path": list(self.path),
                },
                self.rows.fingerprints((surface,)),
                self.model.cost,
            )
            for split in range(self.splits)
            for surface in self.surfaces
        ]


def explain_cell(settings: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Train (or take) a network, explain it, prune it, and explain the prototypes."""
    rows = Rows(**settings["rows"])
    train, validation, test = rows.split(settings["surface"], settings["split"])
    trained = trained_network(train, validation, TrainSettings(**settings["training"]), folder)
    large, p = trained.network, parse_distribution(settings["distribution"])
    pruned = prune(large, p, **settings["pruning"])
    path = [
        {"n_prototypes": point.n_prototypes, "rms_gap": point.rms_gap, "test_rmse": _error(point.network, test)}
        for point in (prune_path(large, p, settings["path"], seed=settings["split"]) if settings["path"] else [])
    ]
    shares = sobol(large, p)
    effects = shapley_effects(large, p)
    return {
        "network": trained.facts() | {"test_rmse": _error(large, test)},
        "variance": shares.variance,
        "sobol_first": shares.first.tolist(),
        "sobol_total": shares.total.tolist(),
        "shapley": (effects / effects.sum()).tolist() if effects.sum() > 0 else effects.tolist(),
        "interaction_orders": interaction_orders(large, p)[:_ORDERS].tolist(),
        "prototypes": _plain(pruned.network.plain()) | pruned.outcome() | {"test_rmse": _error(pruned.network, test)},
        "opacity": _opacity(pruned.network, gauge_free=False),
        "opacity_gauge_free": _opacity(pruned.network, gauge_free=True),
        "path": path,
    }


def prototypes_of(outcome: dict[str, Any], **metadata: Any) -> Parameters:
    """The pruned network of a finished cell."""
    stored = outcome["prototypes"]
    alpha, beta, gamma, theta = (
        np.array(stored[name], dtype=np.float64) for name in ("alpha", "beta", "gamma", "centroids")
    )
    return Parameters.checked(alpha, beta, gamma, theta, {"unit": "eV", "lattice": "fcc26", **metadata})


def best_split(outcomes: Sequence[dict[str, Any]]) -> int:
    """Which of several finished cells has the network with the lowest validation error."""
    return min(range(len(outcomes)), key=lambda number: float(outcomes[number]["network"]["validation_rmse"]))


def _plain(network: Parameters) -> dict[str, Any]:
    return {
        "alpha": network.alpha,
        "beta": network.beta.tolist(),
        "gamma": network.gamma.tolist(),
        "centroids": network.centroids.tolist(),
    }


def _opacity(network: RBFN, *, gauge_free: bool) -> dict[str, list[float]]:
    opacities = site_opacity(network, gauge_free=gauge_free)
    return {"mean": opacities.mean.tolist(), "std": opacities.std.tolist()}


def _error(network: RBFN, test: Any) -> float:
    return rmse(network.predict(test.x), test.y)
