"""Barriers that are none are found out, in the rows of a set and in the computation."""

import numpy as np

from rbfcore.barriers.candidates import occupations_of
from rbfcore.barriers.computation import compute
from rbfcore.barriers.consistency import above_both_ends
from rbfcore.barriers.status import NO_MAXIMUM, OK


def test_rows_below_an_end_are_void() -> None:
    rows = {
        "status": np.array([0, 0, 0, 6, 0], dtype=np.int8),
        "barrier_tethered": np.array([0.5, -0.1, 0.5, np.nan, 0.0]),
        "reverse_barrier_tethered": np.array([0.4, 0.4, -2.0, np.nan, 0.1]),
        "barrier_tethered_pure": np.array([-0.1, 0.1, 0.2, np.nan, 0.1]),
        "source": np.arange(5),
    }
    found = above_both_ends(rows)
    assert found["status"].tolist() == [0, 5, 5, 6, 0]
    np.testing.assert_array_equal(np.isfinite(found["barrier_tethered"]), found["status"] == 0)
    assert found["barrier_tethered_pure"][0] == -0.1
    np.testing.assert_array_equal(found["source"], rows["source"])
    assert rows["status"].tolist() == [0, 0, 0, 6, 0]  # the argument is left alone


def test_image_below_an_end_is_no_maximum() -> None:
    """Jumps whose refined image slips under an end although the cubic through the others rises above it."""
    found = compute(occupations_of(np.array([0x140DE7, 0x3D35F7, 0x500ACA])), free=False)
    assert found.status.tolist() == [NO_MAXIMUM] * 3
    others = compute(occupations_of(np.arange(0x2D35F7, 0x3D35F7, 9973)), free=False)
    good = others.status == OK
    assert good.sum() > 5
    assert (others.barrier[good] > 0).all()
    assert (others.reverse[good] > 0).all()
