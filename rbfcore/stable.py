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
    return _LogErfDiff.apply(low, high)


class _LogErfDiff(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, low: Tensor, high: Tensor) -> Tensor:
        # By symmetry the interval is turned so that its middle is not negative.
        turned = low + high < 0
        near, far = torch.where(turned, -high, low), torch.where(turned, -low, high)
        middle, half = (far + near) / 2, (far - near) / 2
        # Around 0 the difference is a sum of two positive terms.
        around = torch.log(torch.erf(far) + torch.erf(-near.clamp_max(0)))
        # In the tail the common exp(-near^2) is taken out.
        tail_near = near.clamp_min(0)
        gap = torch.special.erfcx(tail_near) - torch.exp(-4 * middle * half) * torch.special.erfcx(far)
        tail = torch.log(gap.clamp_min(torch.finfo(low.dtype).tiny)) - tail_near.square()
        # Close arguments: the mean of the integrand times the width.
        flat = (2 * middle * half < FLAT_SLOPE) & (half.square() < FLAT_REACH)
        slope, reach = (torch.where(flat, t, 0.0) for t in (2 * middle * half, half.square()))
        close = torch.log(2 * half) + _LOG_TWO_OVER_ROOT_PI - middle.square() + log_mean_exp_flat(slope, reach)
        value = torch.where(flat, close, torch.where(near < 0, around, tail))
        ctx.save_for_backward(low, high, value)
        return value

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor]:
        (gradient,) = gradients
        low, high, value = ctx.saved_tensors
        rise = _LOG_TWO_OVER_ROOT_PI - value
        return -gradient * torch.exp(rise - low.square()), gradient * torch.exp(rise - high.square())
