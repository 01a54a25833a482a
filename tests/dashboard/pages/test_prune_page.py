"""The pruning page: only the parameters of the chosen distribution, a whole run, and bad input in one line."""

import threading

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from torch import Tensor

from dashboard.runs.jobs import Job, JobView, Status, job_registry
from dashboard.shelf.shelf import Shelf
from dashboard.widgets.progress import run_header
from rbfcore.distributions.uniform import Uniform
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import address, button, tiny_network, widget
from tests.dashboard.waiting import wait_until

PATIENCE = 30.0
PARAMETERS = {
    "bernoulli": {"q"},
    "uniform": {"low", "high"},
    "normal": {"mean", "std"},
    "gaussian_mixture": {"weights", "means", "variances"},
    "fit": set(),
}


@pytest.fixture
def large(shelf: Shelf) -> str:
    return shelf.add_network("large", tiny_network(12, 5, dataset="toy"))


@pytest.mark.parametrize("kind", PARAMETERS)
def test_only_its_own_parameters_are_shown(open_page: OpenPage, large: str, kind: str) -> None:
    page = open_page("prune", large=large)
    widget(page, "selectbox", "Input distribution p(x)").set_value(kind).run()
    assert not page.exception
    assert {field.label for field in page.text_input} == PARAMETERS[kind]


def test_prunes_and_puts_the_result_on_the_shelf(open_page: OpenPage, shelf: Shelf, large: str) -> None:
    page = open_page("prune", large=large)
    widget(page, "number_input", "Prototypes M").set_value(3)
    widget(page, "number_input", "Restarts").set_value(2)
    job = _started(page)
    job.join(PATIENCE)
    assert job.view().status is Status.FINISHED, job.view().error
    page.run()
    assert not page.exception
    pruned = shelf.networks()["large-M3"]
    values = {metric.label: metric.value for metric in page.metric}
    assert values["RMS gap, eV"] == f"{pruned.metadata['rms_gap']:.4f}"
    assert pruned.n_centroids == 3
    assert pruned.metadata["parent"] == shelf.networks()["large"].fingerprint()
    assert pruned.metadata["dataset"] == "toy"
    assert pruned.metadata["rms_gap"] == pytest.approx(_gap_by_enumeration(shelf, pruned), rel=1e-6)


def _gap_by_enumeration(shelf: Shelf, pruned: object) -> float:
    """Root mean squared gap over all 2^5 inputs."""
    from rbfcore.network import RBFN
    from rbfcore.parameters import Parameters

    assert isinstance(pruned, Parameters)
    x = np.array(np.meshgrid(*[[-1.0, 1.0]] * 5)).reshape(5, -1).T
    gap = RBFN.from_plain(shelf.networks()["large"]).predict(x) - RBFN.from_plain(pruned).predict(x)
    return float(np.sqrt(np.mean(gap**2)))


def test_a_second_session_sees_the_run_by_its_id(open_page: OpenPage, large: str) -> None:
    page = open_page("prune", large=large)
    widget(page, "number_input", "Prototypes M").set_value(2)
    job = _started(page)
    job.join(PATIENCE)
    other = open_page("prune", shelf="", run=job.id)
    assert {metric.label for metric in other.metric} >= {"RMS gap, eV", "Step"}
    assert any("On the shelf as **large-M2**" in text.value for text in other.markdown)


def test_a_lattice_of_ones_own_is_drawn_while_the_run_goes_on(open_page: OpenPage, shelf: Shelf) -> None:
    positions = [[0, 1, 0], [0, -1, 0], [1, 1, 0], [1, -1, 0], [-1, 0, 0], [2, 0, 0]]
    square = {"name": "square", "positions": positions, "target": [1, 0, 0]}
    network = tiny_network(12, 6, lattice="square", numbering=square)
    page = open_page("prune", large=shelf.add_network("own", network))
    widget(page, "radio", "Method").set_value("adam").run()
    widget(page, "number_input", "Prototypes M").set_value(4)
    job = _started(page)
    _wait_for_a_step(job)
    page.run()
    assert job.view().active
    assert not page.error
    assert len(page.get("bidi_component")) == 1
    job.stop()
    job.join(PATIENCE)
    page.run()
    assert not [error.value for error in page.error]
    assert len(page.get("bidi_component")) == 1


