"""Whether the spread of a committee says how wrong its mean is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

_BINS = 10
_WITHIN = (1.0, 2.0)  # standard deviations


@dataclass(frozen=True)
class Reliability:
    """Rows of similar spread, from the most agreed to the least: number, RMS spread, RMS error of the mean."""

    n: int
    spread: float
    error: float


@dataclass(frozen=True)
class Calibration:
    """How a committee of S members predicts N rows. Spread and errors in units of y.

    Attributes:
        members: S.
        n: N.
        mean_rmse: RMSE of the mean prediction; member_rmse: root mean square of the members' own RMSE.
        spread: RMS over the rows of the standard deviation of the members (S - 1 in the denominator).
        coverage: share of rows whose error is within 1 and 2 standard deviations of the members.
        nominal: the same shares if y were one more member with normal scatter (Student's t, which for few members is
            below 68 and 95 %).
        factor: RMS error over RMS spread on one half of the rows: what the spread must be multiplied by.
        coverage_scaled: coverage on the other half after that.
        pearson, spearman: correlation of the spread with the size of the error.
        bins: reliability by spread.
    """

    members: int
    n: int
    mean_rmse: float
    member_rmse: float
    spread: float
    coverage: tuple[float, ...]
    nominal: tuple[float, ...]
    factor: float
    coverage_scaled: tuple[float, ...]
    pearson: float
    spearman: float
    bins: tuple[Reliability, ...]


def calibration(predictions: ArrayLike, y: ArrayLike, n_bins: int = _BINS, seed: int = 0) -> Calibration:
    """Compare the spread of several predictions of the same rows with the error of their mean.

    Args:
        predictions: (S, N), S >= 2 members.
        y: (N,), N >= 2 n_bins; rows that no member has seen.
        n_bins: of equal numbers of rows.
        seed: of the halves for `factor`.

    Raises:
        ValueError: the shapes do not fit, or all members agree on every row.
    """
    p, truth = np.asarray(predictions, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if p.ndim != 2 or len(p) < 2 or truth.shape != p.shape[1:] or len(truth) < 2 * n_bins:
        raise ValueError(
            f"expected predictions (S, N) of at least two members and y (N,) with N >= {2 * n_bins}, "
            f"got {p.shape} and {truth.shape}"
        )
    spread, error = p.std(0, ddof=1), p.mean(0) - truth
    if not spread.min() > 0:
        raise ValueError(f"the members agree exactly on {int((spread == 0).sum())} of {len(truth)} rows: no spread")
    half = np.random.default_rng(seed).permutation(len(truth))
    fitted, checked = half[: len(half) // 2], half[len(half) // 2 :]
    factor = _rms(error[fitted]) / _rms(spread[fitted])
    widening = np.sqrt(1 + 1 / len(p))
    order = np.argsort(spread, kind="stable")
    return Calibration(
        members=len(p),
        n=len(truth),
        mean_rmse=_rms(error),
        member_rmse=_rms(p - truth),
        spread=_rms(spread),
        coverage=_covered(error, spread),
        nominal=tuple(float(2 * stats.t.cdf(z / widening, len(p) - 1) - 1) for z in _WITHIN),
        factor=factor,
        coverage_scaled=_covered(error[checked], factor * spread[checked]),
        pearson=float(stats.pearsonr(spread, np.abs(error)).statistic),
        spearman=float(stats.spearmanr(spread, np.abs(error)).statistic),
        bins=tuple(
            Reliability(len(rows), _rms(spread[rows]), _rms(error[rows])) for rows in np.array_split(order, n_bins)
        ),
    )


def _covered(error: NDArray[np.float64], spread: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(np.mean(np.abs(error) <= z * spread)) for z in _WITHIN)


def _rms(values: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
