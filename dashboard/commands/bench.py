"""rbfscope bench: measured figures against plain baselines, printed and never asserted."""

import argparse
import json
from importlib import import_module
from typing import Any

# Each suite is a module of rbfcore.bench with rows(): an iterator of named figures.
NAMES = ("archive", "barriers", "explain", "pruning", "speed", "symmetry", "training")


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
    for name in arguments.names or NAMES:
        for row in import_module(f"rbfcore.bench.{name}").rows():
            if arguments.json:
                print(json.dumps({"bench": name, **row}), flush=True)
            else:
                print(name, "  ".join(f"{key} {_shown(value)}" for key, value in row.items()), flush=True)
    return 0


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
