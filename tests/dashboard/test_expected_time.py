"""The model of the pruning time against runs that were timed."""

import pytest

from dashboard.expected_time import pruning_seconds


@pytest.mark.parametrize(
    ("k", "m", "restarts", "seconds"),
    [(1024, 16, 1, 2.49), (1024, 16, 10, 6.4), (1024, 32, 10, 15.9), (256, 32, 10, 9.2)],
)
def test_within_a_factor_of_measured_runs(k: int, m: int, restarts: int, seconds: float) -> None:
    assert pruning_seconds(k, m, restarts) == pytest.approx(seconds, rel=0.3)
