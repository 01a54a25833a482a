"""The run card of a pruned network."""

from typing import TYPE_CHECKING, Any

from rbfcore.distributions.recorded import distribution_entries
from rbfcore.parameters import Parameters
from rbfcore.storage.run_card import RunCard, run_card

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution
    from rbfcore.pruning.prune import PruneResult

# What a pruned network inherits from the run card of the network it was pruned from.
INHERITED = ("dataset", "unit", "lattice", "surface", "potential", "target", "numbering")


def pruning_card(
    result: "PruneResult", parent: Parameters, p: "InputDistribution", settings: Any, **more: Any
) -> RunCard:
    """The run card of a pruned network.

    Args:
        result: the finished pruning; settings: what it was run with.
        parent: the large network with its own run card, some facts of which are inherited.
        p: the input distribution; more: further facts worth keeping.
    """
    return run_card(
        command="prune",
        network=result.network,
        parent=parent.fingerprint(),
        **distribution_entries(p, parent.n_inputs),
        pruning=settings,
        seconds=round(result.seconds, 1),
        **parent.card.taken(INHERITED),
        **result.outcome(),
        **more,
    )
