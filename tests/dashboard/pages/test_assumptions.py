"""What a distribution assumes: exact filling and density against drawn rows, and the preview on the page."""

import numpy as np
import pytest

import rbfcore as rc
from dashboard.shelf.shelf import Shelf
from rbfcore.distributions.held_out import fit
from rbfcore.distributions.marginals import density, mean_filling
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import tiny_data, tiny_network, widget


def test_filling_of_a_mixture_is_that_of_its_draws() -> None:
    p = rc.Mixture([0.3, 0.7], [rc.Bernoulli([0.1, 0.9]), rc.Bernoulli([0.6, 0.4])])
    drawn = (p.sample(40_000, 1) > 0).double().mean(0).numpy()
    assert mean_filling(p, 2) == pytest.approx(drawn, abs=0.01)


def test_density_of_one_input_is_the_normal_one() -> None:
    grid, height = density(rc.Normal([0.0, 2.0], [1.0, 0.5]), 2, 1)
    expected = np.exp(-((grid - 2) ** 2) / 0.5) / np.sqrt(2 * np.pi * 0.25)
    assert height == pytest.approx(expected, rel=5e-3)


def test_a_fit_is_judged_on_rows_it_has_not_seen() -> None:
    data = tiny_data(200)
    train, _, test = data.split(seed=0)
    q = ((train.x > 0).mean(0)).astype(float)
    by_hand = np.where(test.x > 0, np.log(q), np.log(1 - q)).sum(1).mean()
    assert fit(data, "bernoulli").held_out == pytest.approx(by_hand, rel=0.02)


def test_the_preview_is_drawn_on_request(open_page: OpenPage, shelf: Shelf) -> None:
    page = open_page("prune", large=shelf.add_network("large", tiny_network(12, 26)))
    widget(page, "toggle", "Preview what it assumes").set_value(True).run()
    assert not page.exception
    assert not page.error
    assert any("exact: 1: 0.50" in text.value for text in page.caption)
    widget(page, "text_input", "q").set_value("1.5").run()
    assert [error.value.startswith("q") for error in page.error] == [True]