def test_says_before_the_start_how_long_it_will_take(open_page: OpenPage, large: str) -> None:
    page = open_page("prune", large=large)
    assert any(caption.value.startswith("Takes about 1 s;") for caption in page.caption)
    widget(page, "radio", "Method").set_value("adam").run()
    assert any("how many is not known before" in caption.value for caption in page.caption)
    widget(page, "number_input", "At most so many steps").set_value(100_000).run()
    assert any(caption.value.startswith("Takes at most about 8 min") for caption in page.caption)


def test_a_run_pauses_goes_on_and_stops_by_its_buttons(open_page: OpenPage, shelf: Shelf, large: str) -> None:
    page = open_page("prune", large=large)
    widget(page, "radio", "Method").set_value("adam").run()
    widget(page, "number_input", "Prototypes M").set_value(4)
    widget(page, "number_input", "Restarts").set_value(50)
    job = _started(page)
    _wait_for_a_step(job)
    button(page, "Pause").click()
    page.run()
    wait_until(lambda: job.view().status is Status.PAUSED, PATIENCE)
    page.run()
    held = job.view()
    shown = {metric.label: metric.value for metric in page.metric}
    assert shown["Step"] == str(held.snapshot.iteration)
    assert shown["RMS gap, eV"] == f"{held.snapshot.rms_gap:.4f}"
    assert any("How long it goes on is not known" in caption.value for caption in page.caption)
    assert job.view().snapshot is held.snapshot

    button(page, "Resume").click()
    page.run()
    assert job.view().status is Status.RUNNING
    button(page, "Stop run").click()
    page.run()
    job.join(PATIENCE)
    page.run()
    stopped = job.view()
    assert stopped.status is Status.STOPPED
    assert stopped.snapshot.iteration > held.snapshot.iteration
    assert stopped.snapshot.loss <= held.snapshot.loss
    assert shelf.networks()["large-M4"].metadata["loss"] == pytest.approx(stopped.snapshot.loss)
    assert any("best so far kept" in text.value for text in page.markdown)


