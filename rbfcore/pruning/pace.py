"""How long prunings take, by a small model of measured runs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rbfcore.distributions.family import Cost
from rbfcore.distributions.held_out import cost_of, of_occupations

_LIMITS = {"gauss-newton": 300, "lbfgs": 1000, "adam": None}  # steps at most, the defaults of the methods
_STEPS = {"gauss-newton": 92.0, "lbfgs": 250.0}  # of 16 prototypes and ten restarts
_USUAL = {"gauss-newton": "half or twice that", "lbfgs": "a third or three times that"}
# Seconds of one pair of a large network's centroid and a prototype in one step, for each component of a mixture, over
# 26 inputs. L-BFGS takes nodes for uniform inputs and Gaussian mixtures, as many for any number of components.
_PAIR: dict[str, dict[Cost, float]] = {
    "lbfgs": {
        "sites": 6e-8,
        "mixture of sites": 7.5e-8,
        "distances": 3e-8,
        "error functions": 2e-7,
        "sums of exponentials": 2.4e-7,
    },
    "adam": {
        "sites": 5.5e-8,
        "mixture of sites": 1.1e-7,
        "distances": 9e-8,
        "error functions": 7e-6,
        "sums of exponentials": 1.5e-6,
    },
}
# Seconds of one pair of the large network's own centroids in the constant part of the loss.
_OWN_PAIR: dict[Cost, float] = {
    "sites": 2e-8,
    "mixture of sites": 1.1e-8,
    "distances": 2.5e-8,
    "error functions": 1.6e-6,
    "sums of exponentials": 1.4e-7,
}


@dataclass(frozen=True)
class Expected:
    """What a pruning is expected to take on one free core.

    Attributes:
        ready: seconds before the first step.
        step: seconds a step.
        steps: how many there will be, None where that is not known before.
        at_most: steps after which it ends in any case, None without such a limit.
        usual: how far from that runs end.
    """

    ready: float
    step: float
    steps: float | None
    at_most: int | None
    usual: str = ""


@dataclass(frozen=True)
class Sizes:
    """K, D, M and restarts of a pruning."""

    n_centroids: int
    n_inputs: int
    n_prototypes: int
    restarts: int


def pruning_time(
    sizes: Sizes, method: str | None, family: str, n_components: int = 1, at_most: int | None = None
) -> Expected:
    """What a pruning takes, from runs with K = 1024 and 4096, M = 4 to 64 and one or ten restarts over 26 inputs.

    Args:
        method: None is the one that suits the family.
        family: name of a registered family, or of what can be fitted; its cost tells.
        n_components: of a mixture.
        at_most: limit on the steps; None is that of the method.

    Raises:
        ValueError: there is no such family.
    """
    cost, many = cost_of(family), "sums of exponentials"
    method = method or ("gauss-newton" if of_occupations(family) else "lbfgs")
    k, m, inputs = sizes.n_centroids, sizes.n_prototypes, sizes.n_inputs / 26
    ready = inputs * k**2 * _OWN_PAIR[cost] * (n_components**2 if cost == many else n_components)
    if method == "gauss-newton":
        step = 0.011 + inputs * sizes.restarts * m * n_components * (4.4e-8 * k + 3.5e-6 * m)
    else:
        copies = 1 if (method, cost) == ("lbfgs", many) else n_components
        step = 0.005 + inputs * sizes.restarts * m * k * copies * _PAIR[method][cost]
    limit = at_most or _LIMITS[method]
    if method == "adam":
        return Expected(ready, step, None, limit)
    steps = _STEPS[method] * max(0.1, 0.3 * math.log2(m) - 0.2) * (0.72 + 0.28 * math.log10(sizes.restarts))
    return Expected(ready, step, round(min(steps, limit or steps)), limit, _USUAL[method])


def path_seconds(n_centroids: int, n_inputs: int, sizes: Sequence[int], family: str, restarts: int = 4) -> float:
    """How long a pruning path takes: a pruning to each size, with the constant of the loss computed once.

    Args:
        sizes, restarts: as `rbfcore.prune_path`.
        family: as `pruning_time`, without mixtures.
    """
    each = [pruning_time(Sizes(n_centroids, n_inputs, m, restarts), None, family) for m in sizes]
    return each[0].ready + sum(one.step * (one.steps or 0) for one in each)
