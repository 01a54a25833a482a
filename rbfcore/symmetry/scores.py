"""How symmetric each prototype is by itself."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Bernoulli
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters, parameters_of
from rbfcore.symmetry.contributions import correlations, paired_correlations, standard_deviations
from rbfcore.symmetry.elements import element_names
from rbfcore.symmetry.group import Symmetric, centroid_images, cyclic_powers, group, is_invariant


@dataclass(frozen=True, eq=False)
class SymmetryScores:
    """Symmetry of M prototypes under a group of order G.

    Attributes:
        overall: (M,) share of the variance of the contribution beta_i phi_i(x) under p that is left when it is averaged
            over the group. 1: the prototype sees all images alike; 1/G: its images are uncorrelated; 0: they cancel.
        by_element: (M, G) the same for the subgroup that one element generates (1/2: a mirror makes something
            uncorrelated of it).
        correlation: (M, G) of the contribution with its image, in [-1, 1].
        partner: (M, G) correlation of the prototype's image with the prototype of the set that stands for it, each
            taken once: 1 everywhere when prototypes come in symmetric sets, even where none is symmetric by itself.
        spread: (M,) standard deviation of the contribution, in units of y: how much a prototype matters.
        elements: (G,) names of the group's elements, the identity first.
    """

    overall: NDArray[np.float64]
    by_element: NDArray[np.float64]
    correlation: NDArray[np.float64]
    partner: NDArray[np.float64]
    spread: NDArray[np.float64]
    elements: tuple[str, ...]

    @property
    def mean(self) -> float:
        """`overall`, averaged over the prototypes by their variance."""
        weight = np.square(self.spread)
        return float(self.overall @ weight / weight.sum()) if weight.any() else float(self.overall.mean())

    @property
    def paired(self) -> NDArray[np.float64]:
        """(M,) `partner`, averaged over the elements other than the identity."""
        others = self.partner[:, 1:]
        return np.asarray(others.mean(1) if others.size else np.ones(len(others)))

    def table(self) -> pd.DataFrame:
        """One row per prototype (1 ... M): overall, one column per element but the identity, paired, spread."""
        columns = dict(zip(self.elements[1:], self.by_element.T[1:], strict=True))
        return pd.DataFrame(
            {
                "prototype": np.arange(1, len(self.overall) + 1),
                "overall": self.overall,
                **columns,
                "paired": self.paired,
                "spread": self.spread,
            }
        )


def symmetry_scores(network: RBFN | Parameters, env: Symmetric, p: InputDistribution | None = None) -> SymmetryScores:
    """How symmetric each prototype is, as a share of its variance in [0, 1].

    The share is a property of the function beta_i phi_i(x) less its mean: rescaling gamma and theta against each other
    does not change it, nor does the weight.

    Args:
        network: a pruned network of M prototypes over D inputs.
        env: an environment whose symmetry (G, D) says which images there are.
        p: input distribution, itself unchanged by the group. Default: all occupations equally likely.

    Raises:
        ValueError: sizes do not fit, the permutations are no group, or p is not symmetric.

    Source: METHODS Eq. (M23): averaging over a group is an orthogonal projection in L2(p), so the share is the mean
    correlation of the contribution with its images.
    """
    plain = parameters_of(network)
    symmetry = group(env, plain.n_inputs)
    p = (p or Bernoulli(0.5)).for_inputs(plain.n_inputs)
    if not is_invariant(p, symmetry):
        raise ValueError(
            f"symmetry scores need an input distribution that the symmetry leaves as it is, got {p.describe()}: "
            "average its numbers over equivalent sites, e.g. Bernoulli(orbit_means(p.q, env))"
        )
    images = [replace(plain, centroids=image) for image in centroid_images(plain.centroids, symmetry)]
    correlation = np.stack([paired_correlations(plain, image, p) for image in images], 1)
    shares = [correlation[:, powers].mean(1) for powers in cyclic_powers(symmetry)]
    return SymmetryScores(
        overall=np.clip(correlation.mean(1), 0, 1),
        by_element=np.clip(np.stack(shares, 1), 0, 1),
        correlation=correlation,
        partner=np.stack([_partners(image, plain, p) for image in images], 1),
        spread=standard_deviations(plain, p),
        elements=element_names(env),
    )


def _partners(image: Parameters, plain: Parameters, p: InputDistribution) -> NDArray[np.float64]:
    """(M,) correlation of each moved prototype with the one of the set that it is assigned to."""
    table = correlations(image, plain, p)
    return np.asarray(table[linear_sum_assignment(table, maximize=True)])
