"""A last look at computed rows: what lies below an end of its jump is no barrier."""

import numpy as np

from rbfcore.barriers.status import NO_MAXIMUM, OK
from rbfcore.data.npz import Arrays

# Status array -> the two barriers whose top must lie above both ends, and what else is void where it does not. Pure
# energies are not looked at: at the geometries of a tethered path they may well be negative.
_KINDS = {
    "status": (
        ("barrier_tethered", "reverse_barrier_tethered"),
        ("barrier_tethered_pure", "reverse_barrier_tethered_pure", "saddle_position"),
    ),
    "status_free": (("barrier_free", "reverse_barrier_free"), ()),
}


def above_both_ends(rows: Arrays) -> Arrays:
    """The rows with status 5 (no interior maximum) and NaN instead of barriers that are negative either way.

    Args:
        rows: arrays of a barrier set, rounded or not; those that are missing are not looked at.

    Returns:
        A copy with the same arrays; unchanged where every barrier is one.
    """
    result = dict(rows)
    for status, (barriers, others) in _KINDS.items():
        if status not in rows or not all(name in rows for name in barriers):
            continue
        void = (rows[status] == OK) & np.any([~(rows[name] >= 0) for name in barriers], axis=0)
        result[status] = np.where(void, NO_MAXIMUM, rows[status]).astype(rows[status].dtype)
        for name in (*barriers, *others):
            if name in rows:
                result[name] = np.where(void, np.nan, rows[name]).astype(rows[name].dtype)
    return result
