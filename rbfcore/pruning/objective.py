"""The pruning loss, Eq. (5): the expected squared gap of two networks, in closed form and float64."""

from collections.abc import Callable, Generator, Iterator
from functools import cached_property

import torch
from torch import Tensor

from rbfcore.distributions.base import InputDistribution
from rbfcore.network import RBFN
from rbfcore.numerics.canonical import Canonical, canonical, products
from rbfcore.numerics.hadamard import hadamard_of_matmuls
from rbfcore.pruning.extended_precision import extended_precision_loss
from rbfcore.tensors import network_tensors

_FEW_DIGITS = 1e-4  # of the variance: smaller losses are taken in extended precision where there is such a form
_BLOCK = 256  # rows of the K x K expectation held at once: memory is _BLOCK * K, not K * K
_PIECE = 64  # of these rows at a time where they take long, so that one can stop in between


class PruningLoss:
    """J = E_p[(f_K(x) - f_M(x))^2] for one large network and any number of small ones at once.

    Args:
        large: the network f_K with parameters k, a, b, Z (K, D). It is copied in float64.
        p: input distribution over the same D inputs.

    Raises:
        ValueError: p is over another number of inputs.

    Source: Eq. (5). Written about the means, so that alpha enters as one square:
        J = (E f_K - E f_M)^2 + Var(f_K - f_M).
    """

    def __init__(self, large: RBFN, p: InputDistribution) -> None:
        self.p = p.for_inputs(large.n_inputs)
        net = network_tensors(large)
        self.a, self.b = torch.tensor(net.alpha, dtype=torch.float64), net.beta
        self.k, self.Z = net.gamma, net.theta

    @cached_property
    def weight_on_means(self) -> Tensor:
        """() sum_i b_i E[phi_i]."""
        return self.p.feature_mean(self.k, self.Z) @ self.b

    @cached_property
    def mean(self) -> Tensor:
        """() E_p[f_K], in units of y."""
        return self.a + self.weight_on_means

    def preparation(self) -> Iterator[float]:
        """Compute the K x K constant in pieces, since it can take minutes: yields the share that is done before each.

        Left out, or left before its end, the constant is computed when first asked for, the same to the last bit.
        """
        if self._canonical is None:
            self.second_moment = yield from self._second_moment()
        else:
            self.variance = yield from self._variance(self._canonical)

    @cached_property
    def second_moment(self) -> Tensor:
        """() sum_ij b_i b_j E[phi_i phi_j], the K x K constant of Eq. (5)."""
        return _returned(self._second_moment())

    def _second_moment(self) -> Generator[float, None, Tensor]:
        def inner(rows: slice, rest: slice) -> Tensor:
            return self.p.expectation(self.k[rows], self.Z[rows], self.k[rest], self.Z[rest])

        # Matrix products, which the other distributions take, are quick and round by their shapes.
        return _double_sum(self.b, inner, _PIECE if self.p.one_input_at_a_time else _BLOCK)

    @cached_property
    def _canonical(self) -> Canonical | None:
        """The large network where inputs are -1/+1 and independent: products about the mean keep more digits there."""
        q = self.p.independent_sites()
        return None if q is None else canonical(self.k, self.b, self.Z, q)

    @cached_property
    def variance(self) -> Tensor:
        """() Var_p[f_K], in units of y squared."""
        if self._canonical is not None:
            return _returned(self._variance(self._canonical))
        return (self.second_moment - self.weight_on_means.square()).clamp_min(0)

    def _variance(self, large: Canonical) -> Generator[float, None, Tensor]:
        def inner(rows: slice, rest: slice) -> Tensor:
            some, blocks = large.monomials[:, None, rows], large.monomials[:, None, rest].split(_BLOCK, 2)
            return torch.cat([hadamard_of_matmuls(some, block.mT)[0] for block in blocks], 1).sub_(1)

        total = yield from _double_sum(large.weight, inner, _BLOCK)
        return total.clamp_min(0)

    def __call__(self, gamma: Tensor, alpha: Tensor, beta: Tensor, theta: Tensor) -> Tensor:
        """(R,) losses of R small networks.

        Args:
            gamma: (R, M); alpha: (R,); beta: (R, M); theta: (R, M, D), float64.

        Returns:
            (R,) >= 0, in units of y squared; differentiable. Rounding limits it to about 1e-15 of the largest term.
        """
        if self._canonical is not None:
            return self._about_the_mean(self._canonical, gamma, alpha, beta, theta)
        runs, m, d = theta.shape
        means = self.p.feature_mean(gamma.reshape(-1), theta.reshape(-1, d)).view(runs, m)
        cross = self.p.expectation(self.k, self.Z, gamma.reshape(-1), theta.reshape(-1, d))  # (K, R M)
        cross = (self.b @ cross).view(runs, m)
        own = self.p.expectation(gamma, theta, gamma, theta)  # (R, M, M)
        weight = (means * beta).sum(1)
        second = torch.einsum("rm,rmn,rn->r", beta, own, beta) - 2 * (cross * beta).sum(1) + self.second_moment
        variance = second - (self.weight_on_means - weight).square()
        return ((self.mean - alpha - weight).square() + variance).clamp_min(0)

    def _about_the_mean(self, large: Canonical, gamma: Tensor, alpha: Tensor, beta: Tensor, theta: Tensor) -> Tensor:
        """As `__call__`, under Bernoulli(q): every product less 1 is a covariance."""
        q = self.p.independent_sites()
        assert q is not None
        small = canonical(gamma, beta, theta, q)
        cross = large.weight @ (products(large.t, small.t.flatten(0, 1)) - 1)
        own = products(small.t, small.t) - 1
        fitted = (small.weight * (own @ small.weight[..., None])[..., 0]).sum(1)
        variance = self.variance - 2 * (cross.view_as(small.weight) * small.weight).sum(1) + fitted
        mean = (self.a - alpha) + (large.weight.sum() - small.weight.sum(1))
        return (mean.square() + variance).clamp_min(0)


