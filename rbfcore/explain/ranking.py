"""How much each prototype matters and how symmetric it is, on occupations, without waiting for torch.

Under independent -1/+1 inputs a contribution beta_i phi_i(x) is w_i prod_d (1 + t_id x~_d) with x~ standardised, so
that Cov_ij = w_i w_j (prod_d (1 + t_id t_jd) - 1): a few hundred numbers for a pruned network. `rbfcore.symmetry` does
the same for networks of any size and any input distribution.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rbfcore.distributions.registry import is_readable, read_text
from rbfcore.explain.prototypes import opacity
from rbfcore.numerics.binary_features import feature_coefficients, log_feature_mean, product_excess
from rbfcore.parameters import Parameters, gamma_of_each, peaks


@dataclass(frozen=True, eq=False)
class Ranking:
    """What prototypes can be sorted by, (M,) each.

    Attributes:
        weight: |beta|, in units of y.
        peak: absolute contribution to the environment that suits a prototype best, in units of y.
        opacity: the paper's opacity averaged over the sites.
        spread: standard deviation of the contribution, in units of y.
        share: Cov[contribution, f_M] / Var[f_M]: shares of the pruned network's variance that add up to 1; a negative
            one works against the others.
        images: (M, G) correlation of each contribution with its image under every symmetry of the jump.
        symmetry: share of a contribution's variance that is left when it is averaged over the symmetry, in [0, 1].
    """

    weight: NDArray[np.float64]
    peak: NDArray[np.float64]
    opacity: NDArray[np.float64]
    spread: NDArray[np.float64]
    share: NDArray[np.float64]
    images: NDArray[np.float64]
    symmetry: NDArray[np.float64]


def ranking(network: Parameters, symmetry: NDArray[np.int64] | None = None, q: ArrayLike = 0.5) -> Ranking:
    """Measures of every prototype of a network on -1/+1 inputs.

    Args:
        network: M prototypes over D inputs.
        symmetry: (G, D) permutations that keep the jump, the identity first; None: the identity alone.
        q: probability of +1, one or (D,), the same on equivalent sites.

    Raises:
        ValueError: q is not between 0 and 1, or the permutations are over another number of inputs.

    Source: METHODS Eq. (M10) to (M12) and section 6.3; symmetry as in `rbfcore.symmetry.scores`.
    """
    log_mean, t = canonical_form(network, q)
    weight = network.beta.astype(np.float64) * np.exp(log_mean)
    covariance = _covariances(weight, t, t)
    variance = covariance.sum()
    own = np.diag(covariance)
    images = image_correlations(t, t, np.arange(t.shape[1])[None] if symmetry is None else symmetry)
    return Ranking(
        weight=np.abs(network.beta.astype(np.float64)),
        peak=np.abs(peaks(network)),
        opacity=opacity(network.centroids).mean(1),
        spread=np.sqrt(np.maximum(own, 0)),
        share=covariance.sum(1) / variance if variance > 0 else np.zeros(len(own)),
        images=images,
        symmetry=np.clip(images.mean(1), 0, 1),
    )


def canonical_form(network: Parameters, q: ArrayLike = 0.5) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """log E[phi] (M,) and the coefficients t (M, D) of the standardised inputs under Bernoulli(q)."""
    q = np.broadcast_to(np.asarray(q, dtype=np.float64), (network.n_inputs,))
    if not ((q > 0) & (q < 1)).all():
        raise ValueError(f"q must lie between 0 and 1, got {q.min():g} to {q.max():g}")
    gamma, theta = gamma_of_each(network), network.centroids.astype(np.float64)
    return log_feature_mean(gamma, theta, q), feature_coefficients(gamma, theta, q)


def occupation_chances(network: Parameters) -> NDArray[np.float64]:
    """q of the Bernoulli distribution in the run card, () or (D,); 0.5 where there is another or none."""
    text = network.card.distribution or ""
    if not is_readable(text) or (known := read_text(text))[0].name != "bernoulli":
        return np.asarray(0.5)
    q = np.clip(np.atleast_1d(known[1]["q"]), 1e-6, 1 - 1e-6)
    return np.asarray(q if len(q) == network.n_inputs else q[:1].reshape(()))


def image_correlations(
    a: NDArray[np.float64], b: NDArray[np.float64], symmetry: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(M, G): correlation of contribution i of `a` with the image of contribution i of `b` under each permutation.

    Args:
        a, b: (M, D) coefficients t of two networks of M prototypes, or of one and the same.
        symmetry: (G, D).
    """
    if symmetry.shape[1] != a.shape[1]:
        raise ValueError(f"the symmetry is over {symmetry.shape[1]} sites, the prototypes over {a.shape[1]} inputs")
    moved = b[:, np.argsort(symmetry, axis=1)]  # (M, G, D)
    together = product_excess(a[:, None] * moved)
    spread = np.sqrt(product_excess(a * a) * product_excess(b * b))[:, None]
    return np.clip(np.where(spread > 0, together / np.where(spread > 0, spread, 1), 1.0), -1, 1)


def _covariances(weight: NDArray[np.float64], t: NDArray[np.float64], s: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.outer(weight, weight) * product_excess(t[:, None] * s)
