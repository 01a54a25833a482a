"""Making a pruning path: the points of a pruning path as plain networks with run cards of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from rbfcore.distributions.base import InputDistribution
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from rbfcore.pruning.card import pruning_card
from rbfcore.pruning.objective import PruningLoss
from rbfcore.pruning.path import SIZES, prune_path_points
from rbfcore.storage.pruning_path import PruningPath


def path_networks(parent: Parameters, p: InputDistribution, **settings: Any) -> PruningPath:
    """The whole curve; arguments as `path_network_steps`."""
    *_, whole = path_network_steps(parent, p, **settings)
    assert whole is not None
    return whole


def path_network_steps(
    parent: Parameters,
    p: InputDistribution,
    sizes: Sequence[int] = SIZES,
    restarts: int = 4,
    seed: int = 0,
    loss: PruningLoss | None = None,
    **more: Any,
) -> Iterator[PruningPath | None]:
    """The curve so far, after each further size; None after every step on the way there.

    Args:
        parent: the large network with its run card.
        p: input distribution.
        sizes: numbers of prototypes; those above K are left out.
        restarts, seed, loss: as `prune_path_points`.
        more: further facts for the run cards.

    Raises:
        ValueError: no size is at most K.
    """
    fitting = [size for size in sizes if size <= parent.n_centroids]
    settings = {"sizes": fitting, "restarts": restarts, "seed": seed}
    networks: list[Parameters] = []
    for point in prune_path_points(RBFN.from_plain(parent), p, fitting, restarts, seed, loss=loss):
        if point is None:
            yield None
            continue
        card = pruning_card(point.result, parent, p, settings, parent_centroids=parent.n_centroids, **more)
        fingerprint = point.network.plain().fingerprint()
        card = replace(card, loss=point.loss, rms_gap=point.rms_gap, fingerprint=fingerprint)
        networks.append(point.network.plain(**card.as_dict()))
        yield PruningPath(tuple(networks), parent.fingerprint())
