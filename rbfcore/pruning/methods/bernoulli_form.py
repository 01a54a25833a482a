"""Distributions on -1/+1 inputs as mixtures of independent sites, which is how pruning by slopes sees them.

In inputs x~ standardised under the mixture as a whole, component c has mean mu_cd and second moment m_cd, so that
E_c[prod_d (1 + s_jd x~_d)(1 + s_ld x~_d)] = prod_d (1 + mu_cd (s_jd + s_ld) + m_cd s_jd s_ld): again a product.

Source: METHODS Eq. (M13).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from rbfcore.distributions.base import InputDistribution
from rbfcore.numerics.canonical import Canonical, canonical


@dataclass(frozen=True, eq=False)
class BinarySites:
    """A mixture of products of Bernoulli distributions.

    Attributes:
        weights: (C,) of the components.
        q: (C, D) probabilities of +1.
    """

    weights: Tensor
    q: Tensor

    @property
    def marginal(self) -> Tensor:
        """(D,) probabilities of +1 in the mixture."""
        return self.weights @ self.q

    @property
    def means(self) -> Tensor:
        """(C, D) mu: means of the standardised inputs in every component."""
        q = self.marginal
        return (self.q - q) / (q * (1 - q)).sqrt()

    @property
    def deviations(self) -> Tensor:
        """(C, D) standard deviations of the standardised inputs in every component."""
        q = self.marginal
        return (self.q * (1 - self.q) / (q * (1 - q))).sqrt()

    def large(self, gamma: Tensor, beta: Tensor, theta: Tensor) -> Canonical:
        """A network such that E[f psi] = sum_i weight_i (prod_d (1 + t_id s_d) - 1), psi = prod_d (1 + s_d x~_d) - E.

        Under one product that is the network's own canonical form. Under a mixture it has a copy of every centroid for
        each component, with the means that x~ has where the centroid's feature and the component's density weigh it,
        and one entry more for each component, which takes the network's mean away.

        Args:
            gamma: (K,); beta: (K,); theta: (K, D).
        """
        parts = [canonical(gamma, beta, theta, q) for q in self.q]
        if len(parts) == 1:
            return parts[0]
        weight = torch.cat([part.weight * share for part, share in zip(parts, self.weights, strict=True)])
        t = [
            mean + deviation * part.t for part, mean, deviation in zip(parts, self.means, self.deviations, strict=True)
        ]
        return Canonical(torch.cat([*t, self.means]), torch.cat([weight, -weight.sum() * self.weights]))


def binary_sites(p: InputDistribution) -> BinarySites | None:
    """The distribution in this form, where it has one with every site free to be -1 and +1."""
    form = p.bernoulli_form()
    if form is None:
        return None
    sites = BinarySites(*form)
    q = sites.marginal
    return sites if bool(((q > 0) & (q < 1)).all()) else None
