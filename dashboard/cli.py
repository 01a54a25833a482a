"""The console command `rbfscope`: opens the dashboard, or runs one of the core's commands."""

import argparse
import os
import sys
from importlib import import_module, metadata
from pathlib import Path

_APP = Path(__file__).parent / "app.py"

# Modules that add a command each; their heavy imports wait until the command runs.
_COMMANDS = (
    "dashboard.commands.data",
    "dashboard.commands.train",
    "dashboard.commands.prune",
    "dashboard.commands.prune_path",
    "dashboard.commands.explain",
    "dashboard.commands.symmetry",
    "dashboard.commands.compare",
    "dashboard.commands.table",
    "dashboard.commands.barriers",
    "dashboard.commands.assets",
    "dashboard.commands.bench",
    "dashboard.commands.export",
    "dashboard.commands.reproduce",
    "dashboard.commands.fetch_viewer",
)


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command; each sets `run`, a function of the parsed arguments that returns the exit code."""
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
    for module in _COMMANDS:
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
    parsed = build_parser().parse_args(arguments)
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
