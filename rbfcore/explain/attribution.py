"""One prediction taken apart: exactly fair shares of the inputs, and the terms of the centroids."""

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from rbfcore.distributions.base import InputDistribution
from rbfcore.explain.sensitivity import unit_interval_nodes
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from rbfcore.tensors import NetworkTensors, network_tensors

_BLOCK = 2**21  # numbers held at once per intermediate table
_CACHED = 2**15  # numbers of the tables that are used again and again, which a processor's cache holds


def contributions(network: RBFN | Parameters, x: ArrayLike | Tensor) -> NDArray[np.float64]:
    """The terms beta_i exp(-gamma_i |x - theta_i|^2) of a prediction, one per centroid.

    Args:
        network: K centroids over D inputs.
        x: (N, D).

    Returns:
        (N, K), in units of y; alpha plus the sum of a row is f(x).

    Raises:
        ValueError: x is not (N, D).
    """
    net = network_tensors(network)
    rows = _rows(x, net)
    terms = torch.empty(len(rows), len(net.beta), dtype=torch.float64)
    step = max(1, _BLOCK // net.theta.numel())
    for start in range(0, len(rows), step):
        apart = (rows[start : start + step, None] - net.theta).square_().sum(2)
        terms[start : start + step] = net.beta * torch.exp(-net.gamma * apart)
    return terms.numpy()


def shapley_values(network: RBFN | Parameters, p: InputDistribution, x: ArrayLike | Tensor) -> NDArray[np.float64]:
    """How much each input moves the prediction at x away from the mean, by Shapley's fair division, exactly.

    The value of a set of inputs is E[f] with these inputs at x and the others drawn from p, independently of x.

    Args:
        network: K centroids over D inputs.
        p: independent inputs, or a Mixture of such, or Empirical: their shares are weighted sums over components or
            data points (all inputs that are not at x are then drawn together).
        x: (N, D); few distinct values per column, such as occupations, are fastest.

    Returns:
        (N, D), in units of y; a row adds up to f(x) - E_p[f].

    Raises:
        ValueError: x is not (N, D), p has another D, or p is a product with dependent blocks.

    Source: METHODS Eq. (M21): ceil(D / 2) Gauss-Legendre nodes are exact, O(K D^2) per row at most.
    """
    net = network_tensors(network)
    rows = _rows(x, net)
    result = torch.zeros(len(rows), net.theta.shape[1], dtype=torch.float64)
    for weight, log_means in p.for_inputs(net.theta.shape[1]).factor_means_by_component(net.gamma, net.theta):
        for block in _blocks(rows, len(net.beta)):
            result[block] += weight * _shapley(net, log_means, rows[block])
    return result.numpy()


def _rows(x: ArrayLike | Tensor, net: NetworkTensors) -> Tensor:
    rows = torch.as_tensor(np.asarray(x.detach().cpu() if isinstance(x, Tensor) else x)).double()
    if rows.ndim != 2 or rows.shape[1] != net.theta.shape[1]:
        raise ValueError(f"x must be (N, {net.theta.shape[1]}), got {tuple(rows.shape)}: one column per input")
    if not bool(rows.isfinite().all()):
        raise ValueError("x must be finite numbers, got NaN or infinity: fill or drop these rows")
    return rows


def _blocks(rows: Tensor, n_centroids: int) -> list[slice]:
    """Blocks of rows: many where columns hold few distinct values, else one row at a time."""
    n_values = sum(len(column.unique()) for column in rows.T)
    step = max(1, _BLOCK // n_centroids) if n_values <= 4 * rows.shape[1] else 1
    return [slice(start, start + step) for start in range(0, len(rows), step)]


def _shapley(net: NetworkTensors, log_means: Tensor, rows: Tensor) -> Tensor:
    """(N, D) Shapley values under independent inputs, from the distinct values of each column."""
    columns = [column.unique(return_inverse=True) for column in rows.T]
    owner = torch.cat([torch.full((len(values),), d) for d, (values, _) in enumerate(columns)])
    values = torch.cat([v for v, _ in columns])  # (L,)
    chosen = torch.cat([torch.nn.functional.one_hot(place, len(v)) for v, place in columns], 1).double()  # (N, L)
    shares = torch.zeros_like(chosen)
    step = max(16, _CACHED // len(values))
    for start in range(0, len(net.beta), step):
        some = slice(start, start + step)
        log_phi = -net.gamma[some, None] * (values - net.theta[some][:, owner]).square()  # (K, L)
        _add_shares(shares, net.beta[some], log_phi, log_means[some][:, owner], chosen, rows.shape[1])
    shares *= chosen
    return torch.zeros_like(rows).index_add_(1, owner, shares)


def _add_shares(shares: Tensor, beta: Tensor, log_phi: Tensor, log_mean: Tensor, chosen: Tensor, n_inputs: int) -> None:
    """Add the shares of some centroids, value by value, to shares (N, L).

    Along t, every factor is t phi + (1 - t) m > 0, so that leaving one out is a division.
    """
    top = torch.maximum(log_phi, log_mean)
    phi, mean = (log_phi - top).exp_(), (log_mean - top).exp_()
    log_scale = top @ chosen.T + beta.abs().log()[:, None]  # (K, N)
    sign = beta.sign()[:, None]
    change = phi - mean
    factor, log = torch.empty_like(phi), torch.empty_like(phi)
    for t, weight in zip(*unit_interval_nodes(n_inputs), strict=True):
        torch.add(mean, change, alpha=t, out=factor)  # (K, L), in [min(t, 1 - t), 1]
        path = torch.log(factor, out=log) @ chosen.T  # (K, N)
        path.add_(log_scale).exp_().mul_(sign)
        shares.addmm_(path.T, torch.div(change, factor, out=factor), alpha=weight)
