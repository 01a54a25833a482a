"""Candidates are trained once each, and ordered by the validation error alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rbfcore as rc
from rbfcore.data.dataset import DataSet
from rbfcore.studies import candidates as module
from rbfcore.studies.candidates import candidate_file, candidate_steps, candidates
from rbfcore.training.to_file import train_to_file
from rbfcore.training.train import TrainStep


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> DataSet:
    data = rc.load_dataset("cu100")
    data = data.rows(np.arange(0, len(data), 200))
    monkeypatch.setattr(module, "load_dataset", lambda _: data)
    monkeypatch.setattr(module, "TRAINING", {"n_centroids": 16, "recipe": "fast", "tied_orbits": True})
    monkeypatch.setattr(module, "EPOCHS", (1, 3))
    return data


def trained_candidates(folder: Path) -> list[dict[str, Any]]:
    for _ in candidate_steps("100", folder):
        pass
    return candidates("100", folder)


def test_the_first_has_the_least_validation_error(few_rows: DataSet, tmp_path: Path) -> None:
    rows = trained_candidates(tmp_path)
    assert sorted((row["epochs"], row["seed"]) for row in rows) == [(1, 0), (1, 1), (3, 0), (3, 1)]
    _, validation, _ = few_rows.split(seed=0)
    errors = []
    for row in rows:
        network = rc.load_network(tmp_path / candidate_file("100", row["epochs"], row["seed"]))
        errors.append(np.sqrt(np.mean((network.predict(validation.x) - validation.y) ** 2)))
        assert row["validation_rmse"] == pytest.approx(errors[-1], rel=1e-4)
    assert errors == sorted(errors)
    assert not list(tmp_path.glob("*-state*"))


@pytest.mark.usefixtures("few_rows")
def test_what_is_trained_is_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = trained_candidates(tmp_path)
    (tmp_path / candidate_file("100", 3, 1)).unlink()
    trained = []

    def counted(*arguments: Any, **options: Any) -> Iterator[TrainStep]:
        trained.append(arguments[2])
        yield from train_to_file(*arguments, **options)

    monkeypatch.setattr(module, "train_to_file", counted)
    again = trained_candidates(tmp_path)
    assert trained == [tmp_path / candidate_file("100", 3, 1)]
    assert [row["fingerprint"] for row in again] == [row["fingerprint"] for row in rows]


def test_networks_of_other_rows_are_refused(few_rows: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained_candidates(tmp_path)
    other = few_rows.rows(np.arange(0, len(few_rows), 2))
    monkeypatch.setattr(module, "load_dataset", lambda _: other)
    with pytest.raises(ValueError, match="was trained on other rows than"):
        candidates("100", tmp_path)
    with pytest.raises(ValueError, match="was trained on other rows than"):
        next(candidate_steps("100", tmp_path))
