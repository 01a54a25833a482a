"""Pruning: fit a network of M prototypes to a large one under an assumed input distribution, Eq. (4)."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from rbfcore.distributions.base import InputDistribution
from rbfcore.network import RBFN
from rbfcore.numerics.binary_features import feature_coefficients
from rbfcore.parameters import Parameters
from rbfcore.pruning.extended_precision import extended_precision_loss
from rbfcore.pruning.methods.adam import AdamSettings, adam_steps, random_subsets
from rbfcore.pruning.methods.bernoulli_form import binary_sites
from rbfcore.pruning.methods.candidates import Candidates
from rbfcore.pruning.methods.exchange import exchanged_steps
from rbfcore.pruning.methods.finite_alphabet import alphabet_steps
from rbfcore.pruning.methods.gauss_newton import GaussNewtonSettings, gauss_newton_steps
from rbfcore.pruning.methods.growth import grown_steps
from rbfcore.pruning.methods.lbfgs import LbfgsSettings, lbfgs_steps
from rbfcore.pruning.methods.slopes import SlopeProblem
from rbfcore.pruning.objective import PruningLoss
from rbfcore.pruning.quality import FLOAT32_SAFE, by_contribution, condition, float32_error, sum_of_amplitudes

METHODS: dict[str, type[AdamSettings] | type[GaussNewtonSettings] | type[LbfgsSettings]] = {
    "gauss-newton": GaussNewtonSettings,
    "lbfgs": LbfgsSettings,
    "adam": AdamSettings,
}
_FEW_DIGITS = 1e-6  # of the variance: smaller losses are taken in extended precision at the end


@dataclass(frozen=True, eq=False)
class PruneStep:
    """What is known after a step of all restarts. Nothing changes it afterwards.

    Attributes:
        losses: (R,) loss of each restart's network, in units of y squared. Adam keeps the best so far;
            the other methods lower the loss plus its penalties, so the loss alone can rise now and then. Those of
            the last step are exact; before it they may be off by about what counts as progress.
        loss: the smallest of them.
        rms_gap: sqrt(loss), the exact root mean squared gap to the large network, in units of y.
        network: the network that reaches `loss`, float64.
        running: restarts that still go on.
        step_size: Adam's largest rate, the radius of Gauss-Newton steps, or the share of L-BFGS's full step.
        variance: Var_p[f_K], what an offset alone would leave as loss.
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
    variance: float
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
        sum_of_amplitudes: see `quality.sum_of_amplitudes`, in units of y.
        condition: of the correlations between the prototypes' features: large where prototypes are near-copies.
        float32_error: largest error of single precision on sampled inputs, in units of y.
    """

    network: RBFN
    loss: float
    rms_gap: float
    restarts: NDArray[np.float64]
    history: list[tuple[int, float]]
    variance: float
    seconds: float
    sum_of_amplitudes: float
    condition: float
    float32_error: float

    @property
    def float32_safe(self) -> bool:
        """Whether single precision, which files and screens may use, shows the network as it is."""
        return bool(self.float32_error <= FLOAT32_SAFE * max(self.variance, self.loss) ** 0.5)

    def outcome(self) -> dict[str, Any]:
        """The figures as plain values, for a run card."""
        return {
            "loss": self.loss,
            "rms_gap": self.rms_gap,
            "restart_losses": self.restarts.tolist(),
            "variance": self.variance,
            "sum_of_amplitudes": self.sum_of_amplitudes,
            "condition": self.condition if math.isfinite(self.condition) else None,
            "float32_error": self.float32_error if math.isfinite(self.float32_error) else None,
            "float32_safe": self.float32_safe,
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
    """Run the steps of `prune_steps(large, p, ...)` to the end and gather the result, most telling prototype first."""
    step, history = None, []
    for step in steps:
        history.append((step.iteration, step.loss))
    assert step is not None
    return outcome_of(step, history, large, p)


def outcome_of(step: PruneStep, history: list[tuple[int, float]], large: RBFN, p: InputDistribution) -> PruneResult:
    """The result whose last step is `step`."""
    network, loss = by_contribution(RBFN.from_plain(step.network), p), step.loss
    if loss < _FEW_DIGITS * step.variance:
        exact = extended_precision_loss(large, network, p)
        loss = loss if exact is None else exact
    return PruneResult(
        network=network,
        loss=loss,
        rms_gap=loss**0.5,
        restarts=step.losses,
        history=history,
        variance=step.variance,
        seconds=step.seconds,
        sum_of_amplitudes=sum_of_amplitudes(network, p),
        condition=condition(network, p),
        float32_error=float32_error(network, p),
    )


def prune_steps(
    large: RBFN,
    p: InputDistribution,
    n_prototypes: int = 16,
    restarts: int = 10,
    seed: int = 0,
    method: str | None = None,
    grow_from: RBFN | None = None,
    loss: PruningLoss | None = None,
    **options: Any,
) -> Iterator[PruneStep]:
    """Prune step by step.

    Args:
        large: network with K centroids over D inputs.
        p: input distribution over D inputs; the result depends on it.
        n_prototypes: M, 1 <= M <= K.
        restarts: independent starts, run as one batch.
        seed: the same seed gives the same result.
        method: "gauss-newton" (-1/+1 under a Bernoulli distribution or a mixture of such, or a few values for each
            input, and the default there: options of `GaussNewtonSettings`; for several values the penalties are those
            of "lbfgs"), "lbfgs" (any distribution, the default elsewhere: options of `LbfgsSettings`) or "adam" (the
            paper's schedule: options of `AdamSettings`).
        grow_from: a smaller pruned network whose prototypes half of the starts contain.
        loss: `PruningLoss(large, p)` where it is at hand, perhaps prepared: what it knows is not computed again.

    Raises:
        ValueError: M > K, a count below 1, an unknown method or option, p over another number of inputs, or a
            network to grow from that is not smaller or that the method cannot use.

    Source: Eq. (4); the schedule "adam" is that of Sec. 3.
    """
    if not 1 <= n_prototypes <= large.n_centroids:
        raise ValueError(
            f"n_prototypes must be between 1 and the network's {large.n_centroids} centroids, got {n_prototypes}"
        )
    if restarts < 1:
        raise ValueError(f"restarts must be >= 1, got {restarts}")
    if method is None:
        few_values = p.finite_alphabet() is not None and not p.binary_inputs and grow_from is None
        method = "gauss-newton" if few_values or binary_sites(p) is not None else "lbfgs"
    if method not in METHODS:
        raise ValueError(f"unknown pruning method {method!r}: expected one of {', '.join(METHODS)}")
    unknown = set(options) - set(METHODS[method].__dataclass_fields__)
    if unknown:
        raise ValueError(f"method {method!r} has no option {', '.join(sorted(unknown))}")
    loss = loss or PruningLoss(large, p)
    kept = None if grow_from is None else _kept(grow_from, large, n_prototypes, method)
    if method == "adam":
        subsets = random_subsets(loss, n_prototypes, restarts, seed)
        return _snapshots(adam_steps(loss, subsets, AdamSettings(**options)), loss)
    if method == "lbfgs":
        return _snapshots(lbfgs_steps(loss, n_prototypes, restarts, seed, LbfgsSettings(**options), kept), loss)
    alphabet = loss.p.finite_alphabet()
    if alphabet is not None and not loss.p.binary_inputs:
        if kept is not None:
            raise ValueError("method 'gauss-newton' grows from a network on -1/+1 inputs only: use method 'lbfgs'")
        penalties = {name: getattr(LbfgsSettings, name) for name in ("ridge", "offset_penalty")}
        several = GaussNewtonSettings(**{**penalties, **options})
        return _snapshots(alphabet_steps(loss, alphabet, n_prototypes, restarts, seed, several), loss)
    settings = GaussNewtonSettings(**options)
    problem = SlopeProblem(loss, settings.slope_cap, settings.ridge, settings.offset_penalty)
    if kept is None:
        first = grown_steps(problem, n_prototypes, restarts, seed, settings)
    else:
        s = feature_coefficients(*kept, problem.q)
        first = gauss_newton_steps(problem, problem.starts(n_prototypes, restarts, seed, s), settings)
    return _snapshots(exchanged_steps(problem, first, seed, settings), loss)


def _kept(grow_from: RBFN, large: RBFN, n_prototypes: int, method: str) -> tuple[Tensor, Tensor]:
    """Widths (m,) and centroids (m, D) of a network to grow from."""
    if method == "adam":
        raise ValueError("method 'adam' starts from random centroids and cannot grow from a network")
    if grow_from.n_inputs != large.n_inputs or grow_from.n_centroids > n_prototypes:
        raise ValueError(
            f"grow_from must have {large.n_inputs} inputs and at most {n_prototypes} prototypes, "
            f"got {grow_from.n_inputs} and {grow_from.n_centroids}"
        )
    gamma = grow_from.gamma.detach().double().expand(grow_from.n_centroids)
    return gamma, grow_from.centroids.detach().double()


def _snapshots(candidates: Iterator[Candidates], large: PruningLoss) -> Iterator[PruneStep]:
    started = time.perf_counter()
    for iteration, current in enumerate(candidates, start=1):
        best = int(current.losses.argmin())
        loss = float(current.losses[best])
        yield PruneStep(
            iteration=iteration,
            losses=current.losses.numpy(),
            loss=loss,
            rms_gap=loss**0.5,
            network=Parameters(
                float(current.alpha[best]),
                current.beta[best].numpy(),
                current.gamma[best].numpy(),
                current.theta[best].numpy(),
            ),
            running=current.running,
            step_size=current.step_size,
            variance=float(large.variance),
            seconds=time.perf_counter() - started,
            done=current.running == 0,
            candidates=current,
        )
