"""rbfscope bench: measured figures against plain baselines, printed and never asserted."""

import argparse
import json
from typing import Any

NAMES = ("pruning", "training")


def add_parser(commands: Any) -> None:
    """Add `bench` to the console command."""
    parser = commands.add_parser("bench", help="measure: " + ", ".join(NAMES))
    parser.add_argument("names", nargs="*", metavar="NAME", help="which (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object per line")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        raise ValueError(f"unknown benchmark {', '.join(sorted(unknown))}: expected {', '.join(NAMES)}")
    from rbfcore.bench.pruning import rows as pruning_rows
    from rbfcore.bench.training import rows as training_rows

    suites = {"pruning": pruning_rows, "training": training_rows}
    for name in arguments.names or NAMES:
        for row in suites[name]():
            if arguments.json:
                print(json.dumps({"bench": name, **row}), flush=True)
            else:
                print(name, "  ".join(f"{key} {_shown(value)}" for key, value in row.items()), flush=True)
    return 0


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
