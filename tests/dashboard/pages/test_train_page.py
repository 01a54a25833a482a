"""The training page with a data set small enough for a test."""

import numpy as np
import pytest

from dashboard.runs.jobs import Status, job_registry
from dashboard.shelf.shelf import Shelf
from rbfcore.training.baselines import ridge, xgboost_baseline
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import address, button, tiny_data, widget

PATIENCE = 30.0


def test_tells_the_story_of_the_data(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_dataset("tiny", tiny_data())
    page = open_page("train", data="tiny")
    values = {metric.label: metric.value for metric in page.metric}
    assert values["Rows"] == "60"
    assert values["Response, eV"].startswith("0.5")
    told = "\n".join(text.value for text in page.markdown)
    assert (
        "**60 rows** over 26 inputs, all of them different. Of the 60 different environments none is a symmetric"
        in told
    )
    pictures = " ".join(element.proto.body for element in page.get("html"))
    assert "Histogram of 60 responses" in pictures
    assert "Share of rows with each site filled" in pictures
    assert any("Takes about" in caption.value and "40 epochs at most" in caption.value for caption in page.caption)
    assert not page.error
    widget(page, "selectbox", "Recipe").set_value("paper").run()
    assert any("Takes about" in caption.value and "often 200" in caption.value for caption in page.caption)


def test_settings_that_do_not_fit_are_told_before_the_start(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_dataset("tiny", tiny_data())
    page = open_page("train", data="tiny")
    widget(page, "number_input", "Centroids K").set_value(6).run()
    assert ["K must be a multiple of 4, got 6" in error.value for error in page.error] == [True]
    assert button(page, "Start training").disabled
    widget(page, "number_input", "Centroids K").set_value(8).run()
    assert not page.error
    assert not button(page, "Start training").disabled


def test_says_what_is_known_of_the_rows_origin(open_page: OpenPage) -> None:
    page = open_page("train", data="cu100")
    (told,) = [caption.value for caption in page.caption if caption.value.startswith("Copper migration barriers")]
    assert "Potential: Mishin EAM1" in told
    assert "Target: tethered. Seed: 0. Made by version" in told


def test_tells_how_many_environments_were_lost(open_page: OpenPage) -> None:
    page = open_page("train", data="cu111")
    (told,) = [caption.value for caption in page.caption if caption.value.startswith("Computed environments")]
    assert "125,769, of which 76,349 have a barrier" in told
    assert "38,654 the energy has no maximum along the jump" in told


def test_trains_and_puts_the_result_on_the_shelf(open_page: OpenPage, shelf: Shelf) -> None:
    data = tiny_data()
    shelf.add_dataset("tiny", data)
    page = open_page("train", data="tiny")
    widget(page, "number_input", "Centroids K").set_value(4)
    widget(page, "number_input", "At most so many epochs").set_value(2)
    button(page, "Start training").click()
    page.run()
    job = job_registry().get(address(page, "run"))
    assert job is not None
    job.join(PATIENCE)
    assert job.view().status is Status.FINISHED, job.view().error
    page.run()
    assert not page.exception
    values = {metric.label: metric.value for metric in page.metric}
    train, validation, test = data.split(48, 6, 0)
    assert values["Epoch"] == "2"
    assert values["Predicting the mean"] == f"{test.y.std():.4f}"
    assert values["Ridge on the inputs"] == f"{ridge(train, test, validation).test_rmse:.4f}"
    network = shelf.networks()["tiny-K4"]
    assert network.metadata["test_rmse"] == pytest.approx(float(values["Test RMSE, eV"]), abs=1e-4)
    assert network.metadata["dataset"] == "tiny"
    predicted = job.view().outcome.split.predicted
    error = predicted - test.y
    (told,) = [caption.value for caption in page.caption if "test rows; the line" in caption.value]
    assert f"the largest is {np.abs(error).max():.3f} eV; on average {error.mean():+.4f}" in told
    (box,) = [box for box in page.checkbox if box.label.startswith("Compare with XGBoost")]
    box.check().run()
    trees = xgboost_baseline(train, test, validation).test_rmse
    assert {metric.label: metric.value for metric in page.metric}["XGBoost"] == f"{trees:.4f}"


def test_a_split_without_test_rows_is_one_line(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_dataset("tiny", tiny_data())
    page = open_page("train", data="tiny")
    widget(page, "number_input", "Training rows").set_value(60)
    button(page, "Start training").click()
    page.run()
    assert ["cannot split" in error.value for error in page.error] == [True]
    assert "run" not in page.query_params


def test_settings_are_in_the_address(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_dataset("tiny", tiny_data())
    asked = {"train_k": "8", "train_seed": "3", "recipe": "paper", "symmetry": "Rows as stored"}
    page = open_page("train", data="tiny", **asked)
    assert widget(page, "number_input", "Centroids K").value == 8
    assert widget(page, "number_input", "Seed").value == 3
    assert widget(page, "selectbox", "Recipe").value == "paper"
    assert widget(page, "selectbox", "Symmetry of the lattice").value == "Rows as stored"
    widget(page, "number_input", "Centroids K").set_value(12).run()
    assert address(page, "train_k") == "12"
