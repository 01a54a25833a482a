"""rbfscope explain: exact sensitivity of a network to its inputs, as a page or as data."""

import argparse
from pathlib import Path
from typing import Any


def add_parser(commands: Any) -> None:
    """Add `explain NET` to the console command."""
    parser = commands.add_parser(
        "explain", help="say exactly which inputs, pairs and orders of interaction a network responds to"
    )
    parser.add_argument("network", help="a network file (.safetensors, or a torch state_dict .pt)")
    parser.add_argument(
        "-p",
        "--distribution",
        default="bernoulli:0.5",
        metavar="P",
        help="bernoulli:0.5 (default), uniform:-4,4, normal:0,1, or fit:DATA for occupation frequencies of a data set",
    )
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="ending in .html, .json or .csv")
    parser.add_argument("--json", action="store_true", help="print the JSON form as well")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    output = Path(arguments.output)
    if output.suffix not in (".html", ".json", ".csv"):
        raise ValueError(f"{output.name!r} must end in .html, .json or .csv: the ending says what to write")
    import rbfcore as rc
    from rbfcore.distributions.parsing import distribution_from_text
    from rbfcore.explain.report import as_csv, as_json, explanation, strongest_pairs
    from rbfcore.explain.report_page import as_page
    from rbfcore.storage.files import replacing

    network = rc.read_parameters(arguments.network)
    p = distribution_from_text(arguments.distribution)
    found = explanation(network, p, source=Path(arguments.network).name, under=arguments.distribution)
    writer = {".html": as_page, ".json": as_json, ".csv": as_csv}[output.suffix]
    with replacing(output) as temporary:
        temporary.write_text(writer(found), encoding="utf-8")
    if arguments.json:
        print(as_json(found), end="")
        return 0
    best = sorted(zip(found.shapley.tolist(), found.names, strict=True), key=lambda pair: -pair[0])[:5]
    orders = ", ".join(f"{100 * share:.1f}" for share in found.orders[:4])
    pairs = ", ".join(f"{a}-{b} {100 * share:.1f}" for a, b, share in strongest_pairs(found, 3))
    print(
        f"{output}: under {found.under} the mean is {found.indices.mean:.4f} {found.unit}, the standard deviation "
        f"{found.indices.variance**0.5:.4f}; orders 1, 2, ... carry {orders} % of the variance; "
        f"{found.kind}s {', '.join(f'{name} {100 * share:.1f} %' for share, name in best)}; pairs {pairs} %"
    )
    return 0
