"""Two sets of prototypes side by side: pairs, exact gaps, and what cannot be compared."""

import itertools
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import rbfcore as rc
from dashboard.app_pages.compare.page import verdict
from dashboard.app_pages.compare.paired_cards import paired_cards
from dashboard.shelf.shelf import Shelf
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters
from rbfcore.symmetry.set_comparison import set_comparison
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import tiny_network, widget

ENV = environment("fcc", 2)
P = rc.Bernoulli(0.5)


def turned_copy(network: Parameters, order: list[int], element: int) -> Parameters:
    """The same prototypes in another order, seen through one symmetry of the jump."""
    image = network.centroids[:, np.argsort(ENV.symmetry[element])]
    return replace(network, beta=network.beta[order], centroids=image[order])


def test_a_turned_and_reordered_copy_is_recognised() -> None:
    first = tiny_network(5)
    order = [3, 0, 4, 1, 2]
    found = set_comparison(first, turned_copy(first, order, 2), ENV, P)
    assert found.matching.similarity == pytest.approx(np.ones(5))
    assert [order[j] for _, j in found.matching.pairs] == [i for i, _ in found.matching.pairs]
    np.testing.assert_allclose(found.second.centroids, found.first.centroids)  # turned back for the eye
    np.testing.assert_allclose(found.second.beta, found.first.beta)
    assert found.chance < 0.8
    assert "**5 of 5 pairs**" in verdict(found)


def test_the_gap_is_that_of_all_environments_of_a_small_table() -> None:
    """Ten inputs without a lattice, against enumeration."""
    a, b = tiny_network(3, 10), tiny_network(4, 10)
    found = set_comparison(a, b, None, P)
    x = np.array(list(itertools.product([-1.0, 1.0], repeat=10)))
    gap = rc.RBFN.from_plain(a).predict(x) - rc.RBFN.from_plain(b).predict(x)
    assert found.gap == pytest.approx(np.sqrt(np.mean(gap.astype(float) ** 2)), rel=1e-5)
    assert (len(found.matching.pairs), found.alone_first, len(found.alone_second)) == (3, [], 1)


def test_another_gauge_makes_no_difference() -> None:
    first = tiny_network(4)
    second = rc.regauge(rc.RBFN.from_plain(first), 3 * float(first.gamma)).plain(**first.metadata)
    found = set_comparison(first, second, ENV, P)
    cards = paired_cards(found, np.arange(4), occupations=True)
    np.testing.assert_allclose(cards.prototypes.centroids[2::3], 0, atol=1e-6)  # every third card is the difference
    assert cards.titles[0][0] == "First 1"
    assert cards.titles[0][1] == cards.titles[1][1]  # the peak, unlike beta, is the same


def test_cards_are_three_a_pair_in_the_order_asked_for() -> None:
    first, second = tiny_network(3), tiny_network(6)
    found = set_comparison(first, second, ENV, P)
    cards = paired_cards(found, np.array([2, 0]), occupations=True)
    assert [title for title, _ in cards.titles[:3]] == [
        f"First {found.matching.pairs[2][0] + 1}",
        f"Second {found.matching.pairs[2][1] + 1}",
        "Difference",
    ]
    np.testing.assert_allclose(cards.prototypes.centroids[2], found.second.centroids[2] - found.first.centroids[2])
    assert f"similarity {found.matching.similarity[2]:.2f}" in cards.notes[1]


def test_the_page_says_what_the_sets_share(open_page: OpenPage) -> None:
    page = open_page("compare", a="cu100-16", b="cu111-16")
    values = {metric.label: metric.value for metric in page.metric}
    bundled = {name: rc.load_network(f"assets/networks/{name}.safetensors") for name in ("cu100-16", "cu111-16")}
    gap = rc.pruning_loss(bundled["cu100-16"], bundled["cu111-16"], P).item() ** 0.5
    assert values["RMS gap, eV"] == f"{gap:.4f}"
    stored = rc.read_parameters("assets/networks/cu100-16.safetensors").metadata["rms_gap"]
    assert values["First to cu100, eV"] == f"{stored:.4f}"
    assert any("of 16 pairs** resemble each other closely" in text.value for text in page.markdown)
    assert not page.error


def test_prototypes_are_matched_once_for_two_sets_and_one_distribution(
    open_page: OpenPage, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rbfcore.symmetry import matching

    calls = []

    def counted(a: Parameters, b: Parameters, *more: Any) -> matching.Matching:
        calls.append((a.fingerprint(), b.fingerprint()))
        return found(a, b, *more)

    found = matching.match_prototypes
    monkeypatch.setattr(matching, "match_prototypes", counted)
    monkeypatch.setattr("rbfcore.symmetry.stability.match_prototypes", counted)
    one, two = (shelf.add_network(name, tiny_network(k)) for name, k in (("one", 18), ("two", 17)))
    a, b = (shelf.networks()[name].fingerprint() for name in (one, two))
    page = open_page("compare", a=one, b=two)
    assert [call for call in calls if call == (a, b)] == [(a, b)]
    assert len(calls) == 2  # the other one is of values dealt anew
    widget(page, "selectbox", "Order of the pairs").set_value("alike").run()
    open_page("compare", a=one, b=two)
    assert len(calls) == 2
    widget(page, "text_input", "q").set_value("0.3").run()
    assert len(calls) == 4
    assert not page.exception


def test_the_choice_of_order_is_in_the_address(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("one", tiny_network(20))
    shelf.add_network("two", tiny_network(24))
    page = open_page("compare", a="one", b="two", pairs="different", shown="17–20")
    (order,) = [box for box in page.selectbox if box.label == "Order of the pairs"]
    assert order.value == "different"
    assert page.query_params["pairs"] in ("different", ["different"])
    assert page.query_params["shown"] in ("17–20", ["17–20"])
    assert any("Without a partner in the second set" in caption.value for caption in page.caption)


def test_units_that_differ_are_refused(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("kelvin", tiny_network(3, unit="K"))
    page = open_page("compare", a="cu100-16", b="kelvin")
    assert ["answers in eV, the second in K" in error.value for error in page.error] == [True]


def test_other_inputs_are_not_on_offer(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("small", tiny_network(3, 10))
    page = open_page("compare", a="cu100-16", b="small")
    (second,) = [box for box in page.selectbox if box.label == "Second prototypes"]
    assert not any(option.startswith("small") for option in second.options)
    with pytest.raises(ValueError, match="the first network has 26 inputs and the second 10"):
        set_comparison(tiny_network(3), tiny_network(3, 10), None, P)


def test_the_download_is_what_the_page_shows() -> None:
    from dashboard.app_pages.compare.comparison_forms import comparison_json

    a, b = tiny_network(3), tiny_network(5)
    found = set_comparison(a, b, ENV, P)
    content = json.loads(comparison_json(found, a, b, P.describe()))
    assert content["rms_gap"] == found.gap
    assert len(content["pairs"]) == 3
    assert content["fingerprints"] == [a.fingerprint(), b.fingerprint()]
    assert len(content["without_partner"][1]) == 2


def test_long_sums_wait_until_they_are_asked_for(open_page: OpenPage) -> None:
    page = open_page("compare", a="cu100-16", b="cu111-16", distribution="uniform")
    values = {metric.label: metric.value for metric in page.metric}
    assert (values["First to its network"], values["Second to its network"]) == ("–", "–")
    assert any(box.label.startswith("Exact gaps to the large networks too (about") for box in page.checkbox)
