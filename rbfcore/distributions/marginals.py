"""What an input distribution assumes, in numbers that can be drawn: exact where there is a formula."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution

DRAWS = 2000
_POINTS = 401


def is_occupation(p: "InputDistribution") -> bool:
    """Whether all inputs are -1 or +1."""
    from rbfcore.distributions.finite import Bernoulli
    from rbfcore.distributions.mixture import Mixture

    if isinstance(p, Mixture):
        return all(is_occupation(part) for part in p.components)
    return isinstance(p, Bernoulli)


def mean_filling(p: "InputDistribution", n_inputs: int) -> NDArray[np.float64]:
    """(D,) probability that each site is filled, exactly.

    Raises:
        ValueError: p is not over occupations, or over another number of inputs.
    """
    from rbfcore.distributions.finite import Bernoulli
    from rbfcore.distributions.mixture import Mixture

    p = p.for_inputs(n_inputs)
    if isinstance(p, Bernoulli):
        return p.q.numpy().copy()
    if isinstance(p, Mixture) and is_occupation(p):
        parts = np.stack([mean_filling(part, n_inputs) for part in p.components])
        filling: NDArray[np.float64] = p.weights.numpy() @ parts
        return filling
    raise ValueError(f"filling is defined for occupations, got {p.describe()}: look at the density instead")


def filled_sites(p: "InputDistribution", n_inputs: int, seed: int = 0) -> tuple[float, float]:
    """Mean and standard deviation of the number of filled sites over `DRAWS` draws: sampled, not exact.

    The mean is that of `mean_filling`; the spread also tells how the sites hang together.
    """
    count = (p.sample(DRAWS, seed, n_inputs) > 0).sum(1).double()
    return float(count.mean()), float(count.std())


def density(p: "InputDistribution", n_inputs: int, number: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Density of one of several independent inputs on a grid.

    Args:
        number: which input, 0-based.

    Returns:
        Values (P,) of the input, from just below to just above `DRAWS` draws of it, and the density there (P,),
        normalised over the grid. For independent inputs log p(x) along one input is its own log density plus a
        constant.

    Raises:
        ValueError: the inputs of p are not independent, or there is no such input.
    """
    from rbfcore.distributions.base import ProductDistribution

    p = p.for_inputs(n_inputs)
    if not isinstance(p, ProductDistribution):
        raise ValueError(f"a density of one input needs independent continuous inputs, got {p.describe()}")
    if not 0 <= number < n_inputs:
        raise ValueError(f"the number of the input must be between 0 and {n_inputs - 1}, got {number}")
    drawn = p.sample(DRAWS, 0)
    low, high = float(drawn[:, number].min()), float(drawn[:, number].max())
    margin = 0.15 * (high - low)
    grid = np.linspace(low - margin, high + margin, _POINTS)
    rows = drawn[:1].repeat(_POINTS, 1).numpy()
    rows[:, number] = grid
    log = p.log_density(rows).numpy()
    shape = np.exp(log - log.max())
    return grid, shape / np.trapezoid(shape, grid)
