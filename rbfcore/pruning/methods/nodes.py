"""Nodes that stand for continuous inputs while a pruning goes on, where they are faster and exact enough."""

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.empirical import Empirical
from rbfcore.distributions.finite import Finite
from rbfcore.distributions.gaussian_mixture import GaussianMixture
from rbfcore.distributions.mixture import Mixture
from rbfcore.distributions.product import Product
from rbfcore.distributions.uniform import Uniform
from rbfcore.pruning.objective import PruningLoss

_ORDERS = (16, 24, 32, 48, 64)
_EXACT_ENOUGH = 1e-9  # of 1, the largest value an expectation can have
NARROWEST = 4.0  # nodes must hold for features up to this much narrower than the large network's
_ROWS = 64  # centroids of the large network that the check uses


def stand_in(loss: PruningLoss) -> InputDistribution:
    """The fewest nodes that give the expectations of the large network's features, or the distribution itself."""
    p = loss.p
    if not isinstance(p, Uniform | GaussianMixture) or (isinstance(p, GaussianMixture) and p.n_components == 1):
        return p
    widest = loss.k.max()
    rows = loss.Z[:: max(1, len(loss.Z) // _ROWS)]
    exact = p.expectation(NARROWEST * widest, rows, NARROWEST * widest, rows)
    for order in _ORDERS:
        nodes = p.nodes(order)
        error = (nodes.expectation(NARROWEST * widest, rows, NARROWEST * widest, rows) - exact).abs().max()
        if float(error) < _EXACT_ENOUGH:
            return nodes
    return p


def binary_inputs(p: InputDistribution) -> bool:
    """Whether every input takes the values -1 and +1 only, so that gamma is a gauge."""
    if isinstance(p, Finite):
        return bool((p.values.abs() == 1).all())
    if isinstance(p, Empirical):
        return bool((p.x.abs() == 1).all())
    if isinstance(p, Mixture):
        return all(binary_inputs(part) for part in p.components)
    return isinstance(p, Product) and all(binary_inputs(part) for part in p.parts)
