"""rbfscope table: the response in every environment as a file, and the exact gap to another network."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.commands.progress import drained

if TYPE_CHECKING:
    from rbfcore.explain.table_file import Extreme
    from rbfcore.parameters import Parameters


def add_parser(commands: Any) -> None:
    """Add `table NET` to the console command."""
    parser = commands.add_parser("table", help="write the response in all 2^D environments, or compare two networks")
    parser.add_argument("network", help="a network file (.safetensors, or a torch state_dict .pt) on -1/+1 inputs")
    parser.add_argument(
        "-o", "--output", metavar="TABLE.npy", help="float32, bit d (least significant first) of the place: input d + 1"
    )
    parser.add_argument(
        "--against", metavar="OTHER", help="another network: distribution of the gap, worst environments"
    )
    parser.add_argument("--json", action="store_true", help="print as JSON")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.output is None and arguments.against is None:
        raise ValueError("say where to write the table (-o TABLE.npy) or what to compare with (--against OTHER)")
    if arguments.output is not None and Path(arguments.output).suffix != ".npy":
        raise ValueError(f"{Path(arguments.output).name!r} must end in .npy: tables are written as numpy arrays")
    import rbfcore as rc

    network = rc.read_parameters(arguments.network)
    unit = network.card.unit_in_words
    facts: dict[str, Any] = {"network": arguments.network, "fingerprint": network.fingerprint(), "unit": unit}
    if arguments.output is not None:
        facts.update(_written(network, arguments.output))
        if not arguments.json:
            _print_table(facts, network.n_inputs)
    if arguments.against is not None:
        facts.update(_compared(network, rc.read_parameters(arguments.against), arguments.against))
        if not arguments.json:
            _print_comparison(facts)
    if arguments.json:
        print(json.dumps(facts, indent=1))
    return 0


def _written(network: "Parameters", output: str) -> dict[str, Any]:
    """Write the table, and say what is in it."""
    from rbfcore.explain.table_file import table_to_file

    table = drained(table_to_file(network, output), lambda share: f"{share:.0%} " + ("\n" if share == 1 else ""))

    def placed(extreme: "Extreme") -> dict[str, Any]:
        filled = _filled(extreme.index, network.n_inputs)
        return {"response": extreme.response, "index": extreme.index, "filled": filled}

    return {
        "table": output,
        "environments": table.environments,
        "mean": table.mean,
        "sd": table.sd,
        "lowest": placed(table.lowest),
        "highest": placed(table.highest),
        "largest_rounding_error_seen": table.rounding_error,
    }


def _compared(network: "Parameters", other: "Parameters", name: str) -> dict[str, Any]:
    import rbfcore as rc

    comparison = rc.table_comparison(network, other)
    worst = [
        {"gap": gap, "index": int(index), "filled": _filled(int(index), network.n_inputs)}
        for gap, index in zip(comparison.worst_gap.tolist(), comparison.worst_index, strict=True)
    ]
    return {
        "against": name,
        "environments": comparison.n_environments,
        "rms_gap": comparison.rms,
        "mean_gap": comparison.mean,
        "largest_gap": comparison.largest,
        "gap_quantiles": {str(share): value for share, value in comparison.quantiles.items()},
        "worst": worst,
    }


def _filled(index: int, n_inputs: int) -> list[int]:
    from rbfcore.lattice.codes import filled_of

    return [d + 1 for d, filled in enumerate(filled_of(index, n_inputs)) if filled]


def _print_table(facts: dict[str, Any], n_inputs: int) -> None:
    from rbfcore.explain.table_file import CHECKED

    print(
        f"{facts['table']}: {facts['environments']:,} environments of {n_inputs} inputs, mean {facts['mean']:.4f} "
        f"{facts['unit']}, standard deviation {facts['sd']:.4f}, rounding error at most "
        f"{facts['largest_rounding_error_seen']:.1e} in {CHECKED} checked"
    )
    for name in ("lowest", "highest"):
        place = facts[name]
        print(f"{name:8} {place['response']:.4f} {facts['unit']} at index {place['index']}, filled: {place['filled']}")


def _print_comparison(facts: dict[str, Any]) -> None:
    shares = ", ".join(f"{float(share):.2%} within {gap:.4f}" for share, gap in facts["gap_quantiles"].items())
    print(
        f"gap to {facts['against']} over all {facts['environments']:,} environments: RMS {facts['rms_gap']:.6f} "
        f"{facts['unit']}, {shares}, largest {facts['largest_gap']:.4f}"
    )
    for place in facts["worst"][:5]:
        print(f"worst    {place['gap']:+.4f} {facts['unit']} at index {place['index']}, filled: {place['filled']}")
