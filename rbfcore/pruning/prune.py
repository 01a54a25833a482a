"""Pruning: fit a network of M prototypes to a large one under an assumed input distribution, Eq. (4)."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.distributions.base import InputDistribution
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from rbfcore.pruning.adam import AdamSettings, Candidates, adam_steps, random_subsets
from rbfcore.pruning.objective import PruningLoss

METHODS = ("adam",)


@dataclass(frozen=True, eq=False)
class PruneStep:
    """What is known after a step of all restarts. Nothing changes it afterwards.

    Attributes:
        losses: (R,) best loss of each restart so far, in units of y squared.
        loss: the smallest of them.
        rms_gap: sqrt(loss), the exact root mean squared gap to the large network, in units of y.
        network: the network that reaches `loss`, float64.
        running: restarts that still go on.
        done: True once, at the end.
    """

    iteration: int
    losses: NDArray[np.float64]
    loss: float
    rms_gap: float
    network: Parameters
    running: int
    learning_rate: float
    seconds: float
    done: bool


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
    method: str = "adam",
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
    method: str = "adam",
    **options: Any,
) -> Iterator[PruneStep]:
    """Prune step by step.

    Args:
        large: network with K centroids over D inputs.
        p: input distribution over D inputs; the result depends on it.
        n_prototypes: M, 1 <= M <= K.
        restarts: independent starts, run as one batch.
        seed: the same seed gives the same result.
        method: "adam" (the paper's schedule; options of `AdamSettings`).

    Raises:
        ValueError: M > K, a count below 1, an unknown method or option, or p over another number of inputs.

    Source: Eq. (4); the schedule is that of Sec. 3.
    """
    if not 1 <= n_prototypes <= large.n_centroids:
        raise ValueError(
            f"n_prototypes must be between 1 and the network's {large.n_centroids} centroids, got {n_prototypes}"
        )
    if restarts < 1:
        raise ValueError(f"restarts must be >= 1, got {restarts}")
    if method not in METHODS:
        raise ValueError(f"unknown pruning method {method!r}: expected one of {', '.join(METHODS)}")
    unknown = set(options) - set(AdamSettings.__dataclass_fields__)
    if unknown:
        raise ValueError(f"method {method!r} has no option {', '.join(sorted(unknown))}")
    settings = AdamSettings(**options)
    loss = PruningLoss(large, p)
    return _snapshots(adam_steps(loss, random_subsets(loss, n_prototypes, restarts, seed), settings))


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
            learning_rate=found.learning_rate,
            seconds=time.perf_counter() - started,
            done=found.running == 0,
        )
