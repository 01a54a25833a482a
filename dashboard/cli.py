"""The console command `rbfscope`: opens the dashboard, or runs one of the core's commands."""

import argparse
import os
import sys
from importlib import import_module, metadata
from pathlib import Path

_APP = Path(__file__).parent / "app.py"

# Modules that add a command each. Only the one that is asked for is loaded; its heavy imports wait until it runs.
_COMMANDS = {
    "data": "dashboard.commands.data",
    "train": "dashboard.commands.train",
    "prune": "dashboard.commands.prune",
    "prune-path": "dashboard.commands.prune_path",
    "explain": "dashboard.commands.explain",
    "symmetry": "dashboard.commands.symmetry",
    "compare": "dashboard.commands.compare",
    "table": "dashboard.commands.table",
    "barriers": "dashboard.commands.barriers",
    "assets": "dashboard.commands.assets",
    "bench": "dashboard.commands.bench",
    "export": "dashboard.commands.export",
    "reproduce": "dashboard.commands.reproduce",
    "fetch-viewer": "dashboard.commands.fetch_viewer",
}


def build_parser(command: str | None = None) -> argparse.ArgumentParser:
    """The parser; each command sets `run`, a function of the parsed arguments that returns the exit code.

    Args:
        command: the only one that is needed; all of them by default, and where it is unknown.
    """
    parser = argparse.ArgumentParser(
        prog="rbfscope", description="See what a trained radial basis function network learned about atoms."
    )
    parser.add_argument("--version", action="version", version=f"rbfscope {metadata.version('rbfscope')}")
    parser.set_defaults(run=_open_dashboard, host="127.0.0.1", port=8501)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    app = commands.add_parser("app", help="open the dashboard (also what plain `rbfscope` does)")
    app.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    app.add_argument("--port", type=int, default=8501)
    app.set_defaults(run=_open_dashboard)
    known = {**_COMMANDS, "app": None}
    for module in [known[command]] if command in known else _COMMANDS.values():
        if module is not None:
            import_module(module).add_parser(commands)
    return parser


def _open_dashboard(arguments: argparse.Namespace) -> int:
    from dashboard.session.streamlit_internals import serve
    from dashboard.startup.warming import start_warming

    # Pages compute small things, whose threads wait for each other once anything else runs; runs ask for their own.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    start_warming()
    return serve(_APP, arguments.host, arguments.port)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 on success, 2 on bad usage or bad input with one line on standard error."""
    given = sys.argv[1:] if arguments is None else arguments
    parsed = build_parser(given[0] if given else "app").parse_args(given)
    try:
        return int(parsed.run(parsed) or 0)
    except (ValueError, OSError) as error:
        print(f"rbfscope: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("rbfscope: stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
