"""What is loaded ahead exists, is what the pages ask for, and does not keep an ended server alive."""

import subprocess
import sys

from dashboard.session.pages import entries
from dashboard.shelf.bundled import bundled_networks
from dashboard.shelf.training_rows import bundled_rows
from dashboard.startup import warming


def test_every_page_and_the_rows_of_the_first_network() -> None:
    loaded = {*warming.FIRST_PAGE, *warming.OTHER_PAGES}
    assert loaded >= {f"dashboard.app_pages.{name}.page" for name in entries()}
    warming.first_page_data()
    warming.other_data()
    rows = bundled_rows(bundled_networks()[warming.FIRST_NETWORK])
    assert rows is not None
    assert "typical_distances" in vars(rows)  # found before anybody asks


def test_nothing_is_left_to_load_when_a_training_is_tried_or_a_pruning_starts() -> None:
    """In a process of its own: here the tests before have loaded everything."""
    code = (
        "import sys; from importlib import import_module; from dashboard.startup import warming\n"
        "for name in (*warming.FIRST_PAGE, *warming.OTHER_PAGES): import_module(name)\n"
        "warming.first_page_data(); warming.first_products(); before = set(sys.modules)\n"
        "from rbfcore.training.pace import epoch_seconds; from rbfcore.training.settings import train_settings\n"
        "epoch_seconds(train_settings(64, 'fast', 0, 'occupation'), 1000, 100, 26, 'fcc')\n"
        "from dashboard.shelf.bundled import bundled_networks; from rbfcore import Bernoulli, RBFN, prune\n"
        "prune(RBFN.from_plain(bundled_networks()['cu100-16']), Bernoulli(0.5), 2, restarts=1, max_iterations=2)\n"
        "print(len(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert int(done.stdout) < 20


def test_it_ends_with_the_server() -> None:
    """Here the server never comes up, and the program is over at once."""
    code = "from dashboard.startup.warming import start_warming; print(start_warming().is_alive())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
