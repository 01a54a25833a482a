"""Pruning under a distribution fitted to a data set: chosen, previewed, started, and exact under what was fitted."""

import numpy as np
import pytest
from numpy.typing import NDArray

import rbfcore as rc
from dashboard.runs.jobs import Status, job_registry
from dashboard.shelf.shelf import Shelf
from rbfcore.data.dataset import DataSet
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import address, button, tiny_data, tiny_network, widget

PATIENCE = 30.0
D = 6


def two_kinds() -> DataSet:
    """Rows of two kinds, mostly filled and mostly empty: their sites depend on each other."""
    rng = np.random.default_rng(3)
    filled = np.where(rng.random(400) < 0.4, 0.85, 0.15)[:, None]
    x = np.where(rng.random((400, D)) < filled, 1.0, -1.0).astype(np.float32)
    return DataSet("kinds", x, x[:, 0].astype(np.float64), tuple("abcdef"), "occupation", "eV")


def two_humps() -> DataSet:
    """Numbers of two inputs, each around -1 or +1."""
    rng = np.random.default_rng(4)
    x = (rng.choice([-1.0, 1.0], size=(400, 2)) + 0.3 * rng.normal(size=(400, 2))).astype(np.float32)
    return DataSet("humps", x, x[:, 0].astype(np.float64), ("a", "b"), "real", "eV")


def pruned_on_page(page: object, shelf: Shelf) -> Parameters:
    """Start, wait, and look at the page again; the network that is on the shelf then."""
    widget(page, "number_input", "Prototypes M").set_value(3)
    widget(page, "number_input", "Restarts").set_value(3)
    button(page, "Start pruning").click()
    page.run()
    assert not page.error
    job = job_registry().get(address(page, "run"))
    assert job is not None
    job.join(PATIENCE)
    assert job.view().status is Status.FINISHED, job.view().error
    page.run()
    assert not page.exception
    assert any("On the shelf as **large-M3**" in text.value for text in page.markdown)
    pruned = shelf.networks()["large-M3"]
    assert {metric.label: metric.value for metric in page.metric}["RMS gap, eV"] == f"{pruned.metadata['rms_gap']:.4f}"
    return pruned


def gap(large: Parameters, pruned: Parameters, x: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Root mean squared gap over rows x (N, D) that have these weights."""
    difference = RBFN.from_plain(large).predict(x) - RBFN.from_plain(pruned).predict(x)
    return float(np.sqrt(weight @ difference**2 / weight.sum()))


@pytest.mark.parametrize("components", [None, 2])
def test_prunes_under_a_mixture_fitted_to_occupations(
    open_page: OpenPage, shelf: Shelf, components: int | None
) -> None:
    data, large = two_kinds(), tiny_network(12, D)
    shelf.add_dataset("kinds", data)
    page = open_page("prune", large=shelf.add_network("large", large), distribution="fit", fit_to="kinds")
    widget(page, "selectbox", "Fit").set_value("bernoulli_mixture").run()
    widget(page, "number_input", "Components").set_value(components)
    widget(page, "toggle", "Preview what it assumes").set_value(True).run()
    (told,) = [caption.value for caption in page.caption if caption.value.startswith("Fitted to 320 rows")]
    assert "for independent sites" in told
    assert any("Gauss-Newton" in option for radio in page.radio for option in radio.options)

    pruned = pruned_on_page(page, shelf)
    assert pruned.metadata["distribution"].startswith("mixture of 2: ")
    assert pruned.metadata["distribution"].count("bernoulli") == 2
    x = np.array(np.meshgrid(*[[-1.0, 1.0]] * D)).reshape(D, -1).T
    p = rc.fit_distribution(data.split(seed=0)[0], kind="bernoulli_mixture", n_components=components or (1, 2, 4, 8))
    q = [part.q.numpy() for part in p.components]
    weight = sum(w * np.where(x > 0, part, 1 - part).prod(1) for w, part in zip(p.weights.tolist(), q, strict=True))
    assert weight.sum() == pytest.approx(1)
    assert pruned.metadata["rms_gap"] == pytest.approx(gap(large, pruned, x, weight), rel=1e-6)


def test_prunes_under_normal_mixtures_fitted_to_numbers(open_page: OpenPage, shelf: Shelf) -> None:
    data, large = two_humps(), tiny_network(12, 2)
    shelf.add_dataset("humps", data)
    page = open_page("prune", large=shelf.add_network("large", large), distribution="fit", fit_to="humps")
    widget(page, "toggle", "Preview what it assumes").set_value(True).run()
    assert any(caption.value.startswith("Fitted to 320 rows") for caption in page.caption)
    assert len(page.get("plotly_chart")) == 1

    pruned = pruned_on_page(page, shelf)
    p = rc.fit_distribution(data.split(seed=0)[0], kind="gaussian_mixture")
    assert p.n_components == 2
    grid = np.linspace(-3, 3, 301)
    x = np.array(np.meshgrid(grid, grid)).reshape(2, -1).T
    weight = np.ones(len(x))
    for d in range(2):
        parts = zip(*(numbers[d].tolist() for numbers in (p.weights, p.means, p.variances)), strict=True)
        weight *= sum(w * np.exp(-((x[:, d] - m) ** 2) / (2 * v)) / np.sqrt(v) for w, m, v in parts)
    assert pruned.metadata["rms_gap"] == pytest.approx(gap(large, pruned, x, weight), rel=1e-4)


def test_a_fit_over_other_inputs_is_one_line(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_dataset("tiny", tiny_data())
    page = open_page("prune", large=shelf.add_network("large", tiny_network(12, D)), distribution="fit", fit_to="tiny")
    widget(page, "number_input", "Prototypes M").set_value(3)
    button(page, "Start pruning").click()
    page.run()
    assert not page.exception
    assert ["26 inputs" in error.value and "\n" not in error.value for error in page.error] == [True]
    assert "run" not in page.query_params
