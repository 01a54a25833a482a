"""Exact explanations against plain ways to the same numbers: whole matrices, one environment after the other."""

import resource
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import product
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from rbfcore.bench.timing import alternating, timed
from rbfcore.data.bundled import assets_folder
from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Bernoulli
from rbfcore.distributions.gaussian_mixture import Normal
from rbfcore.distributions.uniform import Uniform
from rbfcore.explain.attribution import shapley_values
from rbfcore.explain.comparison import table_comparison
from rbfcore.explain.enumeration import enumerate_binary, environments
from rbfcore.explain.sensitivity import interaction_orders, shapley_effects, sobol
from rbfcore.network import RBFN
from rbfcore.numerics.threads import one_core
from rbfcore.pruning.objective import pruning_loss
from rbfcore.storage.networks import load_network

_ROUNDS = 3
_SAMPLE = 2**18  # environments that direct evaluation is timed on


def rows() -> Iterator[dict[str, Any]]:
    """Seconds on the cores torch is given, ratios within one run as smallest / median / largest."""
    with one_core():
        yield from _tables()
        yield from _variance()
        yield from _one_environment()
        yield from _beside_shap()


def _network(k: int, d: int = 26) -> RBFN:
    """A bundled network of the real barriers where there is one of this size, else a random one."""
    name = {(4096, 26): "cu100", (16, 26): "cu100-16"}.get((k, d))
    if name:
        return load_network(assets_folder() / "networks" / f"{name}.safetensors")
    return RBFN(d, k, generator=torch.Generator().manual_seed(0))


def _tables() -> Iterator[dict[str, Any]]:
    table = np.zeros(2**26, dtype=np.float32)  # touched once, so that no round pays for the machine's first pages
    enumerate_binary(_network(16), table)  # and none for the first product
    places = np.random.default_rng(0).integers(0, 2**26, _SAMPLE)
    sample = environments(places, 26).astype(np.float32)
    for k in (16, 1024, 4096):
        network = _network(k)

        times = alternating(
            partial(enumerate_binary, network, table), partial(_directly, network, sample), 2 if k > 1024 else _ROUNDS
        )
        exact = RBFN.from_plain(network.plain()).double().predict(sample[:4096])
        yield {
            "task": f"all 2^26 environments, K = {k}",
            **_times(times, scale=2**26 / _SAMPLE),
            "largest_error": float(np.abs(table[places[:4096]] - exact).max()),
            "sum_of_amplitudes": float(network.beta.detach().abs().sum()),
            "peak_rss_gb": _peak(),
        }
    large, small = _network(4096), _network(16)
    comparison, seconds = timed(table_comparison, large, small)
    loss = float(pruning_loss(large, small, Bernoulli(0.5)).detach())
    yield {
        "task": "loss of 4096 -> 16 from the table of all gaps, float64",
        "seconds": seconds,
        "loss_of_table": comparison.rms**2,
        "closed_form": loss,
        "relative_difference": comparison.rms**2 / loss - 1,
        "largest_gap": comparison.largest,
        "peak_rss_gb": _peak(),
    }


