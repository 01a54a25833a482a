"""What is loaded ahead exists, is what the pages ask for, and does not keep an ended server alive."""

import subprocess
import sys

from dashboard import warming
from dashboard.bundled import bundled_networks
from dashboard.navigation import _ENTRIES
from dashboard.training_rows import bundled_rows


def test_every_page_and_the_rows_of_the_first_network() -> None:
    loaded = {*warming.FIRST_PAGE, *warming.OTHER_PAGES}
    assert loaded >= {f"dashboard.app_pages.{name}" for name in _ENTRIES}
    warming.first_page_data()
    warming.other_data()
    rows = bundled_rows(bundled_networks()[warming.FIRST_NETWORK])
    assert rows is not None
    assert "usual" in vars(rows)  # found before anybody asks


def test_it_ends_with_the_server() -> None:
    """Here the server never comes up, and the program is over at once."""
    code = "from dashboard.warming import start_warming; print(start_warming().is_alive())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