def test_a_run_that_ends_while_its_page_is_drawn_is_shown_as_ended(
    open_page: OpenPage, large: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page("prune", large=large)
    widget(page, "radio", "Method").set_value("adam").run()
    widget(page, "number_input", "Prototypes M").set_value(4)
    job = _started(page)
    _wait_for_a_step(job)
    job.pause()

    def ends_under_its_header(job: Job) -> JobView:
        view = run_header(job)
        job.stop()
        job.join(PATIENCE)
        return view

    monkeypatch.setattr("dashboard.app_pages.prune.page.run_header", ends_under_its_header)
    page.run()
    view = job.view()
    assert view.status is Status.STOPPED
    assert any("stopped, best so far kept" in text.value for text in page.markdown)
    assert any("On the shelf as" in text.value for text in page.markdown)
    assert {metric.label: metric.value for metric in page.metric}["Step"] == str(view.snapshot.iteration)
    assert "Stop run" not in [element.label for element in page.button]


def test_stop_while_getting_ready_waits_for_one_piece_only(
    open_page: OpenPage, shelf: Shelf, large: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The constant of the loss comes in six pieces here; the third is being computed when Stop is pressed."""
    calls, begun, go_on = [], threading.Event(), threading.Event()
    expectation = Uniform.expectation

    def watched_expectation(self: Uniform, *arguments: Tensor) -> Tensor:
        calls.append(arguments[1].shape)
        if len(calls) == 3:
            begun.set()
            assert go_on.wait(PATIENCE)
        return expectation(self, *arguments)

    monkeypatch.setattr(Uniform, "expectation", watched_expectation)
    monkeypatch.setattr("rbfcore.pruning.objective._PIECE", 2)
    page = open_page("prune", large=large)
    widget(page, "selectbox", "Input distribution p(x)").set_value("uniform").run()
    widget(page, "number_input", "Prototypes M").set_value(3)
    job = _started(page)
    assert begun.wait(PATIENCE)
    page.run()
    (bar,) = page.get("progress")
    assert (bar.value, bar.text) == (33, "Getting ready: the constant part of the loss is being computed.")
    button(page, "Stop run").click()
    page.run()
    go_on.set()
    job.join(PATIENCE)
    page.run()
    assert calls == [(2, 5)] * 3
    assert job.view().status is Status.STOPPED
    assert any("stopped before its first step" in text.value for text in page.markdown)
    assert any("nothing to keep" in caption.value for caption in page.caption)
    assert not page.exception
    assert not button(page, "Start pruning").disabled
    assert "large-M3" not in shelf.networks()


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("bernoulli", {"q": "1.5"}, "q"),
        ("bernoulli", {"q": "0"}, "q"),
        ("bernoulli", {"q": "half"}, "'half'"),
        ("bernoulli", {"q": "0.5, 0.5"}, "2 inputs"),
        ("bernoulli", {"q": "nan"}, "q"),
        ("uniform", {"low": "4", "high": "-4"}, "low"),
        ("normal", {"std": "0"}, "std must be > 0"),
        ("gaussian_mixture", {"weights": "0.5, 0.6"}, "sum to 1"),
        ("gaussian_mixture", {"variances": "-1, 1"}, "variances must be > 0"),
    ],
)
def test_bad_parameters_are_one_line(
    open_page: OpenPage, large: str, kind: str, typed: dict[str, str], said: str
) -> None:
    page = open_page("prune", large=large)
    widget(page, "selectbox", "Input distribution p(x)").set_value(kind).run()
    widget(page, "number_input", "Prototypes M").set_value(2)
    for label, text in typed.items():
        widget(page, "text_input", label).set_value(text)
    button(page, "Start pruning").click()
    page.run()
    assert not page.exception
    assert [said in error.value for error in page.error] == [True]
    assert "\n" not in page.error[0].value
    assert "run" not in page.query_params


def test_more_prototypes_than_centroids_is_one_line(open_page: OpenPage, large: str) -> None:
    page = open_page("prune", large=large)
    widget(page, "number_input", "Prototypes M").set_value(13)
    button(page, "Start pruning").click()
    page.run()
    assert ["K = 12, got M = 13" in error.value for error in page.error] == [True]


@pytest.mark.usefixtures("no_bundled_networks")
def test_nothing_loaded(open_page: OpenPage) -> None:
    page = open_page("prune")
    assert any("No network" in text.value for text in page.markdown)


def _wait_for_a_step(job: Job) -> None:
    """A run that is held or stopped before its first step has nothing to show."""
    wait_until(lambda: job.view().snapshot, PATIENCE)


def _started(page: AppTest) -> Job:
    button(page, "Start pruning").click()
    page.run()
    return _job(address(page, "run"))


def _job(job_id: str | None) -> Job:
    job = job_registry().get(job_id)
    assert job is not None
    return job


def test_settings_are_in_the_address(open_page: OpenPage, large: str) -> None:
    page = open_page("prune", large=large, prune_m="5", restarts="3", prune_seed="7", method="adam")
    assert widget(page, "number_input", "Prototypes M").value == 5
    assert widget(page, "number_input", "Restarts").value == 3
    assert widget(page, "number_input", "Seed").value == 7
    assert widget(page, "radio", "Method").value == "adam"
    widget(page, "number_input", "Prototypes M").set_value(6).run()
    assert address(page, "prune_m") == "6"
    odd = open_page("prune", large=large, prune_m="1000", restarts="many")
    assert widget(odd, "number_input", "Prototypes M").value == 16
    assert widget(odd, "number_input", "Restarts").value == 10
