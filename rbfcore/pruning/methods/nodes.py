"""Nodes that stand for continuous inputs while a pruning goes on, where they are faster and exact enough."""

from rbfcore.distributions.base import InputDistribution
from rbfcore.pruning.objective import PruningLoss

_ORDERS = (16, 24, 32, 48, 64)
_EXACT_ENOUGH = 1e-9  # of 1, the largest value an expectation can have
NARROWEST = 4.0  # nodes must hold for features up to this much narrower than the large network's
_ROWS = 64  # centroids of the large network that the check uses


def stand_in(loss: PruningLoss) -> InputDistribution:
    """The fewest nodes that give the expectations of the large network's features, or the distribution itself."""
    p = loss.p
    if p.stand_in(_ORDERS[0]) is None:
        return p
    widest = loss.k.max()
    rows = loss.Z[:: max(1, len(loss.Z) // _ROWS)]
    exact = p.expectation(NARROWEST * widest, rows, NARROWEST * widest, rows)
    for order in _ORDERS:
        nodes = p.stand_in(order)
        if nodes is None:
            break
        error = (nodes.expectation(NARROWEST * widest, rows, NARROWEST * widest, rows) - exact).abs().max()
        if float(error) < _EXACT_ENOUGH:
            return nodes
    return p
