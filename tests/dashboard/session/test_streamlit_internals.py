"""Canaries: what Streamlit does not document and rbfscope needs is there, and does what it is needed for.

One that fails after an update of Streamlit names what is gone and who needs it; nothing else need be searched.
"""

import os
import re
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.session.streamlit_internals import index_html, page_shown, server_is_up, taken_apart
from tests.servers import free_port, until_healthy

DASHBOARD = Path(dashboard.__file__).parent
CONFIG = tomllib.loads((DASHBOARD / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

_TWO_PAGES = """
import streamlit as st
from dashboard.session.streamlit_internals import page_shown, server_is_up

def first():
    st.text(f"first {page_shown()}")
    if st.button("Go"):
        st.switch_page(pages[1])

def second():
    st.text(f"second {page_shown()}")

pages = [st.Page(first, url_path="first", default=True), st.Page(second, url_path="second")]
st.navigation(pages, position="hidden").run()
"""


_SERVE = """
import sys, threading, time
from pathlib import Path
from dashboard.session.streamlit_internals import serve, server_is_up

def watch():
    while not server_is_up():
        time.sleep(0.05)
    print("server is up", flush=True)

threading.Thread(target=watch, daemon=True).start()
sys.exit(serve(Path(sys.argv[1]), "127.0.0.1", int(sys.argv[2])))
"""


def gone(what: str, user: str) -> str:
    """What to say when a canary fails."""
    return f"Streamlit {st.__version__}: {what}; needed by {user}"


def test_a_run_knows_its_page() -> None:
    told = gone(
        "the script run context no longer tells pages apart by page_script_hash", "dashboard/session/address.py"
    )
    app = AppTest.from_string(_TWO_PAGES).run()
    assert not app.exception, told
    name, first = app.text[0].value.split()
    assert name == "first"
    assert first, told
    assert app.run().text[0].value.split()[1] == first, told
    app.button[0].click().run()
    name, second = app.text[0].value.split()
    assert name == "second"
    assert second not in ("", first), told


def test_outside_a_run_no_page_is_shown() -> None:
    assert page_shown() == "", gone("there is a script run context without a run", "dashboard/session/address.py")


def test_without_a_server_none_is_up() -> None:
    assert server_is_up() is False, gone("the runtime exists without a server", "dashboard/startup/warming.py")


def test_a_server_in_this_process_is_seen_and_serves_our_own_routes() -> None:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(DASHBOARD / "app.py"), str(port)],
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(DASHBOARD.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        until_healthy(f"http://127.0.0.1:{port}")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            page = answer.read().decode()
        server.terminate()
        said, _ = server.communicate(timeout=60)
    finally:
        server.kill()
    assert "server is up" in said, gone(f"the runtime does not tell that it is up: {said}", "startup/warming.py")
    assert 'id="first-view"' in page, gone("`streamlit run` does not serve the routes of st.App", "dashboard/app.py")


def test_the_index_page_can_be_taken_apart() -> None:
    page = taken_apart(index_html())
    assert page is not None, gone("index.html has no single root element and module script", "startup/first_view.py")
    assert page.modules.count("modulepreload") > 10, gone("index.html preloads no modules", "startup/first_view.py")
    assert page.font is not None, gone("index.html preloads no font", "startup/first_view.py")
    assert page.after.startswith('<div id="root">')
    assert page.script not in page.before + page.after
    folder = Path(st.__file__).parent / "static"
    for name in (page.script, page.font, *re.findall(r'href="([^"]+)"', page.modules)):
        assert (folder / name).is_file(), gone(f"index.html names {name}, which is not there", "startup/first_view.py")


@pytest.mark.parametrize("page", ["", "<html><body><main></main></body></html>", '<div id="root"></div>'])
def test_another_page_is_left_whole(page: str) -> None:
    assert taken_apart(page) is None


def options(table: dict[str, object], prefix: str = "") -> list[str]:
    names = []
    for name, value in table.items():
        names += options(value, f"{prefix}{name}.") if isinstance(value, dict) else [prefix + name]
    return names


@pytest.mark.parametrize("option", options(CONFIG))
def test_every_option_of_the_configuration_is_known(option: str) -> None:
    """Streamlit only warns of an option that it does not know, and goes on without it."""
    try:
        st.get_option(option)
    except RuntimeError:
        pytest.fail(gone(f"there is no option {option}", "dashboard/.streamlit/config.toml"))
