"""Wrong numbers meet one clear line each; texts read back as what they describe."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

import rbfcore as rc

WRONG = [
    (lambda: rc.Bernoulli(0.0), "q must be strictly between 0 and 1, got 0"),
    (lambda: rc.Bernoulli([0.5, 1.2]), "q must be strictly between 0 and 1, got 1.2"),
    (lambda: rc.Bernoulli(float("nan")), "q must be finite, got nan"),
    (lambda: rc.Bernoulli("half"), "q must be a number"),
    (lambda: rc.Bernoulli([[0.5]]), "q must have at most 1 axes"),
    (lambda: rc.Bernoulli([]), "an entry or more"),
    (lambda: rc.Uniform(1, 1), "low must be smaller than high, got low = 1, high = 1"),
    (lambda: rc.Uniform([0, 5], 4), "got low = 5, high = 4"),
    (lambda: rc.Uniform([0, 1], [2, 3, 4]), r"low \(2,\), high \(3,\)"),
    (lambda: rc.Normal(0, 0), "std must be > 0, got 0"),
    (lambda: rc.Normal(np.inf, 1), "mean must be finite, got inf"),
    (lambda: rc.GaussianMixture([0.5, 0.6], 0, 1), "weights must sum to 1 along the last axis, got 1.1: divide"),
    (lambda: rc.GaussianMixture([1.5, -0.5], 0, 1), "weights must not be negative, got -0.5"),
    (lambda: rc.GaussianMixture([0.5, 0.5], [0, 1], [1, -1]), "variances must be > 0, got -1"),
    (lambda: rc.GaussianMixture([1.0], [0, 1], 1), "one weight per component, got 1 for 2"),
    (lambda: rc.GaussianMixture([0.5, 0.5], [0, 1, 2], 1), r"weights \(2,\), means \(3,\)"),
    (lambda: rc.Finite([0, 1], [0.5, 0.4]), "probabilities must sum to 1"),
    (lambda: rc.Finite([0, 1, 2], [0.5, 0.5]), "shapes do not fit"),
    (lambda: rc.Mixture([0.5, 0.5], [rc.Bernoulli(0.5)]), "one weight per component, got 2 for 1"),
    (lambda: rc.Mixture([1.0], [0.5]), "a component must be an input distribution, got 0.5"),
    (lambda: rc.Mixture([0.5, 0.5], [rc.Bernoulli([0.5] * 2), rc.Bernoulli([0.5] * 3)]), "over the same inputs"),
    (lambda: rc.Product([]), "at least one part"),
    (lambda: rc.Product([0.5]), "a part must be an input distribution"),
    (lambda: rc.Empirical([1.0, 2.0]), r"x must be \(N, D\)"),
    (lambda: rc.Empirical([[np.nan]]), "x must be finite, got nan"),
    (lambda: rc.Bernoulli(0.5).sample(5), "say how many inputs"),
    (lambda: rc.Bernoulli(0.5).sample(0, n_inputs=3), "must be >= 1, got 0"),
    (lambda: rc.Bernoulli(0.5).for_inputs(0), "whole number >= 1, got 0"),
    (lambda: rc.Bernoulli(0.5).log_density([1.0]), r"x must be \(N, D\)"),
    (lambda: rc.Empirical([[0.0]]).log_density([[0.0]]), "no density"),
    (lambda: rc.Bernoulli(0.5).expectation(1, np.zeros(3), 1, np.zeros((2, 3))), r"u must be \(..., K, D\)"),
    (lambda: rc.Bernoulli(0.5).expectation(1, np.zeros((2, 4)), 1, np.zeros((2, 3))), "with one D"),
    (lambda: rc.Bernoulli(0.5).expectation(np.ones(3), np.zeros((2, 4)), 1, np.zeros((2, 4))), r"one per row \(2\)"),
]


@pytest.mark.parametrize(("make", "message"), WRONG)
def test_bad_numbers_are_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    "text",
    [
        "bernoulli:0.5",
        "bernoulli:0.1,0.9,0.3333333333333333",
        "uniform:-4,4",
        "uniform:-4,4;-1,1.5",
        "normal:0,1",
        "normal:0,1;2,0.5",
    ],
)
def test_texts_read_back(text: str) -> None:
    p = rc.parse_distribution(text)
    assert p.describe() == text
    assert rc.parse_distribution(p.describe()).fingerprint() == p.fingerprint()


def test_equal_inputs_are_said_once() -> None:
    assert rc.Bernoulli(0.5).for_inputs(26).describe() == "bernoulli:0.5"
    assert rc.Normal([0, 0], 2).describe() == "normal:0,2"


def test_spaces_and_capitals_are_allowed() -> None:
    assert rc.parse_distribution(" Uniform: -4, 4 ").describe() == "uniform:-4,4"
    assert rc.parse_distribution("bernoulli:0.5").n_inputs is None
    assert rc.parse_distribution("bernoulli:0.5,0.1").n_inputs == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("beta:1,2", "unknown distribution 'beta:1,2': expected bernoulli:Q"),
        ("", "unknown distribution"),
        ("bernoulli", "cannot read the numbers"),
        ("bernoulli:x", "cannot read the numbers"),
        ("bernoulli:1.5", "strictly between 0 and 1"),
        ("bernoulli:0.5;0.5", "by commas"),
        ("uniform:1", "takes two numbers"),
        ("uniform:4,-4", "low must be smaller than high"),
        ("normal:0,1,2", "takes two numbers"),
        ("normal:nan,1", "must be finite"),
    ],
)
def test_bad_texts_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rc.parse_distribution(text)


def test_caller_keeps_its_arrays() -> None:
    """The distribution owns its numbers: later changes of the caller's array do not reach it."""
    q = np.array([0.2, 0.7])
    p = rc.Bernoulli(q)
    before = p.fingerprint()
    q[:] = 0.5
    assert p.fingerprint() == before
    assert torch.equal(p.q, torch.tensor([0.2, 0.7], dtype=torch.float64))
