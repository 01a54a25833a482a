"""A committee: members trained on different splits of the same rows, and tested on rows that none has seen."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from rbfcore.data.bundled import SURFACES
from rbfcore.data.dataset import DataSet
from rbfcore.studies.calibration import Calibration, calibration
from rbfcore.studies.cells import Cell, Finished
from rbfcore.studies.models import Model, fit, model_settings, parse_model
from rbfcore.studies.scores import rmse
from rbfcore.studies.surfaces import Rows, joined

_TEST_SPLIT = 0  # the split whose test rows all members are tested on
_DIGITS = 6  # of stored predictions, far below any error


@dataclass(frozen=True)
class Committee:
    """What to train.

    Attributes:
        model: by name, as in `Table1`; deep networks use their default settings.
        surfaces, rows, max_epochs: as there.
        members: how many, each with its own split of training and validation rows and its own seed.
    """

    model: Model = field(default_factory=lambda: parse_model("rbfn-1024-fast-tied"))
    surfaces: tuple[str, ...] = SURFACES
    members: int = 10
    rows: Rows = field(default_factory=Rows)
    max_epochs: int | None = None

    def __post_init__(self) -> None:
        if self.model.joint:
            raise ValueError(f"a committee is of one surface, got {self.model.name}")
        if self.members < 2:
            raise ValueError(f"a committee has at least two members, got {self.members}")

    def cells(self) -> list[Cell]:
        """One cell per member and surface."""
        return [
            Cell(
                f"committee-{surface}-{self.model.name}-member{member}",
                "rbfcore.studies.committee:member_cell",
                {
                    "surface": surface,
                    "model": self.model.name,
                    "member": member,
                    "rows": asdict(self.rows),
                    "fit": model_settings(self.model, member, self.max_epochs, None),
                },
                self.rows.fingerprints((surface,)),
                self.model.cost,
            )
            for member in range(self.members)
            for surface in self.surfaces
        ]


def member_rows(rows: Rows, surface: str, member: int) -> tuple[DataSet, DataSet, DataSet]:
    """Train and validation rows of a member, and the test rows, which are the same for all members.

    The rows that are not tested are split anew by family, into parts of the same sizes.
    """
    train, validation, test = rows.split(surface, _TEST_SPLIT)
    rest = joined([train, validation])
    # one more part than needed: what is left over by whole families joins the training rows
    own, chosen, left = rest.split(len(train) - 2, len(validation), seed=member)
    return joined([own, left]), chosen, test


def member_cell(settings: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Train one member; its predictions of the test rows."""
    train, validation, test = member_rows(Rows(**settings["rows"]), settings["surface"], settings["member"])
    predict, facts = fit(parse_model(settings["model"]), settings["fit"], train, validation, folder)
    predicted = np.asarray(predict(test.x), dtype=np.float64)
    return {"fit": facts, "test_rmse": rmse(predicted, test.y), "predictions": predicted.round(_DIGITS).tolist()}


def calibrations(cells: Sequence[Finished]) -> dict[str, Calibration]:
    """Surface -> calibration of the committee of its finished members, where there are at least two."""
    members: dict[str, list[Finished]] = {}
    for finished in cells:
        members.setdefault(finished.cell.settings["surface"], []).append(finished)
    by_surface = {}
    for surface, of_surface in members.items():
        if len(of_surface) > 1:
            test = Rows(**of_surface[0].cell.settings["rows"]).split(surface, _TEST_SPLIT)[2]
            by_surface[surface] = calibration([one.outcome["predictions"] for one in of_surface], test.y)
    return by_surface


def text(by_surface: dict[str, Calibration]) -> str:
    """The calibrations as markdown."""
    lines = [
        "| surface | members | RMSE of a member | of the mean | spread | within 1 sd (nominal) | within 2 sd (nominal) "
        "| factor | within 1, 2 sd scaled | correlation (rank) |",
        "|" + "---|" * 10,
    ]
    for surface, one in by_surface.items():
        within = [f"{share:.3f} ({nominal:.3f})" for share, nominal in zip(one.coverage, one.nominal, strict=True)]
        scaled = ", ".join(f"{share:.3f}" for share in one.coverage_scaled)
        lines.append(
            f"| {{{surface}}} | {one.members} | {one.member_rmse:.4f} | {one.mean_rmse:.4f} | {one.spread:.4f} | "
            f"{' | '.join(within)} | {one.factor:.2f} | {scaled} | {one.pearson:.2f} ({one.spearman:.2f}) |"
        )
    return "\n".join(lines) + "\n"
