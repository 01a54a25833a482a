"""Which rows a study learns from and tests on: the bundled surfaces or the published ones, one by one or joined."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from rbfcore.data.bundled import SURFACES
from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset

JOINT = "all"  # one model for all surfaces
_LARGEST_FAMILY = 8  # images of a row


@dataclass(frozen=True)
class Rows:
    """Choice of rows.

    Attributes:
        target: which barrier, as `load_dataset`; None for its default.
        limit: at most so many environments of a surface, for trying a study out.
        n_train, n_validation: as `DataSet.split`; by default 80 % and 10 %.
        n_test: at most so many of the rows that are left, drawn by family; by default all.
        archive: path of an archive of barrier lists (.tgz) to use instead of the bundled sets, such as the published
            one; it has one target only.
    """

    target: str | None = None
    limit: int | None = None
    n_train: int | None = None
    n_validation: int | None = None
    n_test: int | None = None
    archive: str | None = None

    def load(self, surface: str) -> DataSet:
        """All rows of one surface."""
        return _loaded(surface, self.target, self.limit, self.archive)

    def fingerprints(self, surfaces: tuple[str, ...]) -> dict[str, str]:
        """Name -> fingerprint of the data sets of these surfaces."""
        return {data.name: data.fingerprint() for data in map(self.load, surfaces)}

    def split(self, surface: str, seed: int) -> tuple[DataSet, DataSet, DataSet]:
        """Train, validation and test rows of a surface, by family."""
        train, validation, test = self.load(surface).split(self.n_train, self.n_validation, seed=seed)
        if self.n_test is not None and self.n_test + _LARGEST_FAMILY < len(test):
            test, _, _ = test.split(self.n_test, _LARGEST_FAMILY, seed=seed)
        return train, validation, test


@lru_cache(maxsize=len(SURFACES))
def _loaded(surface: str, target: str | None, limit: int | None, archive: str | None) -> DataSet:
    if surface not in SURFACES:
        raise ValueError(f"unknown surface {surface!r}: expected one of {', '.join(SURFACES)}")
    if archive is not None:
        if target is not None:
            raise ValueError(f"an archive of barrier lists has one target only, got target {target!r}")
        return load_dataset(archive, surface=surface, limit=limit)
    return load_dataset(f"cu{surface}", target=target, limit=limit)


def members(surface: str) -> tuple[str, ...]:
    """The surfaces that a label stands for: itself, or all of them for the joint label."""
    return SURFACES if surface == JOINT else (surface,)


def split_of(rows: Rows, surface: str, seed: int) -> tuple[DataSet, DataSet, dict[str, DataSet]]:
    """Train and validation rows of a surface, or of all joined, and the test rows by surface.

    The joined rows are those of the single surfaces' splits with the same seed, so that both are tested on the same
    rows. Training rows whose family is validated or tested on another surface are dropped.
    """
    parts = {member: rows.split(member, seed) for member in members(surface)}
    tests = {member: part[2] for member, part in parts.items()}
    if len(parts) == 1:
        train, validation, _ = parts[surface]
        return train, validation, tests
    held_out = np.concatenate([_family(part) for _, *others in parts.values() for part in others])
    train = joined([_without(part[0], held_out) for part in parts.values()])
    tested = np.concatenate([_family(test) for test in tests.values()])
    validation = joined([_without(part[1], tested) for part in parts.values()])
    return train, validation, tests


def joined(parts: list[DataSet]) -> DataSet:
    """The rows of several data sets over the same inputs, one after the other."""
    first = parts[0]
    if any(part.site_names != first.site_names or part.unit != first.unit for part in parts):
        raise ValueError("data sets can be joined only over the same inputs and in one unit")
    provenance: dict[str, Any] = {"joined": [part.name for part in parts]}
    return replace(
        first,
        name="+".join(part.name for part in parts),
        x=np.concatenate([part.x for part in parts]),
        y=np.concatenate([part.y for part in parts]),
        family=np.concatenate([_family(part) for part in parts]),
        provenance=provenance,
    )


def _family(data: DataSet) -> np.ndarray:
    if data.family is None:
        raise ValueError(f"{data.name} has no families, which keep images of a row on one side of a split")
    return data.family


def _without(data: DataSet, families: np.ndarray) -> DataSet:
    return data.rows(np.flatnonzero(~np.isin(_family(data), families)))
