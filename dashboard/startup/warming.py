"""What pages will need, loaded while nobody waits: for the first page at once, the rest after it has been drawn."""

import threading
from importlib import import_module

from dashboard.session.pages import entries, landing, page_module
from dashboard.session.streamlit_internals import server_is_up

FIRST_PAGE = (page_module(landing()),)
OTHER_PAGES = (
    *(page_module(name) for name in entries() if name != landing()),
    "dashboard.figures.training_chart",
    "dashboard.figures.parity",
    "dashboard.app_pages.method.method_charts",
    "dashboard.app_pages.inspect.what_if_panel",
    "rbfcore.explain.case",  # torch
    "rbfcore.explain.report",
    "rbfcore.pruning.prune",
    "rbfcore.symmetry.matching",  # scipy.optimize
    "rbfcore.training.pace",
    "torch._dynamo",  # which torch's optimisers ask for when the first is made: the page Train tries a few batches
)
FIRST_NETWORK = "cu100"
PAUSE_S = 4.0  # a browser that was started with the server has drawn the first page by then


def start_warming() -> threading.Thread:
    """Warm up in a thread of its own. It is not a daemon, which would be cut off within torch's own code when the
    server ends; it looks for the end by itself."""
    thread = threading.Thread(target=_warm_up_quietly, name="warming")
    thread.start()
    return thread


def _warm_up_quietly() -> None:
    try:
        _warm_up()
    except Exception:
        if threading.main_thread().is_alive():
            raise  # else modules complain that they are imported while the server ends


def _warm_up() -> None:
    while not server_is_up():
        if _ended_within(0.05):
            return
    if not _loaded(FIRST_PAGE):
        return
    first_page_data()
    if not _ended_within(PAUSE_S) and _loaded(OTHER_PAGES):
        other_data()
        first_products()


def first_page_data() -> None:
    """Bundled networks and their curves."""
    from dashboard.shelf.bundled import bundled_curves, bundled_networks

    for network in bundled_networks().values():
        network.fingerprint()
    bundled_curves()


def other_data() -> None:
    """The rows that the inspector searches first."""
    from dashboard.shelf.bundled import bundled_networks
    from dashboard.shelf.training_rows import bundled_rows

    network = bundled_networks().get(FIRST_NETWORK)
    rows = None if network is None else bundled_rows(network)
    if rows is not None:
        rows.share_at_least(1)


def first_products() -> None:
    """A step of a small pruning: a process's first matrix products take a third of a second longer than all others."""
    from dashboard.shelf.bundled import bundled_networks
    from rbfcore.distributions.finite import Bernoulli
    from rbfcore.network import RBFN
    from rbfcore.pruning.prune import prune_steps

    network = bundled_networks().get(f"{FIRST_NETWORK}-16")
    if network is not None:
        next(prune_steps(RBFN.from_plain(network), Bernoulli(0.5), n_prototypes=2, restarts=1))


def _loaded(modules: tuple[str, ...]) -> bool:
    """Import one after the other; False when the server ends meanwhile."""
    for module in modules:
        if _ended_within(0.02):  # a moment for whoever waits for the interpreter
            return False
        import_module(module)
    return True


def _ended_within(seconds: float) -> bool:
    main = threading.main_thread()
    main.join(seconds)
    return not main.is_alive()
