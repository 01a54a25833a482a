"""The model of the pruning time against runs that were timed, and what it says before and during a run."""

import pytest

from dashboard.drawing.words import short
from dashboard.runs.expected_time import said_before, said_during
from rbfcore.distributions.held_out import fit_seconds
from rbfcore.pruning.pace import Expected, Sizes, path_seconds, pruning_time


@pytest.mark.parametrize(
    ("method", "family", "components", "k", "m", "restarts", "seconds"),
    [
        (None, "bernoulli", 1, 4096, 4, 10, 0.94),
        (None, "bernoulli", 1, 4096, 16, 10, 5.03),
        (None, "bernoulli", 1, 4096, 32, 10, 12.05),
        (None, "bernoulli", 1, 4096, 64, 10, 34.9),
        (None, "bernoulli", 1, 4096, 16, 1, 1.16),
        (None, "bernoulli", 1, 1024, 16, 10, 2.09),
        ("lbfgs", "bernoulli", 1, 1024, 16, 10, 4.38),
        ("lbfgs", "bernoulli_mixture", 4, 1024, 16, 10, 16.7),
        ("lbfgs", "bernoulli_mixture", 8, 1024, 16, 10, 39.1),
        (None, "bernoulli_mixture", 2, 4096, 16, 10, 13.1),
        (None, "bernoulli_mixture", 4, 1024, 16, 10, 6.68),
        (None, "bernoulli_mixture", 4, 4096, 4, 10, 3.42),
        (None, "bernoulli_mixture", 8, 4096, 16, 10, 33.8),
        (None, "bernoulli_mixture", 16, 1024, 16, 10, 17.4),
        (None, "bernoulli_mixture", 16, 4096, 16, 2, 17.4),
        (None, "normal", 1, 4096, 16, 10, 6.81),
        (None, "normal", 1, 4096, 16, 1, 1.61),
        (None, "normal", 1, 1024, 16, 10, 1.86),
        (None, "uniform", 1, 4096, 16, 10, 69.6),
        (None, "uniform", 1, 1024, 16, 10, 13.1),
        (None, "gaussian_mixture", 2, 4096, 16, 10, 48.4),
        (None, "gaussian_mixture", 2, 1024, 16, 10, 7.87),
    ],
)
def test_within_a_factor_of_two_of_measured_runs(
    method: str | None, family: str, components: int, k: int, m: int, restarts: int, seconds: float
) -> None:
    expected = pruning_time(Sizes(k, 26, m, restarts), method, family, components)
    assert expected.steps is not None
    assert seconds / 2 < expected.ready + expected.steps * expected.step < 2 * seconds


@pytest.mark.parametrize(
    ("family", "components", "k", "m", "seconds"),
    [
        ("bernoulli", 1, 4096, 16, 0.037),
        ("bernoulli", 1, 4096, 4, 0.016),
        ("bernoulli", 1, 1024, 16, 0.014),
        ("normal", 1, 4096, 16, 0.063),
        ("uniform", 1, 1024, 16, 1.18),
        ("gaussian_mixture", 2, 1024, 16, 0.50),
        ("bernoulli_mixture", 4, 1024, 16, 0.078),
    ],
)
def test_steps_of_adam_are_known_but_not_their_number(
    family: str, components: int, k: int, m: int, seconds: float
) -> None:
    expected = pruning_time(Sizes(k, 26, m, 10), "adam", family, components)
    assert seconds / 2 < expected.step < 2 * seconds
    assert expected.steps is None
    assert "how many is not known" in said_before(expected)
    limited = pruning_time(Sizes(k, 26, m, 10), "adam", family, components, at_most=500)
    assert said_before(limited).startswith("Takes at most about")


def test_time_left_follows_the_pace_of_the_run() -> None:
    expected = Expected(ready=10.0, step=0.1, steps=100, at_most=300, usual="half or twice that")
    assert said_before(expected) == "Takes about 20 s; half or twice that is common."
    assert said_during(expected, 50, 15.0) == "About 5 s more if it takes the usual 100 steps."
    assert said_during(expected, 50, 45.0) == "About 15 s more if it takes the usual 100 steps."
    assert said_during(expected, 100, 20.0).startswith("Longer than usual (about 100 steps).")
    assert "step 300 at the latest" in said_during(expected, 100, 20.0)


def test_time_left_of_a_run_with_a_limit_only() -> None:
    assert said_during(Expected(0.0, 0.1, None, 100), 40, 8.0) == "At most 12 s more, after step 100 at the latest."
    assert "not known" in said_during(Expected(0.0, 0.1, None, None), 40, 8.0)


@pytest.mark.parametrize(
    ("family", "k", "sizes", "seconds"),
    [
        ("bernoulli", 1024, (1, 2, 4, 8, 16), 2.05),
        ("bernoulli", 4096, (1, 2, 4, 8, 16), 5.16),
        ("bernoulli", 4096, (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64), 42.3),
        ("normal", 1024, (1, 2, 4, 8, 16), 2.2),
    ],
)
def test_curves_are_expected_within_a_factor_of_two_of_timed_ones(
    family: str, k: int, sizes: tuple[int, ...], seconds: float
) -> None:
    assert seconds / 2 < path_seconds(k, 26, sizes, family) < 2 * seconds


def test_long_descriptions_are_cut_where_they_say_enough() -> None:
    assert short("bernoulli:0.5") == "bernoulli:0.5"
    assert short("mixture of 8: 0.2 x bernoulli:0.1,0.2,0.3,0.4 + 0.8 x bernoulli:0.9") == "mixture of 8"
    assert short("bernoulli:" + "0.25," * 26) == "bernoulli:0.25,0.25,0.25,0.25,0.25,0.25…"


def test_only_fits_that_take_a_while_are_announced() -> None:
    assert 10 < fit_seconds(142_648, "bernoulli_mixture", None) < 40
    assert fit_seconds(142_648, "bernoulli", None) == 0