@torch.no_grad()
def _directly(network: RBFN, x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every environment by itself, in chunks that stay in cache."""
    result = np.empty(len(x), dtype=np.float32)
    for start in range(0, len(x), 256):
        part = slice(start, start + 256)
        result[part] = network(torch.from_numpy(x[part])).numpy()
    return result


def _variance() -> Iterator[dict[str, Any]]:
    families: tuple[InputDistribution, ...] = (Bernoulli(0.5), Uniform(-4, 4), Normal())
    for k in (1024, 4096):
        network = _network(k)
        for p in families if k == 1024 else families[:1]:
            for name, index in (("Sobol", sobol), ("Shapley effects", shapley_effects), ("orders", interaction_orders)):
                spent = [timed(index, network, p)[1] for _ in range(_ROUNDS)]
                yield {"task": f"{name}, {p.describe()}, K = {k}", "seconds": min(spent), "peak_rss_gb": _peak()}
    network, p = _network(1024), Bernoulli(0.5)
    times = alternating(partial(shapley_effects, network, p), partial(_plain_effects, network), 2)
    gap = np.abs(shapley_effects(network, p) / _plain_effects(network) - 1).max()
    yield {
        "task": "Shapley effects against whole matrices, K = 1024",
        **_times(times),
        "largest_difference": float(gap),
    }


def _plain_effects(network: RBFN) -> NDArray[np.float64]:
    """Shapley effects under bernoulli:0.5 as the formula reads: K x K matrices, one input out at a time."""
    net = network.plain()
    beta, theta = torch.from_numpy(net.beta).double(), torch.from_numpy(net.centroids).double()
    at = [torch.exp(-float(net.gamma) * (theta - x) ** 2) for x in (-1.0, 1.0)]
    nodes, weights = np.polynomial.legendre.leggauss((network.n_inputs + 1) // 2)
    pair = beta[:, None] * beta
    effects = np.zeros(network.n_inputs)
    for t, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        factors, changes = [], []
        for d in range(network.n_inputs):
            low, high = at[0][:, d], at[1][:, d]
            both = (low[:, None] * low + high[:, None] * high) / 2
            alone = (low + high)[:, None] * (low + high) / 4
            factors.append(t * both + (1 - t) * alone)
            changes.append(both - alone)
        whole = pair.clone()
        for factor in factors:
            whole *= factor
        for d in range(network.n_inputs):
            effects[d] += weight * float((whole * changes[d] / factors[d]).sum())
    return effects


def _one_environment() -> Iterator[dict[str, Any]]:
    p = Bernoulli(0.5)
    x = environments(np.random.default_rng(1).integers(0, 2**26, 1000), 26)
    for k in (1024, 4096):
        network = _network(k)
        one = [timed(shapley_values, network, p, x[:1])[1] for _ in range(10)]
        many = [timed(shapley_values, network, p, x)[1] for _ in range(_ROUNDS)]
        values = shapley_values(network, p, x[:1])
        exact = RBFN.from_plain(network.plain()).double().predict(x[:1]) - sobol(network, p).mean
        yield {
            "task": f"Shapley values, K = {k}",
            "one_ms": 1000 * min(one),
            "one_ms_median": 1000 * float(np.median(one)),
            "each_of_1000_ms": min(many),
            "sum_less_prediction": float(np.abs(values.sum(1) - exact).max()),
        }


def _beside_shap() -> Iterator[dict[str, Any]]:
    """D = 10, all 2^10 environments as background: what the shap package needs for the same numbers, if installed."""
    network, p = _network(256, 10), Bernoulli(0.5)
    network = network.double()
    every = np.array(list(product((-1.0, 1.0), repeat=10)))
    x = every[:4]
    ours, seconds = timed(shapley_values, network, p, x)
    reference = _by_subsets(network, every, x)
    yield {
        "task": "Shapley values of 4 environments, D = 10, K = 256",
        "way": "closed form",
        "seconds": seconds,
        "largest_error": float(np.abs(ours - reference).max()),
    }
    if find_spec("shap") is None:
        yield {"task": "Shapley values of 4 environments, D = 10, K = 256", "way": "shap is not installed"}
        return
    shap = import_module("shap")
    masker = shap.maskers.Independent(every, max_samples=len(every))
    ways: dict[str, Callable[[], Any]] = {
        "shap, exact": lambda: shap.explainers.Exact(network.predict, masker)(x).values,
        "shap, kernel": lambda: shap.KernelExplainer(network.predict, every).shap_values(x, silent=True),
        "shap, kernel, 100 background": lambda: shap.KernelExplainer(network.predict, every[::10]).shap_values(
            x, silent=True
        ),
    }
    for name, way in ways.items():
        values, spent = timed(way)
        yield {
            "task": "Shapley values of 4 environments, D = 10, K = 256",
            "way": name,
            "seconds": spent,
            "times_slower": spent / seconds,
            "largest_error": float(np.abs(values - reference).max()),
        }


def _by_subsets(network: RBFN, every: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shapley values by their definition: every subset of the inputs, the others averaged over all environments."""
    d = every.shape[1]
    table = network.predict(every).reshape((2,) * d)  # first input is the slowest axis
    weight = [1 / (d * float(np.prod([(d - 1 - i) / (i + 1) for i in range(size)]))) for size in range(d)]
    result = np.zeros((len(x), d))
    for row, place in enumerate((x > 0).astype(int)):
        values = {}
        for inside in product((False, True), repeat=d):
            cut = table[tuple(place[i] if chosen else slice(None) for i, chosen in enumerate(inside))]
            values[inside] = float(cut.mean())
        for inside, value in values.items():
            for i in range(d):
                if not inside[i]:
                    joined = (*inside[:i], True, *inside[i + 1 :])
                    result[row, i] += weight[sum(inside)] * (values[joined] - value)
    return result


def _times(pairs: list[tuple[float, float]], scale: float = 1.0) -> dict[str, Any]:
    """Best times of both ways, the plain one scaled to the whole task, and the spread of the ratio."""
    ratios = sorted(scale * plain / ours for ours, plain in pairs)
    return {
        "seconds": min(ours for ours, _ in pairs),
        "plain_seconds": scale * min(plain for _, plain in pairs),
        "times_faster": "/".join(f"{ratio:.3g}" for ratio in (ratios[0], float(np.median(ratios)), ratios[-1])),
    }


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
