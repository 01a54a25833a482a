"""Pruning against the paper's schedule: Adam, all restarts as one batch, expectations in the plain log-sum form.

Seconds are processor seconds of one core. The schedule goes on for tens of thousands of steps, ever more slowly. Its
loss is taken after as many steps as fit in the 360 s of the log-sum form (54 s for one restart at M = 64) that a first
prototype of this package gave it, and after many more: its trajectory is followed with the package's own kernels,
which are the same function to rounding, and the seconds are those of a step of the log-sum form, timed beside it.
"""

import math
import time
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rbfcore.data.bundled import assets_folder
from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset
from rbfcore.data.synthetic import synthetic_barrier_dataset
from rbfcore.data.toy import REACH
from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Bernoulli, Finite
from rbfcore.distributions.fitting import fit_distribution, log_likelihood
from rbfcore.distributions.gaussian_mixture import Normal
from rbfcore.distributions.uniform import Uniform
from rbfcore.network import RBFN
from rbfcore.pruning.methods.adam import AdamSettings, adam_steps, random_subsets
from rbfcore.pruning.methods.candidates import Candidates
from rbfcore.pruning.objective import PruningLoss
from rbfcore.pruning.prune import prune, prune_steps
from rbfcore.pruning.quality import sum_of_amplitudes
from rbfcore.storage.networks import load_network
from rbfcore.studies.figure1 import N_PROTOTYPES, TRAINING, trained_on_the_toy
from rbfcore.training.train import train

FOLLOWED = 150.0  # seconds to follow the schedule's trajectory
_TIMED_STEPS = 10
_NETWORK = "cu100"
_TOY_SEEDS = 5
_EPOCHS = {1024: 30, 4096: 15}  # of training on the synthetic barrier: test RMSE .004 and .008 eV of .35
_COMPONENTS = (1, 4, 8, 16)  # of the mixture, chosen by held-out likelihood
_FREER = {"slope_cap": 0.95, "ridge": 2e-4, "offset_penalty": 2e-4}
_HARDLY_HELD = {"slope_cap": 0.999, "ridge": 1e-9, "offset_penalty": 1e-9}
_WAYS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "freer": _FREER,
    "freer, two rounds of exchange": {**_FREER, "exchange_rounds": 2},
    "hardly held, started at full size, two rounds of exchange": {
        **_HARDLY_HELD,
        "grow_from_half": False,
        "exchange_rounds": 2,
    },
    "five rounds of exchange": {"exchange_rounds": 5},
    "started at full size": {"grow_from_half": False},
}


