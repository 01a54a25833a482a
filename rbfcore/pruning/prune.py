"""Pruning: fit a network of M prototypes to a large one under an assumed input distribution, Eq. (4)."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Bernoulli
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from rbfcore.pruning.adam import AdamSettings, adam_steps, random_subsets
from rbfcore.pruning.candidates import Candidates
from rbfcore.pruning.gauss_newton import GaussNewtonPruning, GaussNewtonSettings, gauss_newton_steps
from rbfcore.pruning.objective import PruningLoss

METHODS: dict[str, type[AdamSettings] | type[GaussNewtonSettings]] = {
    "gauss-newton": GaussNewtonSettings,
    "adam": AdamSettings,
}


@dataclass(frozen=True, eq=False)
class PruneStep:
    """What is known after a step of all restarts. Nothing changes it afterwards.

    Attributes:
        losses: (R,) loss of each restart's network, in units of y squared. Adam keeps the best so far;
            Gauss-Newton steps lower the loss plus its penalties, so the loss alone can rise now and then.
        loss: the smallest of them.
        rms_gap: sqrt(loss), the exact root mean squared gap to the large network, in units of y.
        network: the network that reaches `loss`, float64.
        running: restarts that still go on.
        step_size: Adam's largest rate, or the damping of Gauss-Newton steps.
        done: True once, at the end.
        candidates: the network of every restart.
    """

    iteration: int
    losses: NDArray[np.float64]
    loss: float
    rms_gap: float
    network: Parameters
    running: int
    step_size: float
    seconds: float
    done: bool
    candidates: Candidates


@dataclass(frozen=True, eq=False)
class PruneResult:
    """A pruned network with the exact loss.

    Attributes:
        network: M prototypes, float64, in units of y.
        loss: E_p[(f_K - f_M)^2]; rms_gap: its square root.
        restarts: (R,) final losses of the restarts: their spread says how far to trust one set of prototypes.
        history: (iteration, best loss so far) of every step.
        variance: Var_p[f_K], what an offset alone would leave as loss.
    """

    network: RBFN
    loss: float
    rms_gap: float
    restarts: NDArray[np.float64]
    history: list[tuple[int, float]]
    variance: float
    seconds: float

    def outcome(self) -> dict[str, Any]:
        """The figures as plain values, for a run card."""
        return {
            "loss": self.loss,
            "rms_gap": self.rms_gap,
            "restart_losses": self.restarts.tolist(),
            "variance": self.variance,
            "sum_of_amplitudes": float(self.network.beta.detach().abs().sum()),
        }


def prune(
    large: RBFN,
    p: InputDistribution,
    n_prototypes: int = 16,
    restarts: int = 10,
    seed: int = 0,
    method: str | None = None,
    **options: Any,
) -> PruneResult:
    """Fit M prototypes to a large network; arguments as `prune_steps`. Returns the best restart."""
    return finished(prune_steps(large, p, n_prototypes, restarts, seed, method, **options), large, p)


def finished(steps: Iterator[PruneStep], large: RBFN, p: InputDistribution) -> PruneResult:
    """Run the steps of `prune_steps(large, p, ...)` to the end and gather the result."""
    step, history = None, []
    for step in steps:
        history.append((step.iteration, step.loss))
    assert step is not None
    variance = float(PruningLoss(large, p).variance)
    network = RBFN.from_plain(step.network)
    return PruneResult(network, step.loss, step.rms_gap, step.losses, history, variance, step.seconds)


def prune_steps(
    large: RBFN,
    p: InputDistribution,
    n_prototypes: int = 16,
    restarts: int = 10,
    seed: int = 0,
    method: str | None = None,
    **options: Any,
) -> Iterator[PruneStep]:
    """Prune step by step.

    Args:
        large: network with K centroids over D inputs.
        p: input distribution over D inputs; the result depends on it.
        n_prototypes: M, 1 <= M <= K.
        restarts: independent starts, run as one batch.
        seed: the same seed gives the same result.
        method: "gauss-newton" (inputs -1/+1 under a Bernoulli distribution, the default there: options of
            `GaussNewtonSettings`) or "adam" (the paper's schedule, the default elsewhere: options of `AdamSettings`).

    Raises:
        ValueError: M > K, a count below 1, an unknown method or option, or p over another number of inputs.

    Source: Eq. (4); the schedule "adam" is that of Sec. 3.
    """
    if not 1 <= n_prototypes <= large.n_centroids:
        raise ValueError(
            f"n_prototypes must be between 1 and the network's {large.n_centroids} centroids, got {n_prototypes}"
        )
    if restarts < 1:
        raise ValueError(f"restarts must be >= 1, got {restarts}")
    if method is None:
        method = "gauss-newton" if isinstance(p, Bernoulli) else "adam"
    if method not in METHODS:
        raise ValueError(f"unknown pruning method {method!r}: expected one of {', '.join(METHODS)}")
    unknown = set(options) - set(METHODS[method].__dataclass_fields__)
    if unknown:
        raise ValueError(f"method {method!r} has no option {', '.join(sorted(unknown))}")
    loss = PruningLoss(large, p)
    if method == "adam":
        start = random_subsets(loss, n_prototypes, restarts, seed)
        return _snapshots(adam_steps(loss, start, AdamSettings(**options)))
    if not isinstance(loss.p, Bernoulli):
        raise ValueError(
            f"method 'gauss-newton' prunes under a Bernoulli distribution, got {p.describe()}: use method 'adam'"
        )
    problem = GaussNewtonPruning(loss, loss.p.q, GaussNewtonSettings(**options))
    return _snapshots(gauss_newton_steps(problem, problem.starts(n_prototypes, restarts, seed)))


def _snapshots(candidates: Iterator[Candidates]) -> Iterator[PruneStep]:
    started = time.perf_counter()
    for iteration, found in enumerate(candidates, start=1):
        best = int(found.losses.argmin())
        loss = float(found.losses[best])
        yield PruneStep(
            iteration=iteration,
            losses=found.losses.numpy(),
            loss=loss,
            rms_gap=loss**0.5,
            network=Parameters(
                float(found.alpha[best]),
                found.beta[best].numpy(),
                found.gamma[best].numpy(),
                found.theta[best].numpy(),
            ),
            running=found.running,
            step_size=found.step_size,
            seconds=time.perf_counter() - started,
            done=found.running == 0,
            candidates=found,
        )
