"""All that rbfscope takes from Streamlit beyond what Streamlit documents. No other module imports Streamlit's own ones.

A minor release may change any of it without a word, so Streamlit is pinned (pyproject.toml) to the minor version that
the canaries pass: `tests/dashboard/session/test_streamlit_internals.py` for what stands here, and
`tests/browser/test_streamlit_dom.py` for what `style.css` and the scripts in `static/` find in Streamlit's page. Each
canary says what is gone and who needs it. To move the pin: install the new version, run the canaries, mend here.

Streamlit is imported when a function runs: the console command must answer sooner than Streamlit loads.
"""

import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_ROOT = '<div id="root">'
_SCRIPT = re.compile(r'<script type="module" crossorigin src="([^"]+)"></script>')
_MODULES = re.compile(r'<link rel="modulepreload" [^>]*>')
_FONT = re.compile(r'href="([^"]+)"\s+as="font"')


def page_shown() -> str:
    """What tells the page of this script run from all others; "" outside a run.

    Relies on: the script run context and its `page_script_hash`.
    If it broke: `Address` could not tell a field of this page from one of the same name on another, and fields would
    come up empty after a switch of pages.
    """
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx(suppress_warning=True)
    return "" if context is None else str(context.page_script_hash)


def server_is_up() -> bool:
    """Whether Streamlit's server of this process has begun to answer.

    Relies on: `streamlit.runtime` and its state.
    If it broke: nothing would be loaded ahead, and each page would take its seconds when it is first opened.
    """
    from streamlit import runtime

    return runtime.exists() and runtime.get_instance().state is not runtime.RuntimeState.INITIAL


def serve(script: Path, host: str, port: int) -> int:
    """Run `streamlit run` in this process until it ends; returns its exit code.

    Relies on: `streamlit.web.cli.main`, a click command that reads `sys.argv`.
    If it broke: `rbfscope` would not open the dashboard; `streamlit run dashboard/app.py` still would.

    Raises:
        KeyboardInterrupt: the user stopped it.
    """
    import click
    from streamlit.web import cli

    sys.argv = ["streamlit", "run", str(script), "--server.address", host, "--server.port", str(port)]
    try:
        return int(cli.main(standalone_mode=False) or 0)
    except click.Abort:
        raise KeyboardInterrupt from None


@lru_cache(maxsize=1)
def index_html() -> str:
    """The page that Streamlit answers every address with.

    Relies on: `streamlit.file_util.get_static_dir` and the index.html in that folder.
    If it broke: the server would answer "/" with an error.
    """
    from streamlit import file_util

    return (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")


@dataclass(frozen=True)
class IndexPage:
    """Streamlit's page, taken apart so that something can be shown before its script starts.

    Attributes:
        before: the page up to the element that Streamlit draws into, without what starts it.
        after: that element and the rest.
        script: address of the module that starts Streamlit.
        modules: link elements that ask for what this module loads.
        font: address of its font; None where it names none.
    """

    before: str
    after: str
    script: str
    modules: str
    font: str | None


def taken_apart(page: str) -> IndexPage | None:
    """The parts of `index_html()`, or None where it is built otherwise.

    Relies on: one `<div id="root">`, one module script before it, its modulepreload links, the preloaded font.
    If it broke: the landing page would stay empty until Streamlit has started, as without a first view.
    """
    scripts = _SCRIPT.findall(page)
    if page.count(_ROOT) != 1 or len(scripts) != 1:
        return None
    font = _FONT.search(page)
    before, after = _MODULES.sub("", _SCRIPT.sub("", page)).split(_ROOT)
    modules = "".join(_MODULES.findall(page))
    return IndexPage(before, _ROOT + after, scripts[0], modules, font[1] if font else None)
