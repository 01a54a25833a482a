"""rbfscope barriers validate: known processes computed anew, against nudged elastic bands and the literature."""

import argparse
import json
from typing import Any

import numpy as np


def add_parser(commands: Any) -> None:
    """Add `validate` to the subcommands of `barriers`."""
    parser = commands.add_parser(
        "validate",
        help="known processes by drag, beside periodic climbing-image NEB and the literature",
        description="The drag has R_mob = 2.6 lattice constants and no tether; the bands are ASE's, on periodic slabs, "
        "with the same potential (EMT by ASE's own calculator). Deviations are from the documented values.",
    )
    parser.add_argument("--quick", action="store_true", help="two processes with one potential")
    parser.add_argument("--no-neb", action="store_true", help="the drag only: seconds instead of tens of minutes")
    parser.add_argument("--potential", choices=("mishin", "emt"), action="append", help="only this one")
    parser.add_argument(
        "--environments",
        type=int,
        default=0,
        metavar="N",
        help="instead: N random environments of each bundled surface that are stable without a tether, by drag and by "
        "a band in the same cluster",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the choice of environments")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.environments < 0:
        raise ValueError(f"--environments must be a number >= 0, got {arguments.environments}")
    from rbfcore.barriers.extra import require

    require("numba", "ase")
    return _environments(arguments) if arguments.environments else _processes(arguments)


def _processes(arguments: argparse.Namespace) -> int:
    from rbfcore.barriers.validation.table import QUICK, as_json, orderings, process_rows

    names = QUICK if arguments.quick else None
    potentials = arguments.potential or (("mishin",) if arguments.quick else ("mishin", "emt"))
    rows = []
    if not arguments.json:
        print(f"{'process':<30}{'potential':<10}{'drag':>7}{'dev.':>8}{'NEB':>8}{'dev.':>8}  ok   literature (eV)")
    for row in process_rows(names, potentials, bands=not arguments.no_neb):
        rows.append(row)
        if arguments.json:
            print(json.dumps(as_json(row)), flush=True)
            continue
        neb = f"{'-':>8}{'-':>8}" if row.neb is None else f"{row.neb:8.3f}{row.neb_deviation:+8.3f}"
        verdict = "yes" if row.within else "NO"
        print(f"{row.process:<30}{row.potential:<10}{row.drag:7.3f}{row.drag_deviation:+8.3f}{neb}  {verdict:<5}"
              f"{row.literature}", flush=True)  # fmt: skip
    claims = orderings(rows)
    if arguments.json:
        print(json.dumps({"orderings": claims}))
    else:
        for claim, holds in claims.items():
            print(f"{claim}: {'holds' if holds else 'DOES NOT HOLD'}")
    return 0 if all(row.within for row in rows) and all(claims.values()) else 1


def _environments(arguments: argparse.Namespace) -> int:
    from rbfcore.barriers.validation.table import as_json, environment_rows
    from rbfcore.data.bundled import SURFACES, bundled_path
    from rbfcore.data.load import load_dataset

    worst = 0.0
    for surface in SURFACES:
        data = load_dataset(str(bundled_path(f"cu{surface}")), target="free", directions="forward")
        occupied = (data.x > 0).astype(np.uint8)
        rows = []
        for row in environment_rows(surface, occupied, arguments.environments, arguments.seed):
            rows.append(row)
            if arguments.json:
                print(json.dumps({**as_json(row), "consistent": row.consistent}), flush=True)
            else:
                print(f"{{{row.surface}}} {row.occupation} drag {row.drag:.4f} NEB {row.neb:.4f} "
                      f"difference {1000 * row.deviation:+.2f} meV", flush=True)  # fmt: skip
        deviations = np.array([row.deviation for row in rows if row.neb_converged])
        rms = float(np.sqrt(np.mean(deviations**2))) if len(deviations) else float("nan")
        worst = max(worst, rms)
        summary = {
            "surface": surface,
            "compared": len(deviations),
            "unconverged_bands": len(rows) - len(deviations),
            "rms_meV": 1000 * rms,
            "largest_meV": 1000 * float(np.abs(deviations).max(initial=0.0)),
            "consistent": all(row.consistent for row in rows),
        }
        print(json.dumps(summary) if arguments.json else
              f"{{{surface}}} {summary['compared']} environments: rms {summary['rms_meV']:.2f} meV, "
              f"largest {summary['largest_meV']:.2f} meV, {summary['unconverged_bands']} bands did not converge",
              flush=True)  # fmt: skip
    return 0 if worst <= 0.002 else 1
