"""Which prototype of one network is which of another, up to the symmetry of the jump."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Bernoulli
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters, parameters_of
from rbfcore.symmetry.contributions import correlations, standard_deviations
from rbfcore.symmetry.elements import element_names
from rbfcore.symmetry.group import Symmetric, centroid_images, group


@dataclass(frozen=True, eq=False)
class Matching:
    """Pairs of prototypes, min(M, N) of them, by their place in the first network.

    Attributes:
        pairs: (P, 2) places in the first and the second network, counted from 0.
        element: (P,) the group element used: prototype j on x[:, symmetry[element]] resembles prototype i on x.
        similarity: (P,) correlation of the two contributions under p, in [-1, 1].
        weight_ratio: (P,) standard deviation of the second contribution over that of the first. Unlike beta it does not
            change when gamma and theta are rescaled against each other.
        table_of_similarities: (M, N) of every pair, at its best element.
        elements: (G,) names of the group's elements.
    """

    pairs: NDArray[np.int64]
    element: NDArray[np.int64]
    similarity: NDArray[np.float64]
    weight_ratio: NDArray[np.float64]
    table_of_similarities: NDArray[np.float64]
    elements: tuple[str, ...]

    @property
    def mean(self) -> float:
        """Mean similarity of the pairs."""
        return float(self.similarity.mean())

    def table(self) -> pd.DataFrame:
        """One row per pair; prototypes are counted from 1, as on screen."""
        return pd.DataFrame(
            {
                "prototype_a": self.pairs[:, 0] + 1,
                "prototype_b": self.pairs[:, 1] + 1,
                "element": [self.elements[number] for number in self.element],
                "similarity": self.similarity,
                "weight_ratio": self.weight_ratio,
            }
        )


def match_prototypes(
    a: RBFN | Parameters, b: RBFN | Parameters, env: Symmetric, p: InputDistribution | None = None
) -> Matching:
    """Pair the prototypes of two networks so that the sum of similarities is largest.

    Args:
        a, b: pruned networks of M and N prototypes over the same D inputs.
        env: an environment whose symmetry (G, D) says which images of a prototype count as the same.
        p: input distribution that similarity is measured under. Default: all occupations equally likely.

    Raises:
        ValueError: sizes do not fit, or the permutations are no group.

    Source: METHODS section 10: an assignment problem on correlations in L2(p).
    """
    first, second = parameters_of(a), parameters_of(b)
    if first.n_inputs != second.n_inputs:
        raise ValueError(f"the networks must have the same inputs, got D = {first.n_inputs} and {second.n_inputs}")
    symmetry = group(env, first.n_inputs)
    p = (p or Bernoulli(0.5)).for_inputs(first.n_inputs)
    images = [replace(second, centroids=image) for image in centroid_images(second.centroids, symmetry)]
    best, at = correlations(first, images[0], p), np.zeros((first.n_centroids, second.n_centroids), dtype=np.int64)
    for number, image in enumerate(images[1:], 1):
        table = correlations(first, image, p)
        at[table > best] = number
        np.maximum(best, table, out=best)
    i, j = linear_sum_assignment(best, maximize=True)
    element = at[i, j]
    ours, theirs = (
        standard_deviations(first, p)[i],
        np.stack([standard_deviations(image, p) for image in images])[element, j],
    )
    ratio = np.divide(theirs, ours, out=np.full(len(i), np.inf), where=ours > 0)
    return Matching(np.stack([i, j], 1), element, best[i, j], ratio, best, element_names(env))


def aligned(b: RBFN | Parameters, env: Symmetric, matching: Matching) -> Parameters:
    """The second network's prototypes as the first one shows them: in the order of the pairs, each turned by the
    element of its pair. Prototypes without a partner are left out.

    Args:
        b, env: as given to `match_prototypes`; matching: what it found.
    """
    second = parameters_of(b)
    places = matching.pairs[:, 1]
    images = centroid_images(second.centroids, group(env, second.n_inputs))
    gamma = second.gamma if second.gamma.ndim == 0 else second.gamma[places]
    return replace(second, beta=second.beta[places], gamma=gamma, centroids=images[matching.element, places])
