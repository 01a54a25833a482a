"""One environment asked of a network: numbers against the library, and barriers that cannot be."""

import numpy as np
import pytest

import rbfcore as rc
from rbfcore.explain.case import Case
from rbfcore.explain.what_if import ask, contradictions
from rbfcore.lattice import environment
from tests.rbfcore.explain.networks import small_network

ENV = environment("fcc", 2)


def test_answer_adds_up_and_flips_are_predictions() -> None:
    large, small, p = small_network(26, 30), small_network(26, 4, 1), rc.Bernoulli(0.4)
    filled = np.random.default_rng(0).random(26) < 0.5
    answer = ask(large, small, p, filled, ENV)
    x = np.where(filled, 1.0, -1.0)
    predict = rc.RBFN.from_plain(large).predict
    assert answer.case.value == pytest.approx(predict(x[None])[0], abs=1e-12)
    assert answer.case.shapley.sum() == pytest.approx(answer.case.value - answer.case.mean, abs=1e-12)
    for site in (0, 25):
        flipped = x.copy()
        flipped[site] *= -1
        assert answer.flips[site] == pytest.approx(predict(flipped[None])[0], abs=1e-12)
    assert answer.terms_offset + answer.terms.sum() == pytest.approx(answer.pruned_value, abs=1e-12)
    assert answer.pruned_value == pytest.approx(rc.RBFN.from_plain(small).predict(x[None])[0], abs=1e-12)


@pytest.mark.parametrize(
    ("value", "reverse", "said"),
    [(0.3, 0.2, []), (-0.1, 0.2, ["negative"]), (0.3, -0.1, ["below"]), (-0.2, -0.1, ["negative", "below"])],
)
def test_impossible_barriers_are_named(value: float, reverse: float, said: list[str]) -> None:
    lines = contradictions(Case(value, 0.3, np.zeros(1), np.array([value]), reverse), "eV")
    assert len(lines) == len(said)
    assert all(word in line for word, line in zip(said, lines, strict=True))
