"""Environments as numbers and texts, and the history of a what-if."""

import numpy as np
import pytest

import rbfcore as rc
from dashboard.session.history import History
from rbfcore.lattice.codes import code_of, filled_of, read_code


def test_codes_are_rows_of_the_table_of_all_environments() -> None:
    """`rbfcore.environments` numbers them independently."""
    for code in (0, 1, 11, 63):
        np.testing.assert_array_equal(np.asarray(rc.environments([code], 6))[0] > 0, filled_of(code, 6))
        assert code_of(filled_of(code, 6)) == code


@pytest.mark.parametrize("text", ["5", "0x5", "101000", " 1010 00 ", "1,0,1,0,0,0"])
def test_all_ways_to_type_one_environment(text: str) -> None:
    assert read_code(text, 6) == 5


def test_many_sites_have_codes_too() -> None:
    filled = np.random.default_rng(0).random(100) < 0.5
    assert read_code(str(code_of(filled)), 100) == code_of(filled)
    np.testing.assert_array_equal(filled_of(code_of(filled), 100), filled)


@pytest.mark.parametrize("text", ["64", "-1", "ten", "", "1010012", "0xfff"])
def test_anything_else_is_refused_with_what_to_type(text: str) -> None:
    with pytest.raises(ValueError, match="from 0 to 63 or 6 zeros and ones"):
        read_code(text, 6)


def test_undo_and_redo_go_back_and_forth_until_something_new_is_done() -> None:
    history = History((), 1).to(2).to(3)
    assert history.undo().now == 2
    assert history.undo().redo() == history
    assert history.undo().undo().undo().now == 1
    assert history.redo() == history
    assert history.undo().to(9).redo().now == 9
    assert history.to(3) is history
