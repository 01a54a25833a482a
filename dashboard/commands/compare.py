"""rbfscope compare: two networks, by their exact gap and prototype by prototype."""

import argparse
import json
from typing import Any

_MATCHED = 256  # prototypes are matched up to so many: an assignment problem with every image of every pair


def add_parser(commands: Any) -> None:
    """Add `compare A B` to the console command."""
    parser = commands.add_parser(
        "compare", help="the exact gap between two networks, and which prototype of one is which of the other"
    )
    parser.add_argument("network", help="a network file (.safetensors, or a torch state_dict .pt)")
    parser.add_argument("other", help="another one over the same inputs")
    parser.add_argument("-p", "--distribution", default="bernoulli:0.5", metavar="P", help="as `rbfscope prune`")
    parser.add_argument("--lattice", help="fcc26, bcc20, hcp-basal26, ...; default: what the first run card says")
    parser.add_argument("--table", action="store_true", help="go through all 2^D environments: quantiles, worst gap")
    parser.add_argument("--json", action="store_true", help="print as JSON")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    import rbfcore as rc
    from rbfcore.distributions.parsing import distribution_from_text
    from rbfcore.lattice.of_network import comparable, needed_environment

    a, b = rc.read_parameters(arguments.network), rc.read_parameters(arguments.other)
    if a.n_inputs == b.n_inputs and not comparable(a, b):
        raise ValueError(
            f"{arguments.network} lives on the lattice {a.card.lattice}, {arguments.other} on {b.card.lattice}: their "
            "inputs are other sites"
        )
    p = distribution_from_text(arguments.distribution)
    unit = a.card.unit_in_words
    loss = float(rc.pruning_loss(rc.RBFN.from_plain(a), rc.RBFN.from_plain(b), p).detach())
    facts: dict[str, Any] = {
        "network": arguments.network,
        "other": arguments.other,
        "fingerprints": [a.fingerprint(), b.fingerprint()],
        "unit": unit,
        "distribution": p.describe(),
        "loss": loss,
        "rms_gap": loss**0.5,
    }
    on_sites = arguments.lattice is not None or a.card.lattice is not None
    if on_sites and max(a.n_centroids, b.n_centroids) <= _MATCHED:
        matching = rc.match_prototypes(a, b, needed_environment(a, arguments.lattice), p)
        facts["mean_similarity"] = matching.mean
        facts["pairs"] = matching.table().to_dict("records")
    if arguments.table:
        comparison = rc.table_comparison(a, b)
        facts["table"] = {
            "environments": comparison.n_environments,
            "rms_gap": comparison.rms,
            "mean_gap": comparison.mean,
            "largest_gap": comparison.largest,
            "gap_quantiles": {str(share): value for share, value in comparison.quantiles.items()},
        }
    if arguments.json:
        print(json.dumps(facts, indent=1))
        return 0
    print(f"RMS gap {facts['rms_gap']:.6g} {unit} under {facts['distribution']} (exact)")
    if "table" in facts:
        quantiles = ", ".join(f"{float(s):.2%} within {gap:.4f}" for s, gap in facts["table"]["gap_quantiles"].items())
        print(
            f"all {facts['table']['environments']:,} environments: {quantiles}, largest {comparison.largest:.4f} {unit}"
        )
    for pair in facts.get("pairs", []):
        print(
            f"{pair['prototype_a']:4} -> {pair['prototype_b']:4}  similarity {pair['similarity']:.3f}  "
            f"weight ratio {pair['weight_ratio']:.3f}  {pair['element']}"
        )
    if "pairs" in facts:
        print(f"mean similarity {facts['mean_similarity']:.3f}")
    return 0
