"""One Gaussian feature on -1/+1 inputs, for numpy arrays and torch tensors alike; loads no torch.

On x = -1/+1 exp(-gamma |x - theta|^2) = E[phi] prod_d (1 + t_d x~_d), with x~ standardised under Bernoulli(q). The
coefficients t depend on gamma and theta through the slopes 2 gamma theta alone, the rest is in E[phi].

Source: METHODS Eq. (M9) to (M12).
"""

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

Numbers = TypeVar("Numbers", NDArray[np.float64], "Tensor")


def slopes(gamma: Numbers, theta: Numbers) -> Numbers:
    """2 gamma theta: gamma (...), theta (..., D) -> (..., D)."""
    return 2 * gamma[..., None] * theta


def coefficients(tanh: Numbers, q: Numbers) -> Numbers:
    """t of the standardised inputs from tanh of the slopes; equal to it at q = 1/2. Shapes (..., D) and (D,)."""
    return 2 * _functions(q).sqrt(q * (1 - q)) * tanh / (1 + (2 * q - 1) * tanh)


def feature_coefficients(gamma: Numbers, theta: Numbers, q: Numbers) -> Numbers:
    """t of features: gamma (...), theta (..., D), q (D,) -> (..., D)."""
    return coefficients(_functions(theta).tanh(slopes(gamma, theta)), q)


def log_feature_mean(gamma: Numbers, theta: Numbers, q: Numbers) -> Numbers:
    """log E[exp(-gamma |x - theta|^2)] under Bernoulli(q): gamma (...), theta (..., D), q (D,) -> (...)."""
    of, slope = _functions(theta), slopes(gamma, theta)
    log_sum = of.logaddexp(slope + of.log(q), of.log1p(-q) - slope)
    total: Numbers = (log_sum - gamma[..., None] * (of.square(theta) + 1)).sum(-1)
    return total


def product_excess(terms: Numbers) -> Numbers:
    """prod_d (1 + p_d) - 1 over the last axis, (..., D) -> (...), without cancellation.

    Of p = t s it is the covariance of two features in units of their means. Every p_d is then at least -1; rounding
    must not take it below.
    """
    of = _functions(terms)
    with np.errstate(divide="ignore"):
        return of.expm1(of.log1p(of.clip(terms, -1, None)).sum(-1))


class _Functions(Protocol[Numbers]):
    """Elementwise functions, which have the same names in both libraries."""

    def clip(self, x: Numbers, low: float, high: None, /) -> Numbers: ...
    def expm1(self, x: Numbers, /) -> Numbers: ...
    def log(self, x: Numbers, /) -> Numbers: ...
    def log1p(self, x: Numbers, /) -> Numbers: ...
    def logaddexp(self, x: Numbers, y: Numbers, /) -> Numbers: ...
    def sqrt(self, x: Numbers, /) -> Numbers: ...
    def square(self, x: Numbers, /) -> Numbers: ...
    def tanh(self, x: Numbers, /) -> Numbers: ...


def _functions(numbers: Numbers) -> _Functions[Numbers]:
    """The library that an array is of."""
    library: Any = np
    if not isinstance(numbers, np.ndarray):
        import torch

        library = torch
    functions: _Functions[Numbers] = library
    return functions
