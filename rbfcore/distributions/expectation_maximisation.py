"""Fitting mixtures by expectation-maximisation, in logs so that no point is lost to underflow.

Source: METHODS section 11.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MAX_STEPS = 500
_MAX_JUMPS = 200  # of three steps each
_CONVERGED = 1e-7  # gain in mean log-likelihood per step, or per jump
_STARTS = 4
_START_ROWS = 4096  # starts are compared on at most so many rows; the best one goes on with all
_SMOOTHING = 0.5  # pseudo-counts of each letter, so that no q reaches 0 or 1
_LEAST_SPREAD = 1e-3  # smallest component variance, as a share of the input's own


def site_frequencies(filled: Floats, weights: Floats | None = None) -> Floats:
    """Share of filled rows per site, smoothed so that it stays inside (0, 1).

    Args:
        filled: (N, D) of 0 and 1.
        weights: (C, N) how much each row counts for each of C components; all fully by default.

    Returns:
        (D,), or (C, D) with weights.
    """
    if weights is None:
        return np.asarray((filled.sum(0) + _SMOOTHING) / (len(filled) + 2 * _SMOOTHING))
    return np.asarray((weights @ filled + _SMOOTHING) / (weights.sum(1)[:, None] + 2 * _SMOOTHING))


def fit_bernoulli_mixture(filled: Floats, n_components: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Weights (C,) and q (C, D) of the best of several starts.

    Args:
        filled: (N, D) of 0 and 1.
        n_components: C >= 1.
        rng: source of the starts.
    """
    if n_components == 1:
        return np.ones(1), site_frequencies(filled)[None]
    few = filled[rng.permutation(len(filled))[:_START_ROWS]]
    best = None
    for _ in range(_STARTS):
        rows = few[rng.choice(len(few), n_components, replace=len(few) < n_components)]
        q = 0.25 * rows + 0.75 * site_frequencies(few)
        climbed = _climb(few, np.full(n_components, 1 / n_components), q)
        best = climbed if best is None or climbed[2] > best[2] else best
    assert best is not None
    weights, q, _ = best if len(few) == len(filled) else _climb(filled, best[0], best[1])
    return weights, q


def _climb(filled: Floats, weights: Floats, q: Floats) -> tuple[Floats, Floats, float]:
    """Expectation-maximisation until the mean log-likelihood stops growing, with jumps along the way it takes.

    After two steps a third goes on from where they point to, by the square of how far they lead; a jump that loses
    likelihood is taken back.

    Source: scheme S3 of R. Varadhan and C. Roland, Scand. J. Statist. 35 (2008) 335, in the natural parameters.
    """
    filled = np.asfortranarray(filled)  # products with few components are then twice as fast
    at, before = _natural(weights, q), -np.inf
    for _ in range(_MAX_JUMPS):
        one, now = _em_step(filled, at)
        if now - before < _CONVERGED:
            break
        before = now
        two, least = _em_step(filled, one)
        step, turn = one - at, two - 2 * one + at
        far = max(1.0, float(np.linalg.norm(step) / max(np.linalg.norm(turn), np.finfo(float).tiny)))
        three, reached = _em_step(filled, at + 2 * far * step + far**2 * turn)
        at = three if reached >= least else two
    return *_ordinary(at), before


def _natural(weights: Floats, q: Floats) -> Floats:
    """Weights (C,) and q (C, D) as (C, 1 + D) numbers without bounds: logs and log-odds."""
    return np.column_stack([np.log(np.maximum(weights, np.finfo(float).tiny)), np.log(q) - np.log1p(-q)])


def _ordinary(natural: Floats) -> tuple[Floats, Floats]:
    """Weights that sum to 1, and q, from their natural parameters."""
    share = np.exp(natural[:, 0] - natural[:, 0].max())
    return share / share.sum(), 1 / (1 + np.exp(-natural[:, 1:]))


def _em_step(filled: Floats, natural: Floats) -> tuple[Floats, float]:
    """The parameters after a step, and the mean log-likelihood before it."""
    odds, weights = natural[:, 1:], natural[:, 0] - np.logaddexp.reduce(natural[:, 0])
    share, now = _shares(odds @ filled.T + (weights - np.logaddexp(0, odds).sum(1))[:, None])
    return _natural(share.mean(1), site_frequencies(filled, share)), now


def _shares(joint: Floats) -> tuple[Floats, float]:
    """(C, N) log of weight times density -> how much of each row every component explains, mean log-likelihood."""
    largest = joint.max(0)
    share = np.exp(joint - largest)
    total = share.sum(0)
    return share / total, float((largest + np.log(total)).mean())


def fit_gaussian_mixture(x: Floats, n_components: int) -> tuple[Floats, Floats, Floats]:
    """Weights, means and variances, (L,) each, of one input.

    Args:
        x: (N,) values that are not all equal.
        n_components: L >= 1; the means start at evenly spaced quantiles, so nothing is random.
    """
    spread = max(float(x.var()), np.finfo(float).eps)
    weights = np.full((n_components, 1), 1 / n_components)
    means = np.quantile(x, (np.arange(n_components) + 0.5) / n_components)[:, None]
    variances = np.full((n_components, 1), spread / n_components**2)
    before = -np.inf
    for _ in range(_MAX_STEPS):
        with np.errstate(divide="ignore"):
            joint = np.log(weights) - ((x - means) ** 2 / variances + np.log(2 * np.pi * variances)) / 2
        share, now = _shares(joint)
        if now - before < _CONVERGED:
            break
        before = now
        mass = share.sum(1, keepdims=True) + np.finfo(float).tiny
        weights, means = mass / mass.sum(), share @ x[:, None] / mass
        variances = (share * (x - means) ** 2).sum(1, keepdims=True) / mass
        variances = np.maximum(variances, _LEAST_SPREAD * spread)
    return weights[:, 0], means[:, 0], variances[:, 0]
