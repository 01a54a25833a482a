"""rbfscope barriers: compute migration barriers and make sets of them."""

from typing import Any

from dashboard.commands import barriers_compute, barriers_generate, barriers_validate


def add_parser(commands: Any) -> None:
    """Add `barriers` to the console command."""
    parser = commands.add_parser(
        "barriers", help="compute migration barriers (extra: pip install 'rbfscope[barriers]')"
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    barriers_compute.add_parser(actions)
    barriers_generate.add_parser(actions)
    barriers_validate.add_parser(actions)
