"""The symmetry suite runs and says what it promises; its figures are printed, never asserted."""

import pytest

from rbfcore.bench import symmetry


def test_rows_of_a_small_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the minutes that the bundled networks take."""
    monkeypatch.setattr(symmetry, "SURFACES", ())
    monkeypatch.setattr(symmetry, "SIZES", (24,))
    monkeypatch.setattr(symmetry, "TRAINING", {})
    (row,) = symmetry.rows()
    assert row["K"] == 24
    assert row["gap_seconds"] >= 0
    assert row["peak_memory_gb"] > 0
    assert row["ratio_to_eq_5"] > 0
