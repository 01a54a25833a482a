"""Speed of the parts that everything else waits for, each against a plain form in the same run."""

import statistics
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from rbfcore.bench.timing import alternating, timed
from rbfcore.data.load import load_dataset
from rbfcore.distributions.finite import Bernoulli
from rbfcore.distributions.uniform import Uniform
from rbfcore.network import RBFN
from rbfcore.numerics.threads import one_core
from rbfcore.training.train import train_steps

ROUNDS = 5
PREDICTION_ROWS = 2**17


def rows() -> Iterator[dict[str, Any]]:
    """Expectation kernels, epochs of the paper's recipe, prediction. One core; ratios are medians with their range."""
    with one_core():
        yield from _expectations()
        yield from _epochs()
        yield from _predictions()


def _compared(fast: Callable[[], Any], plain: Callable[[], Any], rounds: int = ROUNDS) -> dict[str, Any]:
    """Both in turn: median seconds of each, and their ratio with its range."""
    fast(), plain()
    pairs = alternating(fast, plain, rounds)
    ratios = sorted(b / a for a, b in pairs)
    return {
        "ms": 1e3 * statistics.median(a for a, _ in pairs),
        "plain_ms": 1e3 * statistics.median(b for _, b in pairs),
        "times_faster": f"{statistics.median(ratios):.1f} ({ratios[0]:.1f}-{ratios[-1]:.1f})",
    }


def _expectations() -> Iterator[dict[str, Any]]:
    generator = torch.Generator().manual_seed(0)
    u, v = (4 * torch.rand(n, 26, dtype=torch.float64, generator=generator) - 2 for n in (1024, 160))
    gamma = 0.05
    bernoulli, uniform = Bernoulli(0.5), Uniform(-1.0, 1.0)
    nodes = uniform.for_inputs(26).nodes(16)
    yield {
        "task": "expectation, Bernoulli, 1024 x 160 x 26, float64",
        **_compared(lambda: bernoulli.expectation(gamma, u, gamma, v), lambda: _log_sum(gamma, u, v)),
        "largest_relative_error": _error(bernoulli.expectation(gamma, u, gamma, v), _log_sum(gamma, u, v)),
    }
    yield {
        "task": "expectation, uniform by 16 nodes against erf, 1024 x 160 x 26, float64",
        **_compared(lambda: nodes.expectation(gamma, u, gamma, v), lambda: uniform.expectation(gamma, u, gamma, v)),
        "largest_relative_error": _error(
            nodes.expectation(gamma, u, gamma, v), uniform.expectation(gamma, u, gamma, v)
        ),
    }


def _log_sum(gamma: float, u: Tensor, v: Tensor) -> Tensor:
    """Theorem 1.3 input by input in logarithms, the plain stable form."""
    total = torch.zeros(len(u), len(v), dtype=u.dtype)
    for d in range(u.shape[1]):
        a, b = u[:, d : d + 1], v[:, d]
        filled = -gamma * ((1 - a).square() + (1 - b).square())
        empty = -gamma * ((1 + a).square() + (1 + b).square())
        total += torch.logaddexp(filled, empty) - np.log(2)
    return total.exp()


def _error(computed: Tensor, expected: Tensor) -> float:
    return float(((computed - expected) / expected).abs().max())


def _epochs() -> Iterator[dict[str, Any]]:
    train_set, validation, _ = load_dataset("cu100").split(seed=0)
    y = torch.from_numpy((train_set.y - train_set.y.mean()) / train_set.y.std()).float()
    loader = DataLoader(TensorDataset(torch.from_numpy(train_set.x), y), batch_size=64, shuffle=True)
    for size in (128, 1024, 4096):
        network = RBFN(26, size, generator=torch.Generator().manual_seed(0))
        optimiser = torch.optim.Adam(network.parameters(), lr=1e-2, weight_decay=1e-5)

        def plain(network: RBFN = network, optimiser: torch.optim.Adam = optimiser) -> None:
            for x, target in loader:
                optimiser.zero_grad()
                (network(x) - target).square().sum().backward()
                optimiser.step()

        steps = train_steps(train_set, validation, size, "paper")
        yield {
            "task": f"one epoch of the paper's recipe, cu100, K = {size}",
            **_compared(partial(next, steps), plain, rounds=3),
        }


def _predictions() -> Iterator[dict[str, Any]]:
    x = np.sign(np.random.default_rng(0).normal(size=(PREDICTION_ROWS, 26))).astype(np.float32)
    for size in (16, 1024, 4096):
        network = RBFN(26, size, generator=torch.Generator().manual_seed(0))
        network.predict(x[:1000])
        seconds = sorted(timed(network.predict, x)[1] for _ in range(3))
        yield {
            "task": f"prediction, K = {size}, float32",
            "rows_per_second": round(PREDICTION_ROWS / seconds[1]),
            "range": f"{PREDICTION_ROWS / seconds[2]:.0f}-{PREDICTION_ROWS / seconds[0]:.0f}",
        }
