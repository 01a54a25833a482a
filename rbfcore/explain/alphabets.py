"""Independent inputs as weighted points: letters of discrete inputs, quadrature nodes of continuous ones."""

import math

import numpy as np
import torch
from torch import Tensor

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.empirical import Empirical
from rbfcore.distributions.finite import Finite
from rbfcore.distributions.gaussian_mixture import GaussianMixture
from rbfcore.distributions.mixture import Mixture
from rbfcore.distributions.product import Product
from rbfcore.distributions.uniform import Uniform

# Equally spaced nodes a step h apart integrate a Gaussian exp(-a x^2) up to 2 exp(-pi^2 / (h^2 a)): rounding at 6.2.
_DIGITS = 6.2
_TAIL = 9.0  # standard deviations kept around every product of two features and the density: 1e-19 is left out
_FAR = 28.0  # how far out, in standard deviations, a feature may pull that product before it is worth nothing
_PANEL = 64  # Gauss-Legendre nodes per panel of an interval
_MAX_NODES = 4096

Alphabet = tuple[Tensor, Tensor]  # values (V,), logs of their probabilities (V,)


def alphabets(p: InputDistribution, gamma: Tensor, theta: Tensor) -> list[Alphabet]:
    """Weighted points for every input, on which expectations of products of two features are exact to rounding.

    Args:
        p: independent inputs; D as in theta.
        gamma: (K,) widths; theta: (K, D) centroids: nodes are as close as the narrowest feature asks.

    Returns:
        D alphabets. Discrete inputs give their own letters.

    Raises:
        ValueError: the inputs are not independent, p is over another number of inputs, or features are so narrow
            that quadrature would need more than 4096 nodes.
    """
    return _alphabets(p.for_inputs(theta.shape[1]), gamma, theta)


def _alphabets(p: InputDistribution, gamma: Tensor, theta: Tensor) -> list[Alphabet]:
    n_inputs = theta.shape[1]
    if isinstance(p, Product):
        sizes = [part.n_inputs or 1 for part in p.parts]
        blocks = zip(p.parts, theta.split(sizes, 1), strict=True)
        return [letters for part, block in blocks for letters in alphabets(part, gamma, block)]
    if isinstance(p, Finite):
        return [_letters(p.values[d], p.probabilities[d]) for d in range(n_inputs)]
    if isinstance(p, GaussianMixture):
        return [_normal_nodes(p, d, gamma, theta[:, d]) for d in range(n_inputs)]
    if isinstance(p, Uniform):
        return [_uniform_nodes(float(p.low[d]), float(p.high[d]), float(gamma.max())) for d in range(n_inputs)]
    if n_inputs == 1 and isinstance(p, Empirical):
        values, counts = p.x[:, 0].unique(return_counts=True)
        return [_letters(values, counts.double() / len(p.x))]
    if n_inputs == 1 and isinstance(p, Mixture):
        drawn = [(w, part) for w, part in zip(p.weights.tolist(), p.components, strict=True) if w > 0]
        parts = [(math.log(w), _alphabets(part, gamma, theta)[0]) for w, part in drawn]
        return [(torch.cat([v for _, (v, _) in parts]), torch.cat([w + log for w, (_, log) in parts]))]
    raise ValueError(
        f"this needs independent inputs, got {p.describe()[:80]}: use one distribution per input, such as "
        "bernoulli:0.5 or the frequencies of each input by itself"
    )


def _letters(values: Tensor, probabilities: Tensor) -> Alphabet:
    possible = probabilities > 0
    return values[possible], probabilities[possible].log()


def _normal_nodes(p: GaussianMixture, d: int, gamma: Tensor, theta: Tensor) -> Alphabet:
    """Equally spaced nodes around each component, out to where centroids beyond its tail pull the product."""
    values, logs = [], []
    for weight, mean, variance in zip(p.weights[d].tolist(), p.means[d].tolist(), p.variances[d].tolist(), strict=True):
        if weight > 0:
            std = math.sqrt(variance)
            pull = 4 * gamma * variance / (1 + 4 * gamma * variance) * (theta - mean) / std
            low, high = (min(max(float(end), -_FAR), _FAR) for end in (pull.min(), pull.max()))
            low, high = min(low, 0) - _TAIL, max(high, 0) + _TAIL
            step = math.pi / (_DIGITS * math.sqrt(2 * float(gamma.max()) * variance + 0.5))
            count = math.ceil((high - low) / step) + 1
            _check(count, "standard deviations", float(gamma.max()) * variance)
            node = torch.linspace(low, high, count, dtype=torch.float64)
            log = -node.square() / 2
            values.append(mean + std * node)
            logs.append(log - log.logsumexp(0) + math.log(weight))
    return torch.cat(values), torch.cat(logs)


def _uniform_nodes(low: float, high: float, gamma: float) -> Alphabet:
    bend = math.sqrt(2 * gamma) * (high - low) / 2
    panels = max(1, math.ceil(bend * 6 / (_PANEL - 16)))
    count = _PANEL if panels > 1 else math.ceil(6 * bend) + 16
    _check(panels * count, "lengths of its interval", gamma * (high - low) ** 2)
    node, weight = (torch.from_numpy(part) for part in np.polynomial.legendre.leggauss(count))
    ends = torch.linspace(low, high, panels + 1, dtype=torch.float64)
    middle, half = (ends[1:] + ends[:-1]) / 2, (high - low) / (2 * panels)
    return (middle[:, None] + half * node).flatten(), (weight / (2 * panels)).log().repeat(panels)


def _check(count: int, unit: str, bend: float) -> None:
    if count > _MAX_NODES:
        raise ValueError(
            f"features are too narrow for this distribution: the narrowest is {1 / math.sqrt(2 * bend):.1e} {unit} of "
            f"an input wide, which takes {count} quadrature nodes (at most {_MAX_NODES}); use a wider gamma"
        )
