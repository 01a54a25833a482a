"""Sums and differences kept as logs, accurate where the printed formulas overflow or cancel."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

# Positive half of the eight-node Gauss-Legendre rule on [-1, 1], weights summing to 1: exact to rounding for
# exponentials that vary by less than about one over the interval.
_NODES, _WEIGHTS = (part[4:].tolist() for part in np.polynomial.legendre.leggauss(8))
_LOG_TWO_OVER_ROOT_PI = math.log(2 / math.sqrt(math.pi))

# An exponential exp(-2 t slope / width - ...) flatter than this over the interval is integrated by nodes.
FLAT_SLOPE = 0.25
FLAT_REACH = 0.0625


def log_mean_exp_flat(slope: Tensor, reach: Tensor) -> Tensor:
    """log of the mean of exp(-slope t - reach t^2) over t in [-1, 1], for a flat exponent.

    Args:
        slope: |slope| <= FLAT_SLOPE.
        reach: 0 <= reach <= FLAT_REACH.

    Returns:
        The log of the mean to rounding; exactly 0 at slope = reach = 0, with exact derivatives there.
    """
    total = torch.zeros_like(slope + reach)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        total = total + weight * (torch.exp(-reach * node**2) * torch.cosh(slope * node) - 1)
    return torch.log1p(total)


def log_erf_diff(low: Tensor, high: Tensor) -> Tensor:
    """log(erf(high) - erf(low)) for low < high, in both tails and for close arguments.

    Args:
        low, high: any shapes that broadcast; float32 or float64.

    Returns:
        Finite for arguments whose squares are finite. Derivatives are taken in logs and stay finite.
    """
    low, high = torch.broadcast_tensors(low, high)
    difference: Tensor = _LogErfDiff.apply(low, high)  # type: ignore[no-untyped-call]
    return difference


def _around_zero(near: Tensor, far: Tensor) -> Tensor:
    """near < 0 < far: the difference is a sum of two positive terms."""
    return torch.log(torch.erf(far) + torch.erf(-near))


def _in_the_tail(near: Tensor, far: Tensor) -> Tensor:
    """0 <= near < far, not close: the common exp(-near^2) is taken out."""
    fall = torch.exp((near - far) * (near + far))
    return torch.log(torch.special.erfcx(near) - fall * torch.special.erfcx(far)) - near.square()


def _close_together(near: Tensor, far: Tensor) -> Tensor:
    """The width times the mean of the integrand, which is flat."""
    middle, half = (far + near) / 2, (far - near) / 2
    mean = log_mean_exp_flat(2 * middle * half, half.square()) - middle.square()
    return torch.log(2 * half) + _LOG_TWO_OVER_ROOT_PI + mean


class _LogErfDiff(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, low: Tensor, high: Tensor) -> Tensor:
        # By symmetry the interval is turned so that its middle is not negative.
        turned = low + high < 0
        near, far = torch.where(turned, -high, low), torch.where(turned, -low, high)
        middle, half = (far + near) / 2, (far - near) / 2
        close = (2 * middle * half < FLAT_SLOPE) & (half.square() < FLAT_REACH)
        around = (near < 0) & ~close
        value = torch.empty_like(near)
        regions = ((around, _around_zero), (close, _close_together), (~(around | close), _in_the_tail))
        for inside, formula in regions:
            if bool(inside.all()):
                value = formula(near, far)
            elif bool(inside.any()):
                value[inside] = formula(near[inside], far[inside])
        ctx.save_for_backward(low, high, value)
        return value

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor]:
        (gradient,) = gradients
        low, high, value = ctx.saved_tensors
        rise = _LOG_TWO_OVER_ROOT_PI - value
        return -gradient * torch.exp(rise - low.square()), gradient * torch.exp(rise - high.square())