class LogSumBernoulli(Finite):
    """Theorem 1.3 one input at a time, summed in logs: the form that first comes to mind and is stable.

    Not a `Bernoulli`, for which the loss would take its own fast form.
    """

    def __init__(self, q: Tensor) -> None:
        self.q = q
        super().__init__(torch.tensor([-1.0, 1.0]), torch.stack([1 - q, q], -1))

    def _expectation(self, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        k, r = k.unsqueeze(-1), r.unsqueeze(-2)
        total = torch.zeros((), dtype=u.dtype)
        for d, q in enumerate(self.q.tolist()):
            left, right = u[..., d].unsqueeze(-1), v[..., d].unsqueeze(-2)
            letters = [
                math.log(chance) - k * (x - left).square() - r * (x - right).square()
                for x, chance in ((1.0, q), (-1.0, 1 - q))
            ]
            total = total + torch.logaddexp(*letters)
        return total.exp()


def rows() -> Iterator[dict[str, Any]]:
    """One comparison at a time, on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        large = load_network(assets_folder() / "networks" / f"{_NETWORK}.safetensors")
        for name, network in ((_NETWORK, large), ("synthetic barrier", _trained(1024))):
            yield from _against_the_schedule(network, 16, restarts=10, given=360, followed=FOLLOWED, name=name)
            yield from _against_the_schedule(network, 64, restarts=1, given=54, followed=FOLLOWED / 3, name=name)
        yield _largest(_trained(4096))
        yield from _toy()
        yield from _three_letters()
        yield from _held_out(large)
    finally:
        torch.set_num_threads(threads)


def _trained(k: int) -> RBFN:
    """K centroids fitted to the synthetic barrier."""
    train_set, validation, _ = synthetic_barrier_dataset().split(seed=0)
    return train(train_set, validation, k, "fast", max_epochs=_EPOCHS[k]).network


def _against_the_schedule(
    large: RBFN, m: int, restarts: int, given: float, followed: float, name: str
) -> Iterator[dict[str, Any]]:
    """The schedule after `given` seconds of the log-sum form and after all that fits in `followed` seconds."""
    case = {"case": f"{name}, K {large.n_centroids} -> M {m}, {restarts} restarts"}
    loss = PruningLoss(large, Bernoulli())
    variance = float(loss.variance)
    start = random_subsets(loss, m, restarts, seed=0)
    per_step = _log_sum_step(large, start)
    early, late, steps = _followed(loss, start, math.ceil(given / per_step), followed)
    given = min(given, steps * per_step)
    for candidates, seconds in ((early, given), (late, steps * per_step)):
        best = int(candidates.losses.argmin())
        network = RBFN.from_parameters(
            candidates.alpha[best], candidates.beta[best], candidates.gamma[best], candidates.theta[best]
        )
        yield {
            **case,
            "method": f"the paper's schedule, log-sum form, {round(seconds / per_step)} steps",
            "seconds": seconds,
            "seconds per step": per_step,
            "loss / variance": float(candidates.losses[best]) / variance,
            "amplitudes": sum_of_amplitudes(network, loss.p),
            "ended": candidates.running == 0,
        }
    reached, further = float(early.losses.min()), float(late.losses.min())
    for way, options in _WAYS.items():
        started = time.process_time()
        first = None
        for step in prune_steps(large, Bernoulli(), m, restarts=restarts, **options):
            spent = time.process_time() - started
            if first is None and step.loss <= reached:
                first = spent
        yield {
            **case,
            "method": f"gauss-newton, {way}",
            "seconds": spent,
            "steps": step.iteration,
            "loss / variance": step.loss / variance,
            "median of restarts": float(torch.from_numpy(step.losses).median()) / variance,
            "amplitudes": sum_of_amplitudes(RBFN.from_plain(step.network), loss.p),
            "loss against the schedule's": step.loss / reached,
            "against its last": step.loss / further,
            "seconds to the schedule's loss": first,
            "times faster to it": None if first is None else given / first,
        }


def _log_sum_step(large: RBFN, start: list[Tensor]) -> float:
    """Seconds of one step of the schedule in the log-sum form."""
    plain = PruningLoss(large, LogSumBernoulli(torch.full((large.n_inputs,), 0.5, dtype=torch.float64)))
    _ = plain.second_moment  # the constant is no part of a step
    started = time.process_time()
    for _ in zip(range(_TIMED_STEPS), adam_steps(plain, start, AdamSettings()), strict=False):
        pass
    return (time.process_time() - started) / _TIMED_STEPS


def _followed(loss: PruningLoss, start: list[Tensor], early: int, seconds: float) -> tuple[Candidates, Candidates, int]:
    """The schedule after `early` steps, the last that fits in `seconds`, and its number."""
    started = time.process_time()
    for steps, candidates in enumerate(adam_steps(loss, start, AdamSettings()), start=1):
        if steps <= early:
            then = candidates
        if time.process_time() - started > seconds:
            break
    return then, candidates, steps


def _largest(large: RBFN) -> dict[str, Any]:
    started = time.process_time()
    *_, step = prune_steps(large, Bernoulli(), 16)
    spent = time.process_time() - started
    variance = float(PruningLoss(large, Bernoulli()).variance)
    return {
        "case": f"synthetic barrier, K {large.n_centroids} -> M 16, 10 restarts, with the K x K constant",
        "method": "gauss-newton, defaults",
        "seconds": spent,
        "steps": step.iteration,
        "loss / variance": step.loss / variance,
    }


def _toy() -> Iterator[dict[str, Any]]:
    """Networks that have learned the ripples of the toy problem, and networks of the paper's recipe, which leaves a
    part of them: what three prototypes can reach depends on how much there is to follow."""
    distributions: tuple[InputDistribution, ...] = (Normal(), Uniform(-REACH, REACH))
    for recipe, seed in product((TRAINING, {"recipe": "paper"}), range(_TOY_SEEDS)):
        trained = trained_on_the_toy(seed, **recipe)
        for p, each in product(distributions, (False, True)):
            started = time.process_time()
            result = prune(trained.network, p, N_PROTOTYPES, restarts=10, per_prototype_gamma=each)
            yield {
                "case": f"toy, recipe {recipe['recipe']}, seed {seed}, {p.describe()}, 10 restarts",
                "method": "lbfgs, a gamma per prototype" if each else "lbfgs",
                "validation rmse": trained.rmse,
                "seconds": time.process_time() - started,
                "steps": len(result.history),
                "loss": result.loss,
            }


def _three_letters() -> Iterator[dict[str, Any]]:
    """Inputs of three values each: Gauss-Newton in the centroids against L-BFGS alone."""
    rng = np.random.default_rng(0)
    letters, chances, d = (-1.0, 0.0, 1.0), (0.3, 0.3, 0.4), 12
    x = rng.choice(letters, size=(20_000, d), p=chances).astype(np.float32)
    y = np.tanh(x @ rng.normal(size=(d, 8)) * 1.5 / d**0.5) @ rng.normal(size=8) + 0.3 * x[:, 0] * x[:, 1] * x[:, 2]
    data = DataSet("three letters", x, y, tuple(str(number) for number in range(1, d + 1)), "real")
    train_set, validation, _ = data.split(seed=0)
    large = train(train_set, validation, 512, max_epochs=15).network
    for seed, method in product(range(2), ("lbfgs", "gauss-newton")):
        started = time.process_time()
        result = prune(large, Finite(letters, chances), 16, restarts=10, seed=seed, method=method)
        yield {
            "case": f"K 512 -> M 16, three letters, 12 inputs, 10 restarts, seed {seed}",
            "method": method,
            "seconds": time.process_time() - started,
            "loss / variance": result.loss / result.variance,
            "median restart": float(np.median(result.restarts)) / result.variance,
        }


def _held_out(large: RBFN) -> Iterator[dict[str, Any]]:
    """What the assumed distribution is worth: the gap on real environments that it was not fitted to.

    Fitted to the symmetric images of a fifth of the training families, which every environment has alike.
    """
    train_set, _, test = load_dataset(_NETWORK).split(seed=0)
    train_set, images = train_set.with_images(), test.with_images()
    assert train_set.family is not None
    families = np.unique(train_set.family)
    chosen = np.random.default_rng(0).choice(families, len(families) // 5, replace=False)
    train_set = train_set.rows(np.flatnonzero(np.isin(train_set.family, chosen)))
    mixture = fit_distribution(train_set, kind="bernoulli_mixture", n_components=_COMPONENTS)
    sites = mixture.bernoulli_form()
    assert sites is not None
    fitted = {
        "Bernoulli": fit_distribution(train_set, kind="bernoulli"),
        f"mixture of {len(sites[0])}": mixture,
    }
    for seed, (name, p), method in product(range(3), fitted.items(), ("lbfgs", "gauss-newton")):
        started = time.process_time()
        result = prune(large, p, 16, restarts=2, seed=seed, method=method, tolerance=3e-4)
        yield {
            "case": f"K {large.n_centroids} -> M 16 under a fitted {name}, 2 restarts, seed {seed}",
            "method": method,
            "seconds": time.process_time() - started,
            "held-out log-likelihood": log_likelihood(p, images),
            "rms gap": result.rms_gap,
            "rms gap on held-out data": _gap(result.network, large, test.x),
            "on their images": _gap(result.network, large, images.x),
        }


def _gap(small: RBFN, large: RBFN, x: NDArray[np.float32]) -> float:
    gap = small.predict(x).astype(np.float64) - large.predict(x)
    return float(np.sqrt(np.square(gap).mean()))
