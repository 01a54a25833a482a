"""rbfscope table: the response in every environment as a file, and the exact gap to another network."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rbfcore.parameters import Parameters

_CHECKED = 512  # environments evaluated again in double precision, to say how exact the table is


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
        facts.update(write_table(network, arguments.output))
        if not arguments.json:
            _print_table(facts, network.n_inputs)
    if arguments.against is not None:
        facts.update(_compared(network, rc.read_parameters(arguments.against), arguments.against))
        if not arguments.json:
            _print_comparison(facts)
    if arguments.json:
        print(json.dumps(facts, indent=1))
    return 0


def write_table(network: "Parameters", output: str | Path) -> dict[str, Any]:
    """Write the table of all environments in bounded memory, and say what is in it."""
    import numpy as np

    import rbfcore as rc
    from rbfcore.storage.files import replacing

    n_inputs = network.n_inputs
    if n_inputs > 36:
        raise ValueError(f"a file of all 2^{n_inputs} environments is too large: at most 36 inputs (256 GiB)")
    total = 2**n_inputs
    generator = np.random.default_rng(0)
    places = np.unique(generator.integers(0, total, _CHECKED))
    seen: list[Any] = []
    sums = squares = 0.0
    lowest, highest = (np.inf, 0), (-np.inf, 0)
    with replacing(output) as temporary:
        table = np.lib.format.open_memmap(temporary, mode="w+", dtype=np.float32, shape=(total,))
        for start, chunk in rc.table_chunks(network):
            table[start : start + len(chunk)] = chunk
            lowest = min(lowest, (float(chunk.min()), start + int(chunk.argmin())))
            highest = max(highest, (float(chunk.max()), start + int(chunk.argmax())))
            sums += float(chunk.sum(dtype=np.float64))
            squares += float(np.square(chunk, dtype=np.float64).sum())
            seen.append(chunk[places[(places >= start) & (places < start + len(chunk))] - start])
            if sys.stderr.isatty():
                print(f"\r{(start + len(chunk)) / total:.0%} ", end="", file=sys.stderr, flush=True)
        if sys.stderr.isatty():
            print(file=sys.stderr)
        table.flush()
        del table
    exact = rc.RBFN.from_plain(network).double().predict(rc.environments(places, n_inputs))
    mean = sums / total
    return {
        "table": str(output),
        "environments": total,
        "mean": mean,
        "sd": max(squares / total - mean**2, 0.0) ** 0.5,
        "lowest": {"response": lowest[0], "index": lowest[1], "filled": _filled(lowest[1], n_inputs)},
        "highest": {"response": highest[0], "index": highest[1], "filled": _filled(highest[1], n_inputs)},
        "largest_rounding_error_seen": float(np.abs(np.concatenate(seen) - exact).max()),
    }


def _compared(network: "Parameters", other: "Parameters", name: str) -> dict[str, Any]:
    import rbfcore as rc

    found = rc.table_comparison(network, other)
    worst = [
        {"gap": gap, "index": int(index), "filled": _filled(int(index), network.n_inputs)}
        for gap, index in zip(found.worst_gap.tolist(), found.worst_index, strict=True)
    ]
    return {
        "against": name,
        "environments": found.n_environments,
        "rms_gap": found.rms,
        "mean_gap": found.mean,
        "largest_gap": found.largest,
        "gap_quantiles": {str(share): value for share, value in found.quantiles.items()},
        "worst": worst,
    }


def _filled(index: int, n_inputs: int) -> list[int]:
    from rbfcore.lattice.codes import filled_of

    return [d + 1 for d, filled in enumerate(filled_of(index, n_inputs)) if filled]


def _print_table(facts: dict[str, Any], n_inputs: int) -> None:
    print(
        f"{facts['table']}: {facts['environments']:,} environments of {n_inputs} inputs, mean {facts['mean']:.4f} "
        f"{facts['unit']}, standard deviation {facts['sd']:.4f}, rounding error at most "
        f"{facts['largest_rounding_error_seen']:.1e} in {_CHECKED} checked"
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
