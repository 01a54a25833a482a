"""The p(x) of a run card is known by what it is: however it is written, and in cards of any age."""

from dataclasses import replace

import numpy as np
import pytest

import rbfcore as rc
from rbfcore.distributions.recorded import (
    distribution_entries,
    distribution_text,
    is_of_occupations,
    is_uniform,
    recorded_fingerprint,
)
from rbfcore.run_card import RunCard

HALF = [
    "bernoulli:0.5",
    "bernoulli:.5",
    " Bernoulli: 0.50",
    "bernoulli:0.5,0.5,0.5",
]


@pytest.mark.parametrize("text", HALF)
def test_equal_distributions_are_one(text: str) -> None:
    card = RunCard(distribution=text)
    assert recorded_fingerprint(card, 3) == rc.Bernoulli(np.full(3, 0.5)).fingerprint()
    assert is_uniform(card, 3)


@pytest.mark.parametrize("text", ["bernoulli:0.4", "bernoulli:0.5,0.5,0.4", "normal:0.5,1", "uniform:-1,1"])
def test_other_distributions_are_others(text: str) -> None:
    card = RunCard(distribution=text)
    assert recorded_fingerprint(card, 3) == rc.parse_distribution(text).for_inputs(3).fingerprint()
    assert not is_uniform(card, 3)


@pytest.mark.parametrize("text", [None, "", "bernoulli:0.1,0.2,…", "a friend's", "bernoulli:0.5,0.5"])
def test_what_cannot_be_told_is_none(text: str | None) -> None:
    card = RunCard(distribution=text)
    assert recorded_fingerprint(card, 3) is None
    assert not is_uniform(card, 3)


def test_the_recorded_fingerprint_counts_more_than_words() -> None:
    """Words can be cut short or rounded; what was recorded with them is exact."""
    p = rc.Mixture([0.4, 0.6], [rc.Bernoulli([0.1, 0.2, 0.3]), rc.Bernoulli([0.5, 0.6, 0.7])])
    card = RunCard.from_dict(distribution_entries(p, 3))
    assert card.distribution == p.describe()
    assert recorded_fingerprint(card, 3) == p.fingerprint()
    assert recorded_fingerprint(replace(card, distribution="bernoulli:0.5"), 3) == p.fingerprint()


def test_cards_of_spread_distributions_say_for_how_many_inputs() -> None:
    card = RunCard.from_dict(distribution_entries(rc.Bernoulli(0.5), 3))
    assert card == RunCard.from_dict(distribution_entries(rc.Bernoulli([0.5, 0.5, 0.5]), 3))
    assert is_uniform(card, 3)
    with pytest.raises(ValueError, match="2 inputs"):
        distribution_entries(rc.Bernoulli([0.5, 0.5]), 3)


def test_texts_that_can_be_read_and_those_of_occupations() -> None:
    assert distribution_text(RunCard(distribution="normal:0,1")) == "normal:0,1"
    assert distribution_text(RunCard(distribution="mixture of 3 distributions: …", lattice="fcc26")) is None
    assert distribution_text(RunCard(lattice="fcc26")) == "bernoulli:0.5"
    assert distribution_text(RunCard()) is None
    assert [is_of_occupations(text) for text in ("bernoulli:.3", "normal:0,1", "…", None)] == [
        True,
        False,
        False,
        False,
    ]
