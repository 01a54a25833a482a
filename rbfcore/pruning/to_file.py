"""Pruning a network into a file with its run card."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

from rbfcore.distributions.base import InputDistribution
from rbfcore.network import RBFN
from rbfcore.pruning.card import pruning_card
from rbfcore.pruning.prune import PruneStep, outcome_of, prune_steps
from rbfcore.storage.networks import save_network
from rbfcore.storage.run_card import RunCard


def prune_to_file(
    large: RBFN, parent: RunCard, p: InputDistribution, output: str | Path, **settings: Any
) -> Generator[PruneStep, None, RunCard]:
    """Prune, and write the prototypes once all steps have been taken.

    Args:
        large: network of K centroids; parent: its run card.
        p: the input distribution, over the same inputs.
        output: file of the prototypes, ending in .safetensors.
        settings: as `rbfcore.prune_steps` takes them.

    Yields:
        Every step of `rbfcore.prune_steps`.

    Returns:
        The run card.

    Raises:
        ValueError: bad settings, or a result that single precision cannot evaluate: nothing is written then.
    """
    step, history = None, []
    for step in prune_steps(large, p, **settings):
        history.append((step.iteration, step.loss))
        yield step
    assert step is not None
    result = outcome_of(step, history, large, p)
    if not result.float32_safe:
        raise ValueError(
            f"single precision evaluates the pruned network with errors up to {result.float32_error:.2g} (RMS gap "
            f"{result.rms_gap:.2g}): its prototypes cancel each other; use a larger ridge or a lower slope cap"
        )
    card = pruning_card(result, large.plain(**parent.as_dict()), p, settings)
    save_network(result.network, output, card.as_dict())
    return card
