"""Table 1: test errors of all models on every surface over random splits, as cells."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rbfcore.data.bundled import SURFACES
from rbfcore.studies.cells import Cell, Finished
from rbfcore.studies.models import Model, fit, model_settings, parse_model
from rbfcore.studies.scores import scores
from rbfcore.studies.surfaces import JOINT, Rows, members, split_of
from rbfcore.training.baselines_dnn import DnnSettings
from rbfcore.training.dnn_search import SearchBudget, search_dnn

_HERE = "rbfcore.studies.table1"
_SEARCH_SPLIT = 0  # the split whose training and validation rows choose the deep network's settings


@dataclass(frozen=True)
class Table1:
    """What to compare.

    Attributes:
        models: in the order of the table.
        surfaces: labels; joint models always learn and are tested on all there are.
        splits: how many random splits by family, seeds 0, 1, ...
        rows: which rows.
        max_epochs: shorter training of all networks, for trying out; None for the recipes' own.
        budget: of the search for the deep networks' settings.
    """

    models: Sequence[Model]
    surfaces: tuple[str, ...] = SURFACES
    splits: int = 10
    rows: Rows = field(default_factory=Rows)
    max_epochs: int | None = None
    budget: SearchBudget = field(default_factory=SearchBudget)

    def __post_init__(self) -> None:
        if self.splits < 1:
            raise ValueError(f"splits must be >= 1, got {self.splits}")
        unknown = set(self.surfaces) - set(SURFACES)
        if unknown or not self.surfaces:
            raise ValueError(f"surfaces must be some of {', '.join(SURFACES)}, got {', '.join(self.surfaces)}")

    def labels(self, model: Model) -> tuple[str, ...]:
        """What a model is trained on: each surface, or all at once."""
        return (JOINT,) if model.joint else self.surfaces

    def searches(self) -> list[Cell]:
        """Cells that choose settings for the deep networks, once per label and kind."""
        by_name = {}
        for model in self.models:
            for label in self.labels(model) if model.kind == "dnn" else ():
                settings = {
                    "surface": label,
                    "symmetric_images": model.symmetry == "images",
                    "rows": asdict(self.rows),
                    "split": _SEARCH_SPLIT,
                    "budget": asdict(self.budget),
                }
                cell = Cell(
                    _search_name(model, label), f"{_HERE}:search_cell", settings, self._data(label), 10 * model.cost
                )
                by_name[cell.name] = cell
        return list(by_name.values())

    def cells(self, searched: Sequence[Finished]) -> list[Cell]:
        """All cells of the table, split by split, so that a table of few splits is there early.

        Args:
            searched: finished searches. Deep networks without one are left out.
        """
        best = {finished.cell.name: finished.outcome["settings"] for finished in searched}
        chosen = []
        for split in range(self.splits):
            for model in self.models:
                for label in self.labels(model):
                    dnn = best.get(_search_name(model, label))
                    if model.kind == "dnn" and dnn is None:
                        continue
                    if dnn is not None:  # the search was short: the final training may run longer
                        dnn = dnn | {"max_epochs": DnnSettings.max_epochs, "patience": DnnSettings.patience}
                    settings = {
                        "surface": label,
                        "model": model.name,
                        "split": split,
                        "rows": asdict(self.rows),
                        "fit": model_settings(model, split, self.max_epochs, dnn),
                    }
                    name = f"table1-{label}-{model.name}-split{split}"
                    chosen.append(Cell(name, f"{_HERE}:fit_cell", settings, self._data(label), model.cost))
        return chosen

    def _data(self, label: str) -> dict[str, str]:
        return self.rows.fingerprints(members(label))


def fit_cell(settings: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Fit one model on one split: {"surfaces": {label: scores, n_test, test_sd}, "fit": facts of the training}."""
    train, validation, tests = split_of(Rows(**settings["rows"]), settings["surface"], settings["split"])
    predict, facts = fit(parse_model(settings["model"]), settings["fit"], train, validation, folder)
    tested = {
        label: scores(predict, test) | {"n_test": len(test), "test_sd": float(test.y.std())}
        for label, test in tests.items()
    }
    return {"surfaces": tested, "fit": facts}


def search_cell(settings: dict[str, Any], folder: Path) -> dict[str, Any]:  # noqa: ARG001 - the folder is for networks
    """Search the settings of a deep network on the training and validation rows of one split."""
    train, validation, _ = split_of(Rows(**settings["rows"]), settings["surface"], settings["split"])
    base = DnnSettings(symmetric_images=settings["symmetric_images"])
    return search_dnn(train, validation, base, SearchBudget(**settings["budget"])).card()


def _search_name(model: Model, label: str) -> str:
    return f"search-{label}-{model.name.removesuffix('+joint')}"