def _double_sum(weight: Tensor, inner: Callable[[slice, slice], Tensor], piece: int) -> Generator[float, None, Tensor]:
    """() sum_ij w_i w_j <i, j> over K centroids, in row blocks from the diagonal to the right.

    Args:
        inner: (rows, columns) -> their symmetric products.
        piece: rows at a time; before each the share that is done is yielded.
    """
    size, done, total = len(weight), 0, torch.zeros((), dtype=torch.float64)
    pairs = sum(min(_BLOCK, size - start) * (size - start) for start in range(0, size, _BLOCK))
    for start in range(0, size, _BLOCK):
        end, rest, pieces = min(start + _BLOCK, size), slice(start, None), []
        for first in range(start, end, piece):
            yield done / pairs
            pieces.append(inner(slice(first, min(first + piece, end)), rest))
            done += pieces[-1].numel()
        both, own = torch.cat(pieces) if len(pieces) > 1 else pieces[0], weight[start:end]
        inside = both[:, : len(own)]  # the diagonal block counts once, all to its right twice
        total = total + own @ (2 * (both @ weight[rest]) - inside @ own)
    return total


def _returned(steps: Generator[float, None, Tensor]) -> Tensor:
    """What the steps lead to."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: Tensor = end.value
            return value


def pruning_loss(large: RBFN, small: RBFN, p: InputDistribution) -> Tensor:
    """Expected squared gap E_p[(f_K(x) - f_M(x))^2], exactly.

    Args:
        large: fixed network, centroids (K, D).
        small: the other network, centroids (M, D); the result is differentiable in its parameters.
        p: input distribution over the same D inputs.

    Returns:
        Scalar >= 0, float64, in units of y squared (eV^2 for barriers). Where the networks nearly agree (below 1e-4 of
        the variance) and inputs take finitely many values, the value comes from extended precision; the gradient is
        that of float64.

    Raises:
        ValueError: the networks or p differ in D.

    Source: Eq. (5), with the expectations of Theorem 1.
    """
    if small.n_inputs != large.n_inputs:
        raise ValueError(f"the networks must have the same inputs, got D = {large.n_inputs} and {small.n_inputs}")
    gamma = small.log_gamma.double().exp().expand(small.n_centroids)
    alpha, beta, theta = small.alpha.double(), small.beta.double(), small.centroids.double()
    objective = PruningLoss(large, p)
    loss = objective(gamma[None], alpha[None], beta[None], theta[None])[0]
    if float(loss.detach()) < _FEW_DIGITS * float(objective.variance):
        exact = extended_precision_loss(large, small, p)
        if exact is not None:
            return loss + (exact - loss.detach()) if loss.requires_grad else loss.new_tensor(exact)
    return loss
