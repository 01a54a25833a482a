"""Run cards side by side."""

import pandas as pd

from rbfcore.storage.run_table import differing, run_table

CARDS = {
    "a": {"command": "train", "training": {"n_centroids": 128, "seed": 0}, "test_rmse": 0.03, "provenance": {"x": 1}},
    "b": {"command": "train", "training": {"n_centroids": 256, "seed": 0}, "test_rmse": 0.02, "tags": ["good", "x"]},
}


def test_nested_settings_become_columns_and_what_matters_comes_first() -> None:
    table = run_table(CARDS)
    assert list(table.index) == ["a", "b"]
    assert list(table.columns) == ["command", "test_rmse", "tags", "training.n_centroids", "training.seed"]
    assert table.loc["b", "training.n_centroids"] == 256
    assert table.loc["b", "tags"] == "good, x"
    assert pd.isna(table.loc["a", "tags"])


def test_only_what_differs() -> None:
    assert list(differing(run_table(CARDS)).columns) == ["test_rmse", "tags", "training.n_centroids"]
    assert differing(run_table({"a": CARDS["a"], "again": CARDS["a"]})).empty
