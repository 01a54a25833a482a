"""rbfscope data list | show | compare | convert."""

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rbfcore.data.dataset import DataSet


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command "data" to the program's commands."""
    parser = subparsers.add_parser("data", help="list, inspect and convert data sets")
    actions = parser.add_subparsers(dest="action", required=True, metavar="list | show | compare | convert")

    listed = actions.add_parser("list", help="the data sets that come with the program")
    listed.add_argument("--json", action="store_true", help="print JSON")
    listed.set_defaults(run=list_data)

    shown = actions.add_parser("show", help="rows, moments, duplicates, families, occupation per site, provenance")
    _add_source(shown)
    shown.add_argument("--json", action="store_true", help="print JSON")
    shown.set_defaults(run=show_data)

    compared = actions.add_parser("compare", help="responses of two data sets on the rows that both have")
    _add_source(compared)
    compared.add_argument("second", metavar="NAME_OR_PATH", help="the other one, read with the same options")
    compared.add_argument("--json", action="store_true", help="print JSON")
    compared.set_defaults(run=compare_data)

    converted = actions.add_parser("convert", help="write a data set as .csv, .parquet or .npz")
    _add_source(converted)
    converted.add_argument("output", metavar="OUT", help="file to write; its ending chooses the format")
    converted.add_argument("--json", action="store_true", help="print JSON")
    converted.set_defaults(run=convert_data)


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="NAME_OR_PATH", help="a bundled name, or a .csv .parquet .npz .26d .tgz file")
    parser.add_argument("--target", help="tables: response column; barrier sets: tethered, tethered_pure or free")
    parser.add_argument("--directions", choices=("both", "forward"), help="barrier sets: jumps to take (default both)")
    parser.add_argument("--surface", help="archives: which barrier list, e.g. 100")
    parser.add_argument("--lattice", help="what the inputs must be, e.g. fcc26 (default: recognised)")
    parser.add_argument("--limit", type=int, help="read at most this many rows")


def _load(args: argparse.Namespace, source: str | None = None) -> "DataSet":
    from rbfcore.data.load import load_dataset

    return load_dataset(
        source or args.source,
        target=args.target,
        directions=args.directions,
        surface=args.surface,
        lattice=args.lattice,
        limit=args.limit,
    )


def list_data(args: argparse.Namespace) -> int:
    """Print the bundled data sets with their default target."""
    from rbfcore.data.bundled import bundled_names
    from rbfcore.data.load import load_dataset

    summaries = {}
    for name in bundled_names():
        data = load_dataset(name)
        summary = data.summary()
        kept = ("rows", "families", "mean", "sd", "unit")
        summaries[name] = {"title": data.provenance.get("title", "")} | {key: summary[key] for key in kept}
    if args.json:
        print(json.dumps(summaries, indent=2, ensure_ascii=False))
        return 0
    for name, row in summaries.items():
        moments = f"{row['mean']:.3f} ± {row['sd']:.3f} {row['unit']}"
        print(f"{name}  {row['rows']:>7,} rows  {moments}  {row['title']}")
    return 0


def show_data(args: argparse.Namespace) -> int:
    """Print what is known about one data set."""
    data = _load(args)
    summary = data.summary()
    if data.coding == "occupation":
        columns, title = (data.x > 0).mean(0), "share of rows with the site filled"
    else:
        columns, title = data.x.mean(0, dtype="float64"), "mean of each input"
    per_input = {name: round(float(value), 6) for name, value in zip(data.site_names, columns, strict=True)}
    if args.json:
        facts = {"name": data.name, **summary, "per_input": per_input, "provenance": data.provenance}
        print(json.dumps(facts, indent=2, ensure_ascii=False))
        return 0
    print(data.name)
    _print_pairs(summary)
    print(f"{title}:")
    cells = [f"{name}: {value:.3g}" for name, value in per_input.items()]
    for start in range(0, len(cells), 6):
        print("  " + "   ".join(f"{cell:<12}" for cell in cells[start : start + 6]).rstrip())
    print("provenance:")
    _print_pairs(data.provenance)
    return 0


def compare_data(args: argparse.Namespace) -> int:
    """Print how far a second data set agrees with a first one."""
    from rbfcore.data.agreement import agreement

    first, second = _load(args), _load(args, args.second)
    difference = agreement(first, second)
    if args.json:
        print(json.dumps({"first": first.name, "second": second.name, "unit": first.unit, **asdict(difference)}))
        return 0
    print(f"{difference.shared:,} rows in both {first.name} ({len(first):,}) and {second.name} ({len(second):,})")
    moments = f"{difference.mean:+.4f} ± {difference.sd:.4f} {first.unit}, rms {difference.rms:.4f}"
    print(f"{second.name} minus {first.name}: {moments}")
    print(f"correlation {difference.correlation:.4f}")
    return 0


def convert_data(args: argparse.Namespace) -> int:
    """Write a data set in another format."""
    from rbfcore.data.write import write_dataset

    data = _load(args)
    write_dataset(data, args.output)
    if args.json:
        print(json.dumps({"output": args.output, "rows": len(data), "inputs": data.n_inputs}))
    else:
        print(f"wrote {len(data):,} rows of {data.n_inputs} inputs to {args.output}")
    return 0


def _print_pairs(pairs: dict[str, Any], indent: str = "  ") -> None:
    for key, value in pairs.items():
        if isinstance(value, dict):
            print(f"{indent}{key}:")
            _print_pairs(value, indent + "  ")
        elif isinstance(value, list):
            print(f"{indent}{key}:")
            for item in value:
                print(f"{indent}  - {item}")
        else:
            print(f"{indent}{key}: {f'{value:.6g}' if isinstance(value, float) else value}")
