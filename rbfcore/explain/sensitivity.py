"""How much of the variance of a network each input, each pair and each order of interaction carries, exactly."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from rbfcore.distributions.base import InputDistribution
from rbfcore.explain import pair_sums
from rbfcore.explain.factors import Factors, factors
from rbfcore.network import RBFN
from rbfcore.numerics.threads import one_core
from rbfcore.parameters import Parameters


@dataclass(frozen=True, eq=False)
class Sobol:
    """Sobol indices as shares of the variance; all 0 where the variance is 0.

    Attributes:
        first: (D,) what an input explains by itself.
        total: (D,) what it explains by itself and in interactions of any order.
        pairs: (D, D) what two inputs explain together beyond each by itself; symmetric, 0 on the diagonal.
        variance: Var_p[f], in units of y squared.
        mean: E_p[f], in units of y.
    """

    first: NDArray[np.float64]
    total: NDArray[np.float64]
    pairs: NDArray[np.float64]
    variance: float
    mean: float


@one_core()
def sobol(network: RBFN | Parameters, p: InputDistribution) -> Sobol:
    """First-order, total and pair Sobol indices of a network under independent inputs, in closed form.

    Args:
        network: K centroids over D inputs; one gamma or one per centroid.
        p: independent inputs of any family: Bernoulli, Finite, Uniform, Normal, GaussianMixture, or a Product of such.

    Raises:
        ValueError: the inputs are dependent (a mixture of products, data points), or p has another D.

    Source: METHODS Eq. (M17) to (M19). First-order and pair indices are squared coefficients of f and cost
    O(K D^2); total indices are sums over all pairs of centroids, in tiles.
    """
    parts = factors(network, p)
    variance = pair_sums.variance(parts)
    first, pairs = _first_and_pairs(parts)
    total = pair_sums.leave_one_out(parts, 1.0)
    scale = 1 / variance if variance > 0 else 0.0
    return Sobol((first * scale).numpy(), (total * scale).numpy(), (pairs * scale).numpy(), variance, parts.mean)


@one_core()
def shapley_effects(network: RBFN | Parameters, p: InputDistribution) -> NDArray[np.float64]:
    """Shares of the inputs in the variance, every interaction split evenly among the inputs that take part.

    Args:
        network: K centroids over D inputs.
        p: independent inputs, as for `sobol`.

    Returns:
        (D,) >= 0, in units of y squared; they add up to Var_p[f].

    Raises:
        ValueError: as `sobol`.

    Source: METHODS Eq. (M20): an integral over t in [0, 1] of a polynomial of degree D - 1, for which
    ceil(D / 2) Gauss-Legendre nodes are exact.
    """
    parts = factors(network, p)
    nodes, weights = unit_interval_nodes(len(parts.varying))
    terms = [w * pair_sums.leave_one_out(parts, t) for t, w in zip(nodes, weights, strict=True)]
    return torch.stack(terms).sum(0).numpy()


@one_core()
def interaction_orders(network: RBFN | Parameters, p: InputDistribution) -> NDArray[np.float64]:
    """Share of the variance by order: terms of one input, of two, of three, ... (1-, 2-, 3-body terms).

    Args:
        network: K centroids over D inputs.
        p: independent inputs, as for `sobol`.

    Returns:
        (D,) summing to 1: order 1 first. All 0 where the variance is 0.

    Raises:
        ValueError: as `sobol`.

    Source: METHODS section 8.4: coefficients of a generating polynomial per pair of centroids.
    """
    orders = pair_sums.by_order(factors(network, p))[1:].clamp_min(0)
    total = float(orders.sum())
    return (orders / total if total > 0 else orders).numpy()


def unit_interval_nodes(n_inputs: int) -> tuple[list[float], list[float]]:
    """Gauss-Legendre nodes and weights on [0, 1], exact for polynomials of degree D - 1."""
    nodes, weights = np.polynomial.legendre.leggauss((n_inputs + 1) // 2)
    return ((nodes + 1) / 2).tolist(), (weights / 2).tolist()


def _first_and_pairs(parts: Factors) -> tuple[torch.Tensor, torch.Tensor]:
    """V_d (D,) and V_de - V_d - V_e (D, D), as squared coefficients of f in the inputs' own functions."""
    log_mean_weight = (parts.log_weight + parts.log_means.sum(1)) / 2  # (K,) of the root of |W_i prod_d m_id|
    scaled = [
        varying * (log_mean_weight - parts.log_means[:, d]).exp()[:, None] for d, varying in enumerate(parts.varying)
    ]
    columns = torch.cat(scaled, 1)
    owner = torch.cat([torch.full((part.shape[1],), d) for d, part in enumerate(scaled)])
    of_input = torch.nn.functional.one_hot(owner.long(), len(scaled)).double()  # (R, D)
    signed = parts.sign[:, None] * columns
    first = (signed.T @ log_mean_weight.exp()).square() @ of_input
    pairs = of_input.T @ (columns.T @ signed).square() @ of_input
    return first, pairs.fill_diagonal_(0)
