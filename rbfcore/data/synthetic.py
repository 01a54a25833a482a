"""A synthetic barrier on 26 sites whose exact answer is known: a cluster expansion with the shape of bond counting."""

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rbfcore.data.dataset import DataSet
from rbfcore.lattice import environment

MEAN, SD = 0.8, 0.35  # eV, over all 2^26 environments
ORDER_SHARES = (0.75, 0.21, 0.04)  # of the variance: one-, two- and three-site terms
_BOND = 2**-0.5  # lattice constants between nearest neighbours
_DECAY, _REPULSION = 2.5, 5.0  # per bond length
_BOND_SHARE = 1.5  # weight of attraction against repulsion

Terms = tuple[tuple[NDArray[np.int64], NDArray[np.float64]], ...]


@cache
def synthetic_terms() -> Terms:
    """Sites (n, o) and coefficients (n,) in eV of the terms of order o = 1, 2, 3.

    The moving atom goes from the origin I to its empty neighbour; S is half-way. With bonds that fade as
    w(r) = exp(-2.5 (r / r0 - 1)) and repulsion v(r) = exp(-5 (r / r0 - 1)):

    - one site: 1.5 [w(|R - I|) - w(|R - S|)] + v(|R - S|): bonds lost, bonds kept, room at the saddle;
    - two neighbouring sites: bonds weaken each other, w w at S less w w at I;
    - three sites that are neighbours of each other: the next term of the same series, of opposite sign.

    Neighbours are at most one lattice constant apart (first and second shell), in triangles one bond length. Each
    order is scaled to its share of the variance. The geometry makes the function symmetric like the jump itself.
    """
    env = environment("fcc", 2)
    positions = np.asarray(env.positions, dtype=np.float64)
    to_initial = np.linalg.norm(positions, axis=1) / _BOND - 1
    to_saddle = np.linalg.norm(positions - np.asarray(env.target) / 2, axis=1) / _BOND - 1
    start, top = (np.exp(-_DECAY * distance) for distance in (to_initial, to_saddle))
    apart = np.linalg.norm(positions[:, None] - positions, axis=2)
    rounding = 1e-6
    pairs = np.array([pair for pair in combinations(range(26), 2) if apart[pair] < 1 + rounding])
    triangles = np.array(
        [
            three
            for three in combinations(range(26), 3)
            if max(apart[one] for one in combinations(three, 2)) < _BOND + rounding
        ]
    )
    single = _BOND_SHARE * (start - top) + np.exp(-_REPULSION * to_saddle)
    orders = (
        (np.arange(26)[:, None], single),
        (pairs, top[pairs].prod(1) - start[pairs].prod(1)),
        (triangles, start[triangles].prod(1) - top[triangles].prod(1)),
    )
    return tuple(
        (sites, SD * (share / np.square(raw).sum()) ** 0.5 * raw)
        for share, (sites, raw) in zip(ORDER_SHARES, orders, strict=True)
    )


def synthetic_barrier(x: ArrayLike) -> NDArray[np.float64]:
    """Barriers in eV of environments x (N, 26), -1 empty and +1 filled. Under bernoulli:0.5 mean .8 eV, sd .35 eV."""
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != 26:
        raise ValueError(f"x must be (N, 26), got {x.shape}: one column per site")
    y = np.full(len(x), MEAN)
    for sites, coefficients in synthetic_terms():
        y += x[:, sites].prod(2) @ coefficients
    return y


def synthetic_barrier_dataset(n_samples: int = 60_000, seed: int = 0) -> DataSet:
    """`synthetic_barrier` at environments drawn at random, every site filled with probability 1/2, without noise.

    Raises:
        ValueError: fewer than one sample.
    """
    if n_samples < 1:
        raise ValueError(f"n_samples must be >= 1, got {n_samples}")
    x = (2 * np.random.default_rng(seed).integers(0, 2, (n_samples, 26)) - 1).astype(np.float32)
    return DataSet(
        name="synthetic-barrier",
        x=x,
        y=synthetic_barrier(x),
        site_names=tuple(str(site) for site in range(1, 27)),
        coding="occupation",
        unit="eV",
        lattice="fcc26",
        provenance={
            "title": "one-, two- and three-site terms shaped like bond counting, 26 sites at random",
            "seed": seed,
            "source": "rbfcore.data.synthetic",
        },
    )
