"""rbfscope symmetry: how symmetric a network is, its symmetric average, and whether its prototypes come back."""

import argparse
import json
from typing import Any

from rbfcore.pruning.card import INHERITED

_SHOWN = 64  # networks of more centroids than this get no table of their prototypes


def add_parser(commands: Any) -> None:
    """Add `symmetry NET` to the console command."""
    parser = commands.add_parser(
        "symmetry", help="measure the invariance gap of a network, average it, or prune again and again"
    )
    parser.add_argument("network", help="a network file (.safetensors, or a torch state_dict .pt)")
    parser.add_argument("-p", "--distribution", default="bernoulli:0.5", metavar="P", help="as `rbfscope prune`")
    parser.add_argument("--lattice", help="fcc26, bcc20, hcp-basal26, ...; default: what the network's run card says")
    parser.add_argument("-o", "--output", metavar="SYMMETRIC.safetensors", help="write the average over all images")
    parser.add_argument(
        "--stability", type=int, metavar="N", help="prune with N seeds: how many of the prototypes come back"
    )
    parser.add_argument("-m", "--prototypes", type=int, default=16, metavar="M", help="of --stability")
    parser.add_argument("--restarts", type=int, default=10, help="of --stability")
    parser.add_argument("--json", action="store_true", help="print as JSON")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.stability is not None and arguments.stability < 2:
        raise ValueError(f"--stability needs at least 2 seeds to compare, got {arguments.stability}")
    import rbfcore as rc
    from rbfcore.distributions.parsing import distribution_from_text
    from rbfcore.lattice.of_network import needed_environment
    from rbfcore.storage.run_card import run_card

    network = rc.read_parameters(arguments.network)
    env, p = needed_environment(network, arguments.lattice), distribution_from_text(arguments.distribution)
    gap = rc.invariance_gap(network, env, p)
    facts: dict[str, Any] = {
        "network": arguments.network,
        "fingerprint": network.fingerprint(),
        "unit": network.card.unit_in_words,
        "distribution": p.describe(),
        "group_order": len(env.symmetry),
        "invariance_gap": gap,
    }
    if network.n_centroids <= _SHOWN:
        scores = rc.symmetry_scores(network, env, p)
        facts["symmetric_share"] = scores.mean
        facts["prototypes"] = scores.table().to_dict("records")
    if arguments.output is not None:
        average = rc.symmetrize(network, env)
        inherited = network.card.taken(INHERITED)
        card = run_card("symmetry", average, parent=network.fingerprint(), invariance_gap=gap, **inherited)
        rc.save_network(average, arguments.output, card.as_dict())
        facts["symmetrized"] = {"file": arguments.output, "n_centroids": average.n_centroids}
    if arguments.stability is not None:
        stability = rc.prototype_stability(
            rc.RBFN.from_plain(network),
            p,
            env,
            arguments.prototypes,
            seeds=range(arguments.stability),
            restarts=arguments.restarts,
        )
        facts["stability"] = {
            "seeds": arguments.stability,
            "similarity": stability.overall,
            "chance": stability.chance,
            "found": float(stability.recovered().mean()),
            "prototypes": stability.table().to_dict("records"),
        }
    if arguments.json:
        print(json.dumps(facts, indent=1))
    else:
        _print(facts)
    return 0


def _print(facts: dict[str, Any]) -> None:
    print(
        f"{facts['network']}: {facts['invariance_gap']:.6g} {facts['unit']} from its average over "
        f"{facts['group_order']} images (exact RMS under {facts['distribution']})"
    )
    if "symmetric_share" in facts:
        print(f"prototypes are symmetric by {facts['symmetric_share']:.1%} on average")
    if "symmetrized" in facts:
        print(f"{facts['symmetrized']['file']}: the average, {facts['symmetrized']['n_centroids']} centroids")
    if "stability" in facts:
        stability = facts["stability"]
        print(
            f"prototypes of {stability['seeds']} seeds: similarity {stability['similarity']:.3f} "
            f"(chance {stability['chance']:.3f}), {stability['found']:.0%} come back at .9 or more"
        )
