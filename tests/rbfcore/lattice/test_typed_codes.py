"""Environments as numbers and texts that somebody types."""

import numpy as np
import pytest

import rbfcore as rc
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
