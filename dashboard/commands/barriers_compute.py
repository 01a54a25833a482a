"""rbfscope barriers compute: barriers of given environments."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.commands.barriers_generate import add_physics_options

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def add_parser(commands: Any) -> None:
    """Add `compute` to the subcommands of `barriers`."""
    parser = commands.add_parser("compute", help="barriers of environments given as 26 zeros and ones, or from a file")
    parser.add_argument(
        "environments",
        nargs="+",
        metavar="ENVIRONMENT",
        help="26 characters 0 or 1, site 1 first; or one data set: a bundled name (cu100, cu110, cu111) or a file",
    )
    parser.add_argument("--rows", default=None, metavar="I,J,...", help="of a data set: these rows only, from 1")
    parser.add_argument("--surface", choices=("100", "110", "111"), help="embed in half-spaces of this family only")
    add_physics_options(parser)
    parser.add_argument("-o", "--output", metavar="FILE.csv", help="write the table instead of printing it")
    parser.add_argument("--json", action="store_true", help="print JSON, one object per environment")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from rbfcore.barriers import compute
    from rbfcore.storage.files import replacing

    if arguments.output and Path(arguments.output).suffix != ".csv":
        raise ValueError(f"the output must be a .csv file, got {arguments.output}")
    occupied = _occupations(arguments.environments, arguments.rows)
    barriers = compute(
        occupied,
        surface=arguments.surface,
        potential=arguments.potential,
        tether=arguments.tether,
        free=not arguments.no_free,
        r_mobile=arguments.r_mobile,
    )
    table = _table(occupied, barriers)
    if arguments.output:
        with replacing(arguments.output) as temporary:
            table.to_csv(temporary, index=False)
        print(f"{arguments.output}: {len(table)} environments, {int((barriers.status == 0).sum())} with a barrier")
    elif arguments.json:
        for row in json.loads(table.to_json(orient="records", double_precision=6)):
            print(json.dumps(row))
    else:
        print(table.to_string(index=False, float_format=lambda value: f"{value:.4f}", na_rep="-"), file=sys.stdout)
    return 0


def _occupations(given: list[str], rows: str | None) -> "NDArray[np.uint8]":
    import numpy as np

    if all(set(text) <= {"0", "1"} for text in given):
        wrong = [text for text in given if len(text) != 26]
        if wrong:
            raise ValueError(f"an environment has 26 characters, one per site, got {len(wrong[0])} in {wrong[0]!r}")
        if rows is not None:
            raise ValueError("--rows chooses rows of a data set; leave it out with environments on the command line")
        return np.array([[int(c) for c in text] for text in given], dtype=np.uint8)
    if len(given) > 1:
        raise ValueError(f"expected environments of 26 zeros and ones, or one data set, got {' '.join(given)}")
    import rbfcore as rc
    from rbfcore.data.bundled import LATTICE

    data = rc.load_dataset(given[0])
    if data.coding != "occupation" or data.lattice != LATTICE:
        raise ValueError(
            f"{given[0]} has {data.n_inputs} inputs ({data.coding}) of {data.lattice or 'no lattice'}: barriers need "
            f"the occupations of {LATTICE}, in columns 1 to 26"
        )
    x = data.x
    if rows is not None:
        try:
            chosen = np.array([int(number) for number in rows.split(",")])
        except ValueError as error:
            raise ValueError(f"--rows takes whole numbers with commas between them, got {rows!r}") from error
        if chosen.min() < 1 or chosen.max() > len(x):
            raise ValueError(f"--rows must lie between 1 and {len(x)}, got {rows}")
        x = x[chosen - 1]
    return (x > 0).astype(np.uint8)


def _table(occupied: "NDArray[np.uint8]", barriers: Any) -> "pd.DataFrame":
    import pandas as pd

    from rbfcore.barriers.status import MEANING

    free = (barriers.status_free >= 0).any()
    columns: dict[str, Any] = {
        "environment": ["".join(map(str, row)) for row in occupied],
        "barrier_eV": barriers.barrier,
        "reverse_eV": barriers.reverse,
        "pure_eV": barriers.barrier_pure,
        **({"free_eV": barriers.barrier_free, "free_reverse_eV": barriers.reverse_free} if free else {}),
        "half_space": [
            f"({' '.join(map(str, n))}) <= {t}" for n, t in zip(barriers.normal, barriers.top_layer, strict=True)
        ],
        "mismatch": barriers.mismatch,
        "status": [MEANING[int(code)] for code in barriers.status],
        **({"status_free": [MEANING[int(code)] for code in barriers.status_free]} if free else {}),
    }
    return pd.DataFrame(columns)
