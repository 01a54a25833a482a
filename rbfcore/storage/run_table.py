"""Run cards side by side: one row per run, one column per setting or outcome."""

from typing import Any

import pandas as pd

# Long lists, and what says nothing to a reader.
_LEFT_OUT = ("provenance", "numbering", "restart_losses", "card_version", "distribution_fingerprint")
# What one looks for first, in this order; everything else follows by name.
_FIRST = (
    "command",
    "dataset",
    "lattice",
    "surface",
    "unit",
    "test_rmse",
    "validation_rmse",
    "test_sd",
    "rms_gap",
    "loss",
    "parent",
    "distribution",
    "seconds",
)


def run_table(cards: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """The run cards as a table.

    Args:
        cards: run cards by name of the run; nested settings become columns such as "training.n_centroids".

    Returns:
        One row per run, its name as index; empty cells are NaN. Lists are written out as text.
    """
    rows = {name: _flat(card) for name, card in cards.items()}
    names = {column for row in rows.values() for column in row}
    first = [column for column in _FIRST if column in names]
    columns = [*first, *sorted(names - set(first))]
    return pd.DataFrame([[row.get(c) for c in columns] for row in rows.values()], index=list(rows), columns=columns)


def differing(table: pd.DataFrame) -> pd.DataFrame:
    """The columns in which at least two runs differ; a missing value differs from every other."""
    keep = [column for column in table.columns if len({repr(value) for value in table[column]}) > 1]
    return table[keep]


def _flat(card: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, value in card.items():
        if name in _LEFT_OUT:
            continue
        if isinstance(value, dict):
            columns |= _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list | tuple):
            columns[prefix + name] = ", ".join(str(part) for part in value)
        else:
            columns[prefix + name] = value
    return columns
