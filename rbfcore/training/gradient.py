"""Value and gradient of the training loss, written out by hand: one matrix product forward, one backward."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rbfcore.network import RBFN


@dataclass(frozen=True)
class FlatNetwork:
    """All parameters of one network in two vectors, which may learn at two rates: few calls update everything.

    Attributes:
        beta: (K,) the weights; a leaf tensor that an optimiser steps.
        rest: all other parameters in one leaf tensor. `accumulate_gradient` fills beta.grad and rest.grad.
        alpha, log_gamma, centroids: views into it, shapes (), () or (K,), (K, D).
    """

    beta: Tensor
    rest: Tensor
    alpha: Tensor
    log_gamma: Tensor
    centroids: Tensor

    @classmethod
    def of(cls, network: RBFN) -> "FlatNetwork":
        parts = [p.detach() for p in (network.alpha, network.log_gamma, network.centroids)]
        beta, rest = network.beta.detach().clone(), torch.cat([p.reshape(-1) for p in parts])
        for leaf in (beta, rest):
            leaf.grad = torch.zeros_like(leaf)
        return cls(beta, rest, *_views(rest, [p.shape for p in parts]))

    @property
    def gradient(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Where the gradients by alpha, log_gamma, beta and the centroids lie."""
        assert self.beta.grad is not None
        assert self.rest.grad is not None
        alpha, log_gamma, centroids = _views(
            self.rest.grad, [p.shape for p in (self.alpha, self.log_gamma, self.centroids)]
        )
        return alpha, log_gamma, self.beta.grad, centroids

    def network(self) -> RBFN:
        """A detached copy as an ordinary network."""
        return RBFN.from_parameters(self.alpha, self.beta, self.log_gamma.double().exp(), self.centroids)

    def predict(self, x: Tensor, chunk: int = 1024) -> Tensor:
        """(N, D) -> (N,)."""
        gamma, squares = self.log_gamma.exp(), self.centroids.square().sum(1)
        blocks = []
        for rows in x.split(chunk):
            squared = torch.addmm(squares, rows, self.centroids.T, alpha=-2).add_(rows.square().sum(1)[:, None])
            blocks.append(torch.addmv(self.alpha.expand(len(rows)), squared.mul_(-gamma).exp_(), self.beta))
        return torch.cat(blocks)


def _views(vector: Tensor, shapes: list[torch.Size]) -> tuple[Tensor, ...]:
    pieces = vector.split([shape.numel() for shape in shapes])
    return tuple(piece.view(shape) for piece, shape in zip(pieces, shapes, strict=True))


def accumulate_gradient(flat: FlatNetwork, x: Tensor, y: Tensor, images: int = 1) -> Tensor:
    """Set the gradients of `flat` to those of sum_n (f(x_n) - y_n)^2 over a batch and return that sum.

    Args:
        flat: the network.
        x: (B, D); y: (B,), both in the network's precision.
        images: with more than one, x is (B images, D), and f adds up the features of so many rows that follow each
            other: a network of tied orbits, of which `flat` holds one centroid each.

    Source: Eq. (3) without its penalty (which the optimiser adds).
    """
    gamma, theta, d = flat.log_gamma.exp(), flat.centroids, flat.centroids.shape[1]
    squares = theta.square().sum(1)  # (K,)
    # Columns 1 and |x|^2 beside x: one product gives the exponents, one more all sums over the batch that are needed.
    rows = torch.cat([x, torch.ones_like(x[:, :1]), x.square().sum(1, keepdim=True)], 1)  # (B, D + 2)
    terms = torch.cat([2 * theta, -squares[:, None], -torch.ones_like(theta[:, :1])], 1)  # (K, D + 2)
    terms.mul_(gamma[:, None] if gamma.ndim else gamma)
    features = torch.mm(rows, terms.T).exp_()
    if images == 1:
        residual = torch.addmv(flat.alpha.expand(len(x)), features, flat.beta) - y
    else:
        residual = torch.mv(features, flat.beta).view(-1, images).sum(1) + flat.alpha - y
    d_alpha, d_log_gamma, d_beta, d_centroids = flat.gradient
    outer = 2 * residual
    d_alpha.copy_(outer.sum())
    outer = outer.repeat_interleave(images) if images > 1 else outer
    sums = torch.mm(features.T, rows.mul_(outer[:, None]))  # (K, D + 2): of outer phi x, outer phi, outer phi |x|^2
    by_x, plain, by_square = sums[:, :d], sums[:, d], sums[:, d + 1]
    d_beta.copy_(plain)
    spread = flat.beta * (by_square + squares * plain - 2 * torch.linalg.vecdot(theta, by_x))  # (K,)
    d_log_gamma.copy_(-gamma * spread if gamma.ndim else -gamma * spread.sum())
    torch.sub(by_x, plain[:, None] * theta, out=d_centroids)
    d_centroids.mul_((2 * gamma * flat.beta)[:, None])
    return residual.square().sum()
