"""The training page with a data set small enough for a test."""

import pytest

from dashboard.jobs import Status, job_registry
from dashboard.shelf import Shelf
from rbfcore.training.baselines import ridge
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import address, button, tiny_data, widget

PATIENCE = 30.0


def test_tells_the_story_of_the_data(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_dataset("tiny", tiny_data())
    page = open_page("train", data="tiny")
    values = {metric.label: metric.value for metric in page.metric}
    assert values["Rows"] == "60"
    assert values["Response, eV"].startswith("0.5")
    assert not page.error


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


def test_a_split_without_test_rows_is_one_line(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_dataset("tiny", tiny_data())
    page = open_page("train", data="tiny")
    widget(page, "number_input", "Training rows").set_value(60)
    button(page, "Start training").click()
    page.run()
    assert ["cannot split" in error.value for error in page.error] == [True]
    assert "run" not in page.query_params
