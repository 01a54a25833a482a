"""Training whole orbits of centroids: copies that share one weight, evaluated without being stored.

A network whose centroids come in orbits of the symmetry is exactly symmetric. Its sum over copies equals the sum of its
representatives over the images of the input: f(x) = alpha + sum_g sum_k beta_k phi_k(x[:, symmetry[g]]). So a batch of
images trains the representatives, and the copies are written out only when the network is handed on.

Source: METHODS Eq. (M2).
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rbfcore.network import RBFN
from rbfcore.symmetry.symmetrize import sum_over_images
from rbfcore.training.gradient import FlatNetwork


@dataclass(frozen=True, eq=False)
class Orbits:
    """A group of permutations that centroids are tied under; a group of one ties nothing.

    Attributes:
        permutations: (G, D) as of an environment's symmetry.
    """

    permutations: NDArray[np.int64]

    @classmethod
    def untied(cls, n_inputs: int) -> "Orbits":
        """The group of the identity alone."""
        return cls(np.arange(n_inputs)[None])

    @property
    def size(self) -> int:
        """G."""
        return len(self.permutations)

    def representatives(self, n_centroids: int) -> int:
        """How many centroids are trained for a network of `n_centroids`.

        Raises:
            ValueError: n_centroids is no multiple of G.
        """
        if n_centroids % self.size:
            raise ValueError(
                f"tied centroids come in orbits of {self.size}: their number K must be a multiple of {self.size}, "
                f"got {n_centroids}"
            )
        return n_centroids // self.size

    def images(self, x: Tensor) -> Tensor:
        """(N, D) -> (N G, D): the images of each row, one after the other."""
        if self.size == 1:
            return x
        return x.index_select(1, torch.from_numpy(self.permutations).reshape(-1).to(x.device)).view(-1, x.shape[1])

    def predict(self, representatives: FlatNetwork, x: Tensor, chunk: int = 1024) -> Tensor:
        """f(x) of the whole network, (N, D) -> (N,)."""
        blocks = []
        for rows in x.split(max(1, chunk // self.size)):
            values = representatives.predict(self.images(rows), chunk)
            blocks.append(values.view(-1, self.size).sum(1) - (self.size - 1) * representatives.alpha)
        return torch.cat(blocks)

    def network(self, representatives: RBFN) -> RBFN:
        """The whole network with all its copies, G times as many centroids; equal weights in an orbit."""
        return RBFN.from_plain(sum_over_images(representatives.plain(), self.permutations))
