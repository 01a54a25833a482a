"""Input distributions estimated from data: what the inputs look like, and how they hang together.

Source: METHODS section 11.
"""

from collections.abc import Callable, Sequence
from typing import Literal, get_args

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor
from torch.nn.functional import pad

from rbfcore.data.dataset import DataSet
from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.expectation_maximisation import (
    fit_bernoulli_mixture,
    fit_gaussian_mixture,
    site_frequencies,
)
from rbfcore.distributions.finite import Bernoulli
from rbfcore.distributions.gaussian_mixture import GaussianMixture
from rbfcore.distributions.mixture import Mixture
from rbfcore.distributions.uniform import Uniform

Kind = Literal["bernoulli", "bernoulli_mixture", "gaussian_mixture", "uniform"]
Floats = NDArray[np.float64]

_HELD_OUT = 0.2


def fit_distribution(
    data: DataSet | ArrayLike | Tensor,
    kind: Kind = "bernoulli",
    *,
    n_components: int | Sequence[int] = (1, 2, 4, 8),
    seed: int = 0,
) -> InputDistribution:
    """The distribution of one kind that explains the inputs best.

    Args:
        data: a data set, or its inputs (N, D).
        kind: "bernoulli" (frequency of +1 per site), "bernoulli_mixture" (occupations that depend on each other,
            by EM), "gaussian_mixture" (each input by itself, by EM) or "uniform" (smallest to largest value).
        n_components: of a mixture. With several to choose from, they are fitted in turn to 80 % of the rows (whole
            families of a data set) while the likelihood of the other rows gains by more than chance; the last to
            gain is fitted to all rows.
        seed: the same seed gives the same fit.

    Returns:
        A Bernoulli, Mixture, GaussianMixture or Uniform over D inputs. Judge it with `log_likelihood` on rows that
        were not used.

    Raises:
        ValueError: unknown kind, inputs that are not -1/+1 where they must be, an input that never changes where
            it must, or n_components < 1.
    """
    x = _inputs(data)
    if kind not in get_args(Kind):
        raise ValueError(f"kind must be one of {', '.join(get_args(Kind))}, got {kind!r}")
    if kind == "uniform":
        _require_change(x)
        return Uniform(x.min(0), x.max(0))
    sizes = _sizes(n_components)
    if kind == "gaussian_mixture":
        _require_change(x)
        return _gaussian_mixture(x, sizes, _held_out(data, len(x), seed))
    if not (np.abs(x) == 1).all():
        raise ValueError(
            f"kind {kind!r} is for occupations: inputs must be -1 or +1, got {x[np.abs(x) != 1][0]:g}; "
            "choose gaussian_mixture or uniform"
        )
    if kind == "bernoulli":
        return _bernoulli(x)
    return _bernoulli_mixture(x, sizes, _held_out(data, len(x), seed), seed)


def log_likelihood(p: InputDistribution, data: DataSet | ArrayLike | Tensor) -> float:
    """Mean log-likelihood per row of data, in nats; larger is better. Compare distributions on held-out rows.

    Args:
        p: a distribution with a density (all but `Empirical`).
        data: a data set, or inputs (N, D).

    Raises:
        ValueError: D differs, or p has no density.
    """
    return float(p.log_density(_inputs(data)).mean())


def _bernoulli(x: Floats) -> Bernoulli:
    return Bernoulli(site_frequencies((x + 1) / 2))


def _bernoulli_mixture(x: Floats, sizes: list[int], held_out: NDArray[np.bool_], seed: int) -> Mixture:
    def fit(rows: Floats, size: int) -> Mixture:
        weights, q = fit_bernoulli_mixture((rows + 1) / 2, size, np.random.default_rng(seed))
        return Mixture(weights, [Bernoulli(component) for component in q])

    return fit(x, _best_size(x, sizes, held_out, fit))


def _gaussian_mixture(x: Floats, sizes: list[int], held_out: NDArray[np.bool_]) -> GaussianMixture:
    """Each input with its own number of components; the shorter ones are filled up with weights of 0."""

    def fit(rows: Floats, size: int) -> GaussianMixture:
        return GaussianMixture(*fit_gaussian_mixture(rows[:, 0], size))

    columns = np.split(x, x.shape[1], axis=1)
    fits = [fit(column, _best_size(column, sizes, held_out, fit)) for column in columns]
    longest = max(one.n_components for one in fits)

    def stacked(parts: list[Tensor], filler: float) -> Tensor:
        return torch.stack([pad(part, (0, longest - len(part)), value=filler) for part in parts])

    return GaussianMixture(
        stacked([one.weights for one in fits], 0.0),
        stacked([one.means for one in fits], 0.0),
        stacked([one.variances for one in fits], 1.0),
    )


def _best_size(
    x: Floats, sizes: list[int], held_out: NDArray[np.bool_], fit: Callable[[Floats, int], InputDistribution]
) -> int:
    """The size up to which held-out rows gain: by more than the standard error of the gain, else it is chance."""
    best = sizes[0]
    if len(sizes) == 1 or held_out.all():
        return best
    before: Tensor | None = None
    for size in sizes:
        now = fit(x[~held_out], size).log_density(x[held_out])
        if before is not None:
            gain = now - before
            if gain.mean() <= gain.std(correction=0) / len(gain) ** 0.5:
                break
            best = size
        before = now
    return best


def _held_out(data: DataSet | ArrayLike | Tensor, n: int, seed: int) -> NDArray[np.bool_]:
    """(N,) True for about 20 % of the rows, whole families of a data set together."""
    family = data.family if isinstance(data, DataSet) and data.family is not None else np.arange(n)
    names, member = np.unique(family, return_inverse=True)
    chosen = np.random.default_rng(seed).permutation(len(names)) < _HELD_OUT * len(names)
    return chosen[member]


def _inputs(data: DataSet | ArrayLike | Tensor) -> Floats:
    x = data.x if isinstance(data, DataSet) else data.detach().cpu() if isinstance(data, Tensor) else data
    rows = np.asarray(x, dtype=np.float64)
    if rows.ndim != 2 or 0 in rows.shape:
        raise ValueError(f"data must be (N, D) with at least one row and one column, got shape {rows.shape}")
    if not np.isfinite(rows).all():
        raise ValueError("data must be finite numbers, got NaN or infinity")
    return rows


def _sizes(n_components: int | Sequence[int]) -> list[int]:
    sizes = [n_components] if isinstance(n_components, int) else sorted(set(n_components))
    if not sizes or any(not isinstance(size, int) or size < 1 for size in sizes):
        raise ValueError(f"n_components must be whole numbers >= 1, got {n_components!r}")
    return sizes


def _require_change(x: Floats) -> None:
    constant = np.flatnonzero(np.ptp(x, axis=0) == 0)
    if len(constant):
        raise ValueError(
            f"input {constant[0] + 1} is always {x[0, constant[0]]:g}: nothing to fit; leave the column out, or use "
            "Finite for an input with one value"
        )
