"""rbfscope prune: fit a few prototypes to a trained network under an input distribution."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.commands.progress import drained
from rbfcore.distributions.registry import usage

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution
    from rbfcore.network import RBFN
    from rbfcore.pruning.prune import PruneStep
    from rbfcore.storage.run_card import RunCard

# Options of the fast methods that trade fidelity for prototypes that are easy to read.
OPTIONS = {
    "slope_cap": "|tanh(2 gamma theta)| stays at or below it, on -1/+1 inputs (default 0.8)",
    "ridge": "penalty on the variance of the prototypes' contributions, as a share",
    "offset_penalty": "penalty on the part of the mean that the prototypes carry",
}


def add_parser(commands: Any) -> None:
    """Add `prune NET` to the console command."""
    parser = commands.add_parser("prune", help="prune a network to a few prototypes")
    parser.add_argument("network", help="a network file (.safetensors, or a torch state_dict .pt)")
    parser.add_argument("-m", "--prototypes", type=int, default=16, metavar="M")
    parser.add_argument(
        "-p",
        "--distribution",
        default="bernoulli:0.5",
        metavar="P",
        help=usage("bernoulli:0.5"),
    )
    parser.add_argument("--restarts", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--method", help="gauss-newton or lbfgs (whichever applies), or adam, the paper's schedule")
    for name, meaning in OPTIONS.items():
        parser.add_argument("--" + name.replace("_", "-"), type=float, default=None, metavar="X", help=meaning)
    parser.add_argument("--per-prototype-gamma", action="store_true", help="one width per prototype (continuous data)")
    parser.add_argument("-o", "--output", required=True, metavar="PRUNED.safetensors")
    parser.add_argument("--json", action="store_true", help="print the run card as JSON")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    import rbfcore as rc
    from rbfcore.distributions.parsing import distribution_from_text

    parent = rc.read_parameters(arguments.network)
    large = rc.RBFN.from_plain(parent)
    p = distribution_from_text(arguments.distribution)
    card = prune_and_save(
        large,
        parent.card,
        p,
        arguments.output,
        n_prototypes=arguments.prototypes,
        restarts=arguments.restarts,
        seed=arguments.seed,
        method=arguments.method,
        **{name: getattr(arguments, name) for name in OPTIONS if getattr(arguments, name) is not None},
        **({"per_prototype_gamma": True} if arguments.per_prototype_gamma else {}),
    )
    if arguments.json:
        print(json.dumps(card.as_dict(), indent=1))
    else:
        unit = card.unit_in_words
        print(
            f"{arguments.output}: {arguments.prototypes} prototypes, exact RMS gap {card.rms_gap:.4f} {unit} under "
            f"{card.distribution} (loss {card.loss:.6g}; sd of the network {(card.variance or 0.0) ** 0.5:.4f} {unit}; "
            f"sum of amplitudes {card.sum_of_amplitudes:.3g} {unit})"
        )
    return 0


def prune_and_save(
    large: "RBFN", parent_card: "RunCard", p: "InputDistribution", output: str | Path, **settings: Any
) -> "RunCard":
    """Prune, report progress on a terminal, write the pruned network with its run card, and return the card.

    Raises:
        ValueError: bad settings, or a result that single precision cannot evaluate: nothing is written then.
    """
    from rbfcore.pruning.to_file import prune_to_file

    return drained(prune_to_file(large, parent_card, p, output, **settings), _line)


def _line(step: "PruneStep") -> str | None:
    if step.iteration % 50 and not step.done:
        return None
    return (
        f"step {step.iteration}  RMS gap {step.rms_gap:.4f}  {step.running} restarts running  {step.seconds:.0f} s "
        + ("\n" if step.done else "")
    )
