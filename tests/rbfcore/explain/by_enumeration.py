"""What exact explanations must equal: sums over every input, straight from the definitions."""

from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from rbfcore.parameters import Parameters

Alphabet = tuple[NDArray, NDArray]  # letters of an input and their probabilities


def response(net: Parameters, x: NDArray) -> NDArray:
    """(N, D) -> (N,), Eq. (2) as it is written."""
    apart = np.square(x[:, None] - net.centroids).sum(2)
    return net.alpha + np.exp(-np.broadcast_to(net.gamma, len(net.beta)) * apart) @ net.beta


def table(net: Parameters, inputs: list[Alphabet]) -> NDArray:
    """The response at every combination of letters, one axis per input."""
    grid = np.stack(np.meshgrid(*(letters for letters, _ in inputs), indexing="ij"), -1)
    flat = grid.reshape(-1, len(inputs))
    blocks = [response(net, block) for block in np.array_split(flat, 1 + len(flat) // 4096)]
    return np.concatenate(blocks).reshape(grid.shape[:-1])


def averaged(values: NDArray, inputs: list[Alphabet], over: set[int]) -> NDArray:
    """E over these axes, which stay with length 1."""
    for d in over:
        values = np.expand_dims(np.tensordot(values, inputs[d][1], axes=(d, 0)), d)
    return values


def variance_parts(values: NDArray, inputs: list[Alphabet]) -> dict[tuple[int, ...], float]:
    """The variance of every term of the decomposition f = sum_S f_S into uncorrelated functions of the inputs in S.

    f_S is f less its average over one input after the other of S, then averaged over the inputs outside S.
    """
    axes = range(len(inputs))
    parts = {}
    for size in range(1, len(inputs) + 1):
        for chosen in combinations(axes, size):
            term = averaged(values, inputs, set(axes) - set(chosen))
            for d in chosen:
                term = term - averaged(term, inputs, {d})
            parts[chosen] = float(averaged(term**2, inputs, set(chosen)).squeeze())
    return parts


def shapley_by_definition(value: dict[frozenset[int], NDArray], n_inputs: int) -> NDArray:
    """(N, D) from the value of every subset: the average gain over all orders in which inputs can join."""
    shares = []
    for d in range(n_inputs):
        share = 0.0
        for subset, worth in value.items():
            if d not in subset:
                size = len(subset)
                chance = factorial(size) * factorial(n_inputs - size - 1) / factorial(n_inputs)
                share = share + chance * (value[subset | {d}] - worth)
        shares.append(share)
    return np.stack(shares, -1)


def subset_values(net: Parameters, x: NDArray, points: NDArray, chances: NDArray) -> dict[frozenset[int], NDArray]:
    """E[f] with the inputs of every subset at x (N, D) and the others drawn together from weighted points."""
    n_inputs = x.shape[1]
    values = {}
    for size in range(n_inputs + 1):
        for subset in combinations(range(n_inputs), size):
            mixed = np.repeat(points[None], len(x), 0)
            mixed[:, :, list(subset)] = x[:, None, list(subset)]
            rows = response(net, mixed.reshape(-1, n_inputs)).reshape(len(x), -1)
            values[frozenset(subset)] = rows @ chances
    return values


def all_points(inputs: list[Alphabet]) -> tuple[NDArray, NDArray]:
    """Every combination of letters (P, D) and its probability (P,)."""
    grid = np.meshgrid(*(letters for letters, _ in inputs), indexing="ij")
    chances = np.meshgrid(*(chance for _, chance in inputs), indexing="ij")
    return np.stack([g.ravel() for g in grid], 1), np.prod([c.ravel() for c in chances], 0)
