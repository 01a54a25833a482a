"""Differences kept as logs, against sixty digits, in both tails and both precisions."""

import mpmath
import pytest
import torch

from rbfcore.numerics.stable import FLAT_REACH, FLAT_SLOPE, log_erf_diff, log_mean_exp_flat

# Rounding of arguments up to 1e3, squared, in logs up to 1e6.
ROUNDING = {torch.float64: 1e-13, torch.float32: 1e-5}

LOWS = [-1e3, -30.0, -6.5, -2.0, -0.3, -1e-9, 0.0, 1e-12, 0.2, 1.0, 5.9, 27.0, 400.0]
WIDTHS = [1e-6, 1e-3, 0.1, 0.6, 3.0, 50.0, 2e3]


def exact_log_erf_diff(low: float, high: float) -> mpmath.mpf:
    """By the tail that does not cancel, in sixty digits."""
    with mpmath.workdps(60):
        low, high = mpmath.mpf(low), mpmath.mpf(high)
        if low + high < 0:
            low, high = -high, -low
        return +mpmath.log(mpmath.erfc(low) - mpmath.erfc(high))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("low", LOWS)
@pytest.mark.parametrize("width", WIDTHS)
def test_log_erf_diff(low: float, width: float, dtype: torch.dtype) -> None:
    """Around zero, in the tails, for close and for distant arguments."""
    ends = torch.tensor([low, low + width], dtype=dtype)
    if ends[0] == ends[1]:
        ends[1] = torch.nextafter(ends[0], torch.tensor(torch.inf, dtype=dtype))
    value = float(log_erf_diff(ends[0], ends[1]))
    exact = float(exact_log_erf_diff(float(ends[0]), float(ends[1])))
    assert value == pytest.approx(exact, rel=ROUNDING[dtype], abs=ROUNDING[dtype])


@pytest.mark.parametrize("low", [-30.0, -2.0, -0.3, 0.0, 0.2, 1.0, 5.9, 27.0])
@pytest.mark.parametrize("width", [1e-3, 0.1, 0.6, 3.0, 50.0])
def test_log_erf_diff_derivatives(low: float, width: float) -> None:
    """2 / sqrt(pi) exp(-x^2) over the difference, which is finite where both underflow."""
    ends = torch.tensor([low, low + width], dtype=torch.float64, requires_grad=True)
    log_erf_diff(ends[0], ends[1]).backward()
    assert ends.grad is not None
    with mpmath.workdps(60):
        log_value = exact_log_erf_diff(*ends.tolist())
        slopes = [
            mpmath.exp(mpmath.log(2 / mpmath.sqrt(mpmath.pi)) - mpmath.mpf(x) ** 2 - log_value) for x in ends.tolist()
        ]
    assert ends.grad.tolist() == pytest.approx([-float(slopes[0]), float(slopes[1])], rel=1e-10, abs=1e-300)


@pytest.mark.parametrize("slope", [0.0, 1e-9, 0.1, FLAT_SLOPE])
@pytest.mark.parametrize("reach", [0.0, 1e-12, 0.01, FLAT_REACH])
def test_log_mean_exp_flat(slope: float, reach: float) -> None:
    """Eight nodes against adaptive quadrature over the whole range they are used in."""
    with mpmath.workdps(30):
        exact = mpmath.log(mpmath.quad(lambda t: mpmath.exp(-slope * t - reach * t**2), [-1, 1]) / 2)
    value = log_mean_exp_flat(*torch.tensor([slope, reach], dtype=torch.float64))
    assert float(value) == pytest.approx(float(exact), abs=1e-14)


def test_log_mean_exp_flat_has_exact_derivatives_at_zero() -> None:
    """Mean of -t is 0, of -t^2 is -1/3."""
    at = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    log_mean_exp_flat(at[0], at[1]).backward()
    assert at.grad is not None
    assert at.grad.tolist() == pytest.approx([0.0, -1 / 3], abs=1e-15)
