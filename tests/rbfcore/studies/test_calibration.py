"""Calibration of committees whose answer is known: exchangeable members, known noise, the Cauchy distribution."""

import math

import numpy as np
import pytest
from scipy import stats

from rbfcore.studies.calibration import calibration

N = 20_000
SAMPLING = 0.012  # four standard errors of a share over N rows


def committee(members: int, scatter: float = 1.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Members and a truth that scatter around the same value, the truth `scatter` times as much; sd by row."""
    random = np.random.default_rng(seed)
    sd = random.uniform(0.5, 3.0, N)
    centre = random.normal(size=N)
    return centre + sd * random.normal(size=(members, N)), centre + scatter * sd * random.normal(size=N), sd


@pytest.mark.parametrize("members", [2, 5, 10])
def test_a_truth_that_is_one_more_member_has_nominal_coverage(members: int) -> None:
    predictions, y, _ = committee(members)
    found = calibration(predictions, y)
    np.testing.assert_allclose(found.coverage, found.nominal, atol=SAMPLING)
    assert found.mean_rmse == pytest.approx(math.sqrt(1 + 1 / members) * found.spread, rel=0.03)
    assert found.member_rmse == pytest.approx(math.sqrt(2) * found.spread, rel=0.03)


def test_two_members_follow_the_cauchy_distribution() -> None:
    predictions, y, _ = committee(2)
    expected = [2 / math.pi * math.atan(z / math.sqrt(1.5)) for z in (1, 2)]
    np.testing.assert_allclose(calibration(predictions, y).nominal, expected, rtol=1e-12)


def test_nominal_tends_to_the_normal_shares() -> None:
    predictions, y, _ = committee(400)
    np.testing.assert_allclose(calibration(predictions[:, :40], y[:40], 4).nominal, [0.6827, 0.9545], atol=3e-3)


def test_a_committee_too_sure_of_itself_is_found_out_and_scaled() -> None:
    """Errors three times the spread: the factor is 3 but for the mean's own scatter, and then coverage is normal."""
    predictions, y, _ = committee(50, scatter=3.0)
    found = calibration(predictions, y)
    assert found.factor == pytest.approx(math.sqrt(9 + 1 / 50), rel=0.03)
    np.testing.assert_allclose(found.coverage, [2 * stats.norm.cdf(z / 3) - 1 for z in (1, 2)], atol=SAMPLING)
    np.testing.assert_allclose(found.coverage_scaled, [0.6827, 0.9545], atol=2 * SAMPLING)


def test_correlation_and_bins_follow_the_noise() -> None:
    predictions, y, sd = committee(50)
    found = calibration(predictions, y)
    error = np.abs(predictions.mean(0) - y)
    # the spread of 50 members is nearly the true sd: as telling about the error as that
    assert found.pearson == pytest.approx(np.corrcoef(sd, error)[0, 1], abs=0.03)
    assert found.spearman == pytest.approx(stats.spearmanr(sd, error).statistic, abs=0.03)
    assert sum(one.n for one in found.bins) == N
    for one in found.bins[1:-1]:  # the outer bins are chosen for a spread that chance made small or large
        assert one.error == pytest.approx(math.sqrt(1 + 1 / 50) * one.spread, rel=0.08)
    shuffled = calibration(predictions, y[np.random.default_rng(1).permutation(N)])
    assert abs(shuffled.spearman) < 0.1 < found.spearman


def test_bad_committees_are_refused() -> None:
    for predictions, y in (
        (np.ones((1, 40)), np.ones(40)),
        (np.ones((3, 40)), np.ones(39)),
        (np.ones((3, 5)), [1] * 5),
    ):
        with pytest.raises(ValueError, match="at least two members"):
            calibration(predictions, y)
    with pytest.raises(ValueError, match="agree exactly on 40 of 40 rows"):
        calibration(np.ones((3, 40)), np.ones(40))
