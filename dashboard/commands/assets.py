"""rbfscope assets: make the bundled networks, prototypes, pruning paths and explanations anew, from our data."""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from dashboard.commands.progress import drained
from rbfcore.data.bundled import (
    PROTOTYPES,
    SURFACES,
    candidates_file,
    explanation_file,
    network_file,
    path_file,
    prototypes_file,
)

# On -1/+1 inputs gamma is a gauge. Training lets it drift; here the paper's opacity |theta|/2, which depends on it,
# neither fades nor saturates for the bundled networks and the prototypes that inherit it.
GAMMA = 0.1
PRUNING: dict[str, Any] = {"n_prototypes": PROTOTYPES, "restarts": 10, "seed": 0, "method": "gauss-newton"}
DISTRIBUTION = "bernoulli:0.5"
PATH: dict[str, Any] = {"sizes": (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64), "restarts": 4, "seed": 0}


def add_parser(commands: Any) -> None:
    """Add `assets` to the console command."""
    parser = commands.add_parser("assets", help="make the bundled networks and prototypes anew (minutes per surface)")
    parser.add_argument("-o", "--output", help="folder to write to (default: the bundled networks themselves)")
    parser.add_argument("--surface", choices=SURFACES, action="append", help="only this one (repeat for more)")
    parser.add_argument(
        "--candidates",
        default="candidates",
        metavar="FOLDER",
        help="keeps the trainings among which the networks are chosen, to go on from (default: candidates)",
    )
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--prune-only", action="store_true", help="keep the trained networks, prune them again")
    part.add_argument("--paths-only", action="store_true", help="make the pruning paths only (1 to 64 prototypes)")
    part.add_argument(
        "--explanations-only", action="store_true", help="explain the networks and prototypes that are there, no more"
    )
    parser.set_defaults(run=_run)


def regauge_file(path: Path, gamma: float, output: Path) -> None:
    """Write a stored network of -1/+1 inputs with another gamma, the same function; its card says the trained one."""
    import rbfcore as rc

    stored = rc.read_parameters(path)
    network = rc.regauge(rc.RBFN.from_plain(stored), gamma)
    trained_gamma = float(stored.gamma) if stored.card.trained_gamma is None else stored.card.trained_gamma
    card = replace(stored.card, trained_gamma=trained_gamma, fingerprint=network.plain().fingerprint())
    rc.save_network(network, output, card.as_dict())


def _run(arguments: argparse.Namespace) -> int:
    import rbfcore as rc
    from dashboard.commands.prune import prune_and_save
    from rbfcore.data.bundled import assets_folder
    from rbfcore.pruning.path_networks import path_networks
    from rbfcore.storage.pruning_path import write_pruning_path

    folder = Path(arguments.output) if arguments.output else assets_folder() / "networks"
    beside = folder if arguments.output else folder.parent
    paths = beside / "paths"
    paths.mkdir(parents=True, exist_ok=True)
    p = rc.parse_distribution(DISTRIBUTION)
    for surface in arguments.surface or SURFACES:
        if arguments.explanations_only:
            explain_files(folder, beside / "explanations", surface)
            continue
        large_path = folder / network_file(surface)
        if not (arguments.prune_only or arguments.paths_only):
            choose_network(surface, Path(arguments.candidates), large_path)
        parent = rc.read_parameters(large_path)
        if not arguments.paths_only:
            output = folder / prototypes_file(surface)
            card = prune_and_save(rc.RBFN.from_plain(parent), parent.card, p, output, **PRUNING)
            print(f"{output}: exact RMS gap {card.rms_gap:.4f} eV", flush=True)
        curve = path_networks(parent, p, **PATH)
        write_pruning_path(curve, paths / path_file(surface))
        gaps = ", ".join(f"{m}: {gap:.4f}" for m, gap in zip(curve.sizes, curve.gaps, strict=True))
        print(f"{paths / path_file(surface)}: exact RMS gaps in eV {gaps}", flush=True)
        if not arguments.paths_only:
            explain_files(folder, beside / "explanations", surface)
    return 0


def choose_network(surface: str, trained: Path, output: Path) -> None:
    """Write the best candidate of a surface and, beside it, the table that it was chosen from."""
    from dashboard.commands.train import epoch_line
    from rbfcore.storage.files import replacing
    from rbfcore.studies.candidates import candidate_file, candidate_steps, candidates

    drained(candidate_steps(surface, trained), lambda step: epoch_line(step, "eV"))
    rows = candidates(surface, trained)
    best = rows[0]
    regauge_file(trained / candidate_file(surface, best["epochs"], best["seed"]), GAMMA, output)
    with replacing(output.with_name(candidates_file(surface))) as temporary:
        temporary.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for row in rows:
        print(
            f"{surface}, {row['epochs']} epochs, seed {row['seed']}: validation {row['validation_rmse']:.5f}, "
            f"test {row['test_rmse']:.5f} eV, {row['seconds']:.0f} s",
            flush=True,
        )
    print(f"{output}: the first of these", flush=True)


def explain_files(folder: Path, output: Path, surface: str) -> None:
    """Write what is exact about the networks of a surface: minutes of a visitor's time, or a file."""
    import rbfcore as rc
    from rbfcore.explain.report import as_json, explanation
    from rbfcore.storage.files import replacing

    output.mkdir(parents=True, exist_ok=True)
    for name in (network_file(surface), prototypes_file(surface)):
        explained = explanation(rc.read_parameters(folder / name), rc.parse_distribution(DISTRIBUTION), Path(name).stem)
        path = output / explanation_file(name)
        with replacing(path) as temporary:
            temporary.write_text(as_json(explained), encoding="utf-8")
        print(f"{path}: single sites explain {100 * explained.orders[0]:.1f} % of the variance", flush=True)
