"""What an input distribution assumes, in numbers that can be drawn: exact where there is a formula."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution

DRAWS = 2000
_POINTS = 401


def mean_filling(p: "InputDistribution", n_inputs: int) -> NDArray[np.float64]:
    """(D,) probability that each site is filled, exactly.

    Raises:
        ValueError: p is not over occupations, or over another number of inputs.
    """
    form = p.for_inputs(n_inputs).bernoulli_form()
    if form is None:
        raise ValueError(f"filling is defined for occupations, got {p.describe()}: look at the density instead")
    weights, q = form
    filling: NDArray[np.float64] = weights.numpy() @ q.numpy()
    return filling


def filled_sites(p: "InputDistribution", n_inputs: int, seed: int = 0) -> tuple[float, float]:
    """Mean and standard deviation of the number of filled sites over `DRAWS` draws: sampled, not exact.

    The mean is that of `mean_filling`; the spread also tells how the sites hang together.
    """
    count = (p.sample(DRAWS, seed, n_inputs) > 0).sum(1).double()
    return float(count.mean()), float(count.std())


def density(p: "InputDistribution", n_inputs: int, number: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Density of one input on a grid.

    Args:
        number: which input, 0-based.

    Returns:
        Values (P,) of the input, from just below to just above `DRAWS` draws of it, and the density there (P,),
        normalised over the grid.

    Raises:
        ValueError: an input of p has no density, or there is no such input.
    """
    p = p.for_inputs(n_inputs)
    if not 0 <= number < n_inputs:
        raise ValueError(f"the number of the input must be between 0 and {n_inputs - 1}, got {number}")
    one = p.marginal(number)
    if one.finite_alphabet() is not None:
        raise ValueError(f"a density needs a continuous input, got {p.describe()[:80]}: see its probabilities")
    drawn = p.sample(DRAWS, 0)[:, number]
    low, high = float(drawn.min()), float(drawn.max())
    margin = 0.15 * (high - low)
    grid = np.linspace(low - margin, high + margin, _POINTS)
    log = one.log_density(grid[:, None]).numpy()
    shape = np.exp(log - log.max())
    return grid, shape / np.trapezoid(shape, grid)
