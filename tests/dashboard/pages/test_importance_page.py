"""The importance page: nothing computed by itself, exact shares after the button, bad choices in one line."""

from dataclasses import replace

import numpy as np
import pytest

import rbfcore as rc
from dashboard.pickers.distribution_picker import DistributionChoice
from dashboard.shelf.shelf import Shelf
from dashboard.viewer.importance_map import importance_scene
from rbfcore.explain.report import explanation
from rbfcore.lattice import environment
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import address, tiny_data, tiny_network, widget


@pytest.mark.usefixtures("no_bundled_networks")
def test_nothing_loaded(open_page: OpenPage) -> None:
    page = open_page("importance")
    assert not page.exception
    assert any("No network" in text.value for text in page.markdown)
    assert not page.get("bidi_component")


@pytest.mark.usefixtures("no_bundled_networks")
def test_shares_appear_after_the_button_and_are_found_again(open_page: OpenPage, shelf: Shelf) -> None:
    network = tiny_network(9)
    shelf.add_network("mine", network)
    page = open_page("importance")
    assert not page.get("bidi_component")  # nothing expensive by itself
    assert any("About 1 s" in caption.value for caption in page.caption)
    page.button(key="compute_importance").click().run()
    assert not page.exception
    assert len(page.get("bidi_component")) == 1
    indices, orders = rc.sobol(network, rc.Bernoulli(0.5)), rc.interaction_orders(network, rc.Bernoulli(0.5))
    (said,) = [text.value for text in page.markdown if text.value.startswith("**mine** under")]
    assert f"standard deviation {indices.variance**0.5:.3f} eV" in said
    assert f"explain {100 * orders[0]:.1f}\u00a0%" in said
    assert "2²⁶" in said
    assert not [b for b in open_page("importance").button if b.key == "compute_importance"]


@pytest.mark.usefixtures("no_bundled_networks")
def test_several_networks_and_the_address(open_page: OpenPage, shelf: Shelf) -> None:
    for centroids in (5, 7):
        shelf.add_network(f"n{centroids}", tiny_network(centroids))
    page = open_page("importance", explained="n7,n5,gone")
    assert page.multiselect(key="explained").value == ["n7", "n5"]
    assert address(page, "explained") == "n7,n5"
    page.button(key="compute_importance").click().run()
    assert not page.exception
    assert widget(page, "button_group", "On the lattice").options == ["n7", "n5"]
    pictures = [element.proto.body for element in page.get("html")]
    assert sum("Shares of the variance of n7, n5 by" in picture for picture in pictures) == 1
    assert sum("by order of interaction. single sites: n7 " in picture for picture in pictures) == 1
    widget(page, "button_group", "Question").set_value("opacity")
    page.run()
    assert address(page, "question") == "opacity"
    page.multiselect(key="drawn").set_value(["n7", "n5"])
    widget(page, "button_group", "Networks").set_value("overlaid")
    page.run()
    assert not page.exception


@pytest.mark.usefixtures("no_bundled_networks")
@pytest.mark.parametrize(("q", "said"), [("1.5", "strictly between 0 and 1"), ("half", "q must be a number")])
def test_a_bad_distribution_is_one_line(open_page: OpenPage, shelf: Shelf, q: str, said: str) -> None:
    shelf.add_network("mine", tiny_network(6))
    page = open_page("importance")
    page.text_input(key="importance_bernoulli_q").set_value(q)
    page.button(key="compute_importance").click().run()
    assert not page.exception
    assert [said in error.value for error in page.error] == [True]


@pytest.mark.usefixtures("no_bundled_networks")
def test_the_address_says_which_distribution(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("mine", tiny_network(6))
    page = open_page("importance", distribution="uniform", uniform_low="-1.5")
    assert page.selectbox(key="importance_distribution").value == "uniform"
    assert page.text_input(key="importance_uniform_low").value == "-1.5"
    page.text_input(key="importance_uniform_high").set_value("2").run()
    assert [address(page, name) for name in ("distribution", "uniform_low", "uniform_high")] == ["uniform", "-1.5", "2"]
    page.button(key="compute_importance").click().run()
    assert not page.error
    assert any("under p(x) = uniform:-1.5,2" in text.value for text in page.markdown)


def test_the_map_carries_exact_shares() -> None:
    network = tiny_network(4)
    found = explanation(network, rc.Bernoulli(0.5))
    data = importance_scene(network, environment("fcc", 2), found, "four")
    assert [one["name"] for one in data["measures"]] == ["shapley", "first", "total"]
    assert sum(data["measures"][0]["values"]) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(data["pairs"], rc.sobol(network, rc.Bernoulli(0.5)).pairs, atol=1e-8)
    assert data["scene"]["prototypes"] == []
    assert (
        importance_scene(tiny_network(4, 6), None, explanation(tiny_network(4, 6), rc.Normal()), "t")["kind"] == "input"
    )


def test_bundled_networks_are_explained_from_the_start(open_page: OpenPage) -> None:
    page = open_page("importance", explained="cu100,cu110-16")
    assert not [b for b in page.button if b.key == "compute_importance"]
    assert len(page.get("bidi_component")) == 1
    page.text_input(key="importance_bernoulli_q").set_value("0.4").run()
    assert [b for b in page.button if b.key == "compute_importance"]


@pytest.mark.parametrize("q", [".5", "0.50", "5e-1", ", ".join(["0.5"] * 26)])
def test_what_was_prepared_is_found_however_p_is_typed(open_page: OpenPage, q: str) -> None:
    page = open_page("importance", explained="cu100,cu110-16")
    page.text_input(key="importance_bernoulli_q").set_value(q).run()
    assert not page.exception
    assert not [b for b in page.button if b.key == "compute_importance"]
    assert len(page.get("bidi_component")) == 1
    assert sum("bernoulli:0.5 (all 2²⁶ environments" in text.value for text in page.markdown) == 1


def test_a_fit_of_another_family_is_another_distribution() -> None:
    data = tiny_data()
    fits = [DistributionChoice("fit", data=data, family="gaussian_mixture", n_components=n) for n in (1, 2, None)]
    fits += [DistributionChoice("fit", data=data), DistributionChoice("fit", data=replace(data, y=data.y + 1))]
    assert len({fit.fingerprint(26) for fit in fits}) == len(fits)
