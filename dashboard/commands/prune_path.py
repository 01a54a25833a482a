"""rbfscope prune-path: pruned networks of growing size, and how the gap falls with it."""

import argparse
import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.commands.prune import OPTIONS
from rbfcore.pruning.card import INHERITED

if TYPE_CHECKING:
    from rbfcore.pruning.path import PathPoint

_COLUMNS = ("n_prototypes", "loss", "rms_gap", "share_explained", "sum_of_amplitudes", "network")


def add_parser(commands: Any) -> None:
    """Add `prune-path NET` to the console command."""
    parser = commands.add_parser("prune-path", help="prune to several sizes: the pruning path and the networks")
    parser.add_argument("network", help="a network file (.safetensors, or a torch state_dict .pt)")
    parser.add_argument("--sizes", default="1,2,4,8,16,32,64", metavar="M,M,...", help="default: %(default)s")
    parser.add_argument("-p", "--distribution", default="bernoulli:0.5", metavar="P", help="as `rbfscope prune`")
    parser.add_argument("--restarts", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--method", help="gauss-newton or lbfgs (whichever applies)")
    for name, meaning in OPTIONS.items():
        parser.add_argument("--" + name.replace("_", "-"), type=float, default=None, metavar="X", help=meaning)
    parser.add_argument("-o", "--output", metavar="CURVE", help="the curve as a file ending in .json or .csv")
    parser.add_argument("--networks", metavar="FOLDER", help="also write each network, as FOLDER/NAME-M.safetensors")
    parser.add_argument("--json", action="store_true", help="print the curve with its run card as JSON")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    sizes = _sizes(arguments.sizes)
    output = None if arguments.output is None else Path(arguments.output)
    if output is not None and output.suffix not in (".json", ".csv"):
        raise ValueError(f"{output.name!r} must end in .json or .csv: the ending says what to write")
    folder = None if arguments.networks is None else Path(arguments.networks)
    if folder is not None and not folder.is_dir():
        raise ValueError(f"{folder} is not a folder: create it first")
    import rbfcore as rc
    from rbfcore.distributions.parsing import distribution_from_text
    from rbfcore.distributions.recorded import distribution_entries
    from rbfcore.pruning.objective import PruningLoss
    from rbfcore.pruning.quality import sum_of_amplitudes
    from rbfcore.storage.files import replacing
    from rbfcore.storage.run_card import run_card

    parent = rc.read_parameters(arguments.network)
    large, p = rc.RBFN.from_plain(parent), distribution_from_text(arguments.distribution)
    settings = {
        "restarts": arguments.restarts,
        "seed": arguments.seed,
        "method": arguments.method,
        **{name: getattr(arguments, name) for name in OPTIONS if getattr(arguments, name) is not None},
    }
    inherited, under = parent.card.taken(INHERITED), distribution_entries(p, parent.n_inputs)
    variance = float(PruningLoss(large, p).variance)
    curve = []
    for point in rc.prune_path(large, p, sizes, **settings):
        row = _row(point, variance, sum_of_amplitudes(point.network, p))
        if folder is not None:
            path = folder / f"{Path(arguments.network).stem}-{point.n_prototypes}.safetensors"
            card = run_card(
                "prune-path",
                point.network,
                parent=parent.fingerprint(),
                **under,
                pruning=settings,
                variance=variance,
                **{name: value for name, value in row.items() if name != "network"},
                **inherited,
            )
            rc.save_network(point.network, path, card.as_dict())
            row["network"] = str(path)
        curve.append(row)
    known = {**under, "pruning": settings, "variance": variance, **inherited}
    facts = run_card("prune-path", large, **known, curve=curve).as_dict()
    if output is not None:
        with replacing(output) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
            if output.suffix == ".json":
                file.write(json.dumps(facts, indent=1) + "\n")
            else:
                writer = csv.DictWriter(file, _COLUMNS)
                writer.writeheader()
                writer.writerows(curve)
    if arguments.json:
        print(json.dumps(facts, indent=1))
        return 0
    unit = parent.card.unit_in_words
    for row in curve:
        print(
            f"{row['n_prototypes']:5} prototypes  RMS gap {row['rms_gap']:.4f} {unit}  "
            f"{row['share_explained']:.2%} of the variance  sum of amplitudes {row['sum_of_amplitudes']:.3g} {unit}"
        )
    return 0


def _sizes(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdigit() and int(part) >= 1 for part in parts):
        raise ValueError(f"--sizes must be whole numbers >= 1 separated by commas, such as 1,2,4,8, got {text!r}")
    return [int(part) for part in parts]


def _row(point: "PathPoint", variance: float, amplitudes: float) -> dict[str, Any]:
    return {
        "n_prototypes": point.n_prototypes,
        "loss": point.loss,
        "rms_gap": point.rms_gap,
        "share_explained": 1 - point.loss / variance if variance > 0 else 1.0,
        "sum_of_amplitudes": amplitudes,
        "network": None,
    }
