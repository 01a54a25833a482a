"""The counts that assets/data/README.md gives are those of the files."""

import re
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).parents[1] / "assets" / "data"
ROWS = re.findall(
    r"\| `(cu_\w+\.npz)` \| `[\w-]+` \| [^|]+ \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|",
    (DATA / "README.md").read_text(encoding="utf-8"),
)


def test_every_file_is_listed() -> None:
    assert sorted(name for name, *_ in ROWS) == sorted(path.name for path in DATA.glob("*.npz"))


@pytest.mark.parametrize(("name", "families", "tethered", "free"), ROWS)
def test_counts(name: str, families: str, tethered: str, free: str) -> None:
    with np.load(DATA / name, allow_pickle=False) as arrays:
        status, status_free = arrays["status"], arrays["status_free"]
        columns = (DATA / "README.md").read_text(encoding="utf-8")
        assert all(f"`{array}`" in columns for array in arrays.files if array != "provenance")
    counted = [len(status), int((status == 0).sum()), int((status_free == 0).sum())]
    assert counted == [int(number.replace(",", "")) for number in (families, tethered, free)]
