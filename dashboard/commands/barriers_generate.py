"""rbfscope barriers generate | closure: compute sets of migration barriers, in parts that survive interruptions."""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rbfcore.barriers.generation import Progress

_DESCRIPTION = """\
Draw environments of one surface, compute their barriers and write them as one .npz file.

Every finished chunk is kept in the folder OUT.parts: after an interruption of any kind the same command goes on
where it stopped. The file depends on the surface, the seed and the physics only, not on the number of workers or
on interruptions. A larger N continues the same run."""

_CLOSURE = """\
Compute all one-bit neighbours of environments whose barrier exists without a tether, whatever their surface, then
those of the stable ones among them, and so on until none is new or the budget is spent. Potential and tether are
those of the sets. FOLDER receives each set with the new rows of its surface (source 4). Resumable like generate."""

_CLUSTER = """\
On a Slurm cluster, start a Dask scheduler and workers with dask-jobqueue (pip install dask-jobqueue) in Python,
  from dask_jobqueue import SLURMCluster
  cluster = SLURMCluster(cores=32, processes=32, memory="64GB", walltime="04:00:00")
  cluster.scale(jobs=4); print(cluster.scheduler_address); input("Enter stops the cluster")
and give the printed address: rbfscope barriers generate 100 -n 75000 -o cu_100.npz --dask tcp://HOST:PORT
The workers need the same version of rbfscope, not the same disk: results come back and are written here."""

_BAR = 24


def add_parser(commands: Any) -> None:
    """Add `generate` to the subcommands of `barriers`."""
    parser = commands.add_parser(
        "generate",
        help="compute a set of barriers, resumable, on several cores or a Dask cluster",
        description=_DESCRIPTION,
        epilog=_CLUSTER,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("surface", choices=("100", "110", "111"), help="label of the half-space around the jump")
    parser.add_argument("-n", type=int, required=True, metavar="N", help="families with a tethered barrier wanted")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.npz", help="file to write")
    parser.add_argument("--count", choices=("families", "environments"), default="families", help="what N counts: "
                        "families with status 0 (default) or all environments computed")  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="of the candidates (default 0)")
    add_physics_options(parser)
    add_work_options(parser)
    parser.set_defaults(run=_run)
    _add_closure_parser(commands)


def _add_closure_parser(commands: Any) -> None:
    parser = commands.add_parser(
        "closure",
        help="complete sets by the neighbours of environments that are stable without a tether",
        description=_CLOSURE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sets", nargs="+", metavar="SET.npz", help="one set a surface, made by generate")
    parser.add_argument("-o", "--output", required=True, metavar="FOLDER", help="where the completed sets go")
    parser.add_argument(
        "--budget", type=int, default=200_000, metavar="N", help="environments at most (default 200000)"
    )
    add_work_options(parser)
    parser.set_defaults(run=_run_closure)


def add_physics_options(parser: argparse.ArgumentParser) -> None:
    """Options that decide the results."""
    parser.add_argument("--potential", choices=("mishin", "emt"), default="mishin")
    parser.add_argument("--tether", type=float, default=1.0, metavar="K", help="force constant, eV/A^2 (default 1)")
    parser.add_argument("--r-mobile", type=float, default=2.0, metavar="R", help="mobile radius in lattice constants")
    parser.add_argument("--no-free", action="store_true", help="leave out the barriers without a tether")


def add_work_options(parser: argparse.ArgumentParser) -> None:
    """Options that decide how the work is done."""
    parser.add_argument("--workers", type=int, default=1, metavar="W", help="processes; -1 takes every core")
    parser.add_argument("--chunk", type=int, default=256, metavar="C", help="environments in a chunk (default 256)")
    parser.add_argument("--dask", metavar="ADDRESS", help="address of a Dask scheduler that does the work, see below")
    parser.add_argument("--restart", action="store_true", help="remove what an earlier run left in OUT.parts")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")


def _run(arguments: argparse.Namespace) -> int:
    from rbfcore.barriers.extra import require

    require("numba")
    from rbfcore.barriers.generation import GenerationRun, generate_steps
    from rbfcore.barriers.physics_chunk import PhysicsChunk

    run = GenerationRun(
        arguments.surface, arguments.n, Path(arguments.output), arguments.seed, arguments.count, arguments.chunk
    )
    compute = PhysicsChunk(arguments.potential, arguments.tether, not arguments.no_free, arguments.r_mobile)
    last = None
    for last in generate_steps(
        run, compute, compute.settings(), not arguments.restart, arguments.workers, arguments.dask
    ):
        show(last)
    assert last is not None
    if arguments.json:
        print(json.dumps({"output": arguments.output, "computed": last.environments, "successes": last.successes}))
    else:
        print(f"{arguments.output}: the first {run.n:,} {run.counted}; {last.environments:,} environments computed, "
              f"{last.successes:,} with a barrier")  # fmt: skip
    return 0


def _run_closure(arguments: argparse.Namespace) -> int:
    from rbfcore.barriers.extra import require

    require("numba")
    from rbfcore.barriers.closure import ClosureRun, closure_steps, read_starting_sets
    from rbfcore.barriers.physics_chunk import PhysicsChunk

    run = ClosureRun(Path(arguments.output), arguments.budget, arguments.chunk)
    sets = read_starting_sets(arguments.sets)
    compute = PhysicsChunk.of_settings(sets[0].physics)
    last = None
    for last in closure_steps(
        run, sets, compute, compute.settings(), not arguments.restart, arguments.workers, arguments.dask
    ):
        show(last)
    assert last is not None
    if arguments.json:
        print(json.dumps({"output": arguments.output, "computed": last.environments, "stable": last.successes}))
    else:
        print(f"{arguments.output}: {last.environments:,} environments computed, {last.successes:,} stable without a "
              "tether")  # fmt: skip
    return 0


def show(step: "Progress") -> None:
    """One line on a terminal's standard error, overwritten by the next."""
    if not sys.stderr.isatty():
        return
    count = step.successes if step.counted == "families" else step.environments
    filled = min(_BAR, _BAR * count // step.goal)
    left = "" if math.isnan(step.seconds_left) else f"  {step.rate:.0f}/s  {duration(step.seconds_left)} left"
    print(
        f"\r[{'#' * filled}{'.' * (_BAR - filled)}] {count:,} of {step.goal:,} {step.counted}, "
        f"{step.environments:,} computed{left}\x1b[K",
        end="\n" if step.done else "",
        file=sys.stderr,
        flush=True,
    )


def duration(seconds: float) -> str:
    """Whole seconds, minutes or hours, as read at a glance."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
