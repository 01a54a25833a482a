"""Table 1 on a few rows: what is in a cell, what the table makes of the cells, and who is said to win."""

from pathlib import Path

import numpy as np
import pytest

import rbfcore as rc
from rbfcore.bench.archive import write_archive
from rbfcore.data.bundled import SURFACES
from rbfcore.studies import models
from rbfcore.studies.cells import Cell, Finished, cell_path
from rbfcore.studies.models import DEFAULT_MODELS, chosen_models, parse_model
from rbfcore.studies.runner import finished_cells, run_cells
from rbfcore.studies.surfaces import Rows, split_of
from rbfcore.studies.table1 import Table1
from rbfcore.studies.table1_text import markdown, table, winners
from rbfcore.training.settings import RECIPES

FEW = Rows(limit=150)
NAMES = ("ridge", "rbfn-8-fast-tied", "rbfn-8-paper", "rbfn-8-fast-tied+joint")


@pytest.fixture(scope="module")
def study() -> Table1:
    return Table1([parse_model(name) for name in NAMES], ("100", "111"), 2, FEW, max_epochs=2)


@pytest.fixture(scope="module")
def folder(study: Table1, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("table1")
    for _ in run_cells(study.cells([]), place):
        pass
    return place


def test_rows_hold_mean_and_sd_over_the_splits(study: Table1, folder: Path) -> None:
    found = table(finished_cells(study.cells([]), folder)).set_index(["surface", "model"])
    assert len(found) == 3 * 2 + len(SURFACES)  # the joint model is tested everywhere
    errors = []
    for seed in range(2):  # ridge, fitted again without the study
        train, validation, test = rc.load_dataset("cu111", limit=150).split(seed=seed)
        errors.append(rc.ridge(train, test, validation).test_rmse)
    row = found.loc[("111", "ridge")]
    assert row.test_rmse == pytest.approx(np.mean(errors))
    assert row.test_rmse_sd == pytest.approx(abs(errors[0] - errors[1]) / np.sqrt(2))
    assert row.splits == 2
    assert np.isnan(row.paper)
    assert found.loc[("110", "rbfn-8-fast-tied+joint")].trained_on == "all"


def test_tied_networks_are_as_good_on_images(study: Table1, folder: Path) -> None:
    found = table(finished_cells(study.cells([]), folder)).set_index(["surface", "model"])
    tied, untied = found.loc[("100", "rbfn-8-fast-tied")], found.loc[("100", "rbfn-8-paper")]
    assert tied.averaged_rmse == pytest.approx(tied.test_rmse, rel=1e-5)
    assert abs(untied.averaged_rmse - untied.test_rmse) > 1e-4


def test_networks_are_kept_and_are_those_of_the_cells(study: Table1, folder: Path) -> None:
    (cell,) = [c for c in finished_cells(study.cells([]), folder) if c.cell.name == "table1-100-rbfn-8-paper-split1"]
    network = rc.load_network(folder / cell.outcome["fit"]["file"])
    test = FEW.split("100", 1)[2]
    error = np.sqrt(np.mean((network.predict(test.x).astype(float) - test.y) ** 2))
    assert error == pytest.approx(cell.outcome["surfaces"]["100"]["test_rmse"], rel=1e-5)
    cell_path(folder, cell.cell).unlink()
    *_, again = run_cells([cell.cell], folder)
    assert again.latest is not None
    assert again.latest.outcome == cell.outcome  # taken from the kept network, its seconds too


def test_a_changed_recipe_is_trained_again(study: Table1, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setitem(RECIPES, "fast", replace(RECIPES["fast"], learning_rate=1e-3))
    left = {c.cell.settings["model"] for c in finished_cells(study.cells([]), folder)}
    assert left == {"ridge", "rbfn-8-paper"}


def test_joint_rows_leak_nothing() -> None:
    train, validation, tests = split_of(FEW, "all", 3)
    assert train.family is not None
    assert validation.family is not None
    for surface, test in tests.items():
        own = FEW.split(surface, 3)[2]
        np.testing.assert_array_equal(own.x, test.x)
        assert not np.isin(train.family, test.family).any()
        assert not np.isin(validation.family, test.family).any()
    assert not np.isin(train.family, validation.family).any()
    assert len(train) > 2.8 * len(FEW.split("100", 3)[0])


def test_an_archive_of_the_published_form_takes_the_place_of_the_bundled_sets(tmp_path: Path) -> None:
    write_archive(tmp_path / "made.tgz", dict.fromkeys(SURFACES, 600))
    rows = Rows(n_train=300, n_validation=100, n_test=120, archive=str(tmp_path / "made.tgz"))
    train, validation, test = rows.split("110", 0)
    assert (len(train), len(validation)) == (300, 100)
    assert 112 < len(test) <= 120
    assert train.name == "Cu_20170906_110"
    study = Table1([parse_model("ridge"), parse_model("ridge+joint")], splits=1, rows=rows)
    for _ in run_cells(study.cells([]), tmp_path):
        pass
    found = table(finished_cells(study.cells([]), tmp_path))
    assert len(found) == 6
    # uniform random barriers: nothing to learn beyond their sd, the root of 1/12
    np.testing.assert_allclose(found.test_rmse, 12**-0.5, rtol=0.25)
    with pytest.raises(ValueError, match="one target only"):
        Rows(target="free", archive=str(tmp_path / "made.tgz")).load("100")


def made(model: str, surface: str, split: int, error: float, averaged: float | None = None) -> Finished:
    scores = {"test_rmse": error} | ({} if averaged is None else {"averaged_rmse": averaged})
    cell = Cell(f"{model}-{surface}-{split}", "a:b", {"surface": surface, "model": model, "split": split})
    return Finished(cell, {"surfaces": {surface: scores}, "fit": {"seconds": 2.0, "cpu_seconds": 1.0}}, 1.0)


def test_winners_are_named_with_paired_differences() -> None:
    cells = [
        *(made("dnn", "100", s, 0.030 + 0.01 * s) for s in range(3)),
        *(made("rbfn-64-paper", "100", s, 0.050, 0.025 + 0.01 * s) for s in range(3)),
        *(made("rbfn-32-paper", "100", s, 0.060) for s in range(3)),
        made("xgboost", "100", 0, 0.5),
    ]
    (sentence,) = winners(cells)
    # splits differ by .01, but the difference of the two models is .005 in each of them
    assert sentence.startswith("{100}: rbfn-64-paper wins with 0.0350 eV; dnn 0.0400 (+0.0050 ± 0.0000 over 3 splits)")
    assert "xgboost 0.5000 (+0.4750 on one split)" in sentence
    assert "rbfn-32" not in sentence


def test_markdown_stands_beside_the_paper() -> None:
    cells = [*(made("rbfn-4096-paper", "111", s, 0.02 + 0.002 * s) for s in range(2)), made("dnn", "100", 0, 0.1)]
    text = markdown(table(cells))
    assert "| rbfn-4096-paper | - / 2 | - | .0210 ± .0014 | 1 | - | .0938 |" in text
    assert "| dnn | 1 / - | .1000 | - | 1 | .0366 | - |" in text
    assert markdown(table([])) == "No finished cells yet.\n"


def test_names_of_models() -> None:
    assert [model.name for model in chosen_models(None)] == list(DEFAULT_MODELS)
    assert {m.n_centroids for m in chosen_models(["rbfn-*-paper"])} == set(models.SIZES)
    tied = parse_model("rbfn-64-fast-tied+joint")
    assert (tied.n_centroids, tied.recipe, tied.symmetry, tied.joint) == (64, "fast", "tied", True)
    assert tied.training(5).tied_orbits
    assert parse_model("dnn-images").symmetry == "images"
    assert [m.name for m in chosen_models(["rbfn-16-paper", "rbfn-16-paper"])] == ["rbfn-16-paper"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("svm", "unknown model 'svm': expected ridge, xgboost"),
        ("rbfn-16-slow", "unknown recipe 'slow'"),
        ("rbfn-16-fast-tight", "unknown model"),
        ("rbfn-*-slow", "no model matches"),
    ],
)
def test_bad_names_are_refused(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        chosen_models([name])


def test_bad_studies_are_refused() -> None:
    with pytest.raises(ValueError, match="splits must be >= 1"):
        Table1([], splits=0)
    with pytest.raises(ValueError, match="surfaces must be some of 100, 110, 111, got 211"):
        Table1([], ("211",))
