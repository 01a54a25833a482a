"""rbfscope explain: exact sensitivity of a network to its inputs, as a page or as data."""

import argparse
from pathlib import Path
from typing import Any

from dashboard.export.explanation_forms import ExplainedNetwork
from dashboard.export.formats import Form, forms_of
from rbfcore.distributions.registry import usage


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
        help=usage("bernoulli:0.5"),
    )
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help=f"ending in {_endings()}")
    parser.add_argument("--json", action="store_true", help="print the JSON form as well")
    parser.set_defaults(run=_run)


def _forms() -> dict[str, Form[ExplainedNetwork]]:
    """What can be written, by ending."""
    return {form.ending: form for form in forms_of(ExplainedNetwork) if form.on_command_line}


def _endings() -> str:
    *others, last = _forms()
    return f"{', '.join(others)} or {last}"


def _run(arguments: argparse.Namespace) -> int:
    output = Path(arguments.output)
    forms = _forms()
    if output.suffix not in forms:
        raise ValueError(f"{output.name!r} must end in {_endings()}: the ending says what to write")
    import rbfcore as rc
    from rbfcore.distributions.parsing import distribution_from_text
    from rbfcore.explain.report import as_json, explanation, strongest_pairs
    from rbfcore.lattice.of_network import environment_of
    from rbfcore.storage.files import replacing

    network = rc.read_parameters(arguments.network)
    p = distribution_from_text(arguments.distribution)
    one = explanation(network, p, source=Path(arguments.network).name, under=arguments.distribution)
    explained = ExplainedNetwork(Path(arguments.network).stem, network, one, environment_of(network))
    content = forms[output.suffix].content(explained)
    with replacing(output) as temporary:
        temporary.write_bytes(content)
    if arguments.json:
        print(as_json(one), end="")
        return 0
    best = sorted(zip(one.shapley.tolist(), one.names, strict=True), key=lambda pair: -pair[0])[:5]
    orders = ", ".join(f"{100 * share:.1f}" for share in one.orders[:4])
    pairs = ", ".join(f"{a}-{b} {100 * share:.1f}" for a, b, share in strongest_pairs(one, 3))
    print(
        f"{output}: under {one.under} the mean is {one.indices.mean:.4f} {one.unit}, the standard deviation "
        f"{one.indices.variance**0.5:.4f}; orders 1, 2, ... carry {orders} % of the variance; "
        f"{one.kind}s {', '.join(f'{name} {100 * share:.1f} %' for share, name in best)}; pairs {pairs} %"
    )
    return 0
