"""Candidates are trained once each, and ordered by the validation error alone."""

from pathlib import Path

import numpy as np
import pytest

import rbfcore as rc
from dashboard.commands import candidates as module
from dashboard.commands.candidates import candidate_file, candidates
from rbfcore.data.dataset import DataSet


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> DataSet:
    data = rc.load_dataset("cu100")
    data = data.rows(np.arange(0, len(data), 200))
    monkeypatch.setattr(rc, "load_dataset", lambda _: data)
    monkeypatch.setattr(module, "TRAINING", {"n_centroids": 16, "recipe": "fast", "tied_orbits": True})
    monkeypatch.setattr(module, "EPOCHS", (1, 3))
    return data


def test_the_first_has_the_least_validation_error(few_rows: DataSet, tmp_path: Path) -> None:
    rows = candidates("100", tmp_path)
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
    rows = candidates("100", tmp_path)
    (tmp_path / candidate_file("100", 3, 1)).unlink()
    trained = []

    def counted(*arguments: object, **options: object) -> None:
        trained.append(arguments[2])
        return train_and_save(*arguments, **options)  # type: ignore[arg-type]

    from dashboard.commands import train as command

    train_and_save = command.train_and_save
    monkeypatch.setattr(command, "train_and_save", counted)
    again = candidates("100", tmp_path)
    assert trained == [tmp_path / candidate_file("100", 3, 1)]
    assert [row["fingerprint"] for row in again] == [row["fingerprint"] for row in rows]


def test_networks_of_other_rows_are_refused(few_rows: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    candidates("100", tmp_path)
    other = few_rows.rows(np.arange(0, len(few_rows), 2))
    monkeypatch.setattr(rc, "load_dataset", lambda _: other)
    with pytest.raises(ValueError, match="was trained on other rows than"):
        candidates("100", tmp_path)
