"""A browser may take a WebGL context away at any time: the 3D view comes back by itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.browser.conftest import picture
from tests.browser.test_viewer_inspector import data

pytestmark = pytest.mark.browser

# Keeps every WebGL context that is made, so that a test can take one away.
_KEPT_CONTEXTS = """
window.contexts = [];
for (const kind of [HTMLCanvasElement, OffscreenCanvas]) {
    const made = kind.prototype.getContext;
    kind.prototype.getContext = function (name, ...rest) {
        const context = made.call(this, name, ...rest);
        if (context && name.startsWith("webgl")) window.contexts.push(context);
        return context;
    };
}
"""


def test_the_picture_comes_back_when_the_browser_has_taken_the_context_away(
    harness: Callable[..., Any], fetched_script: Path
) -> None:
    assert fetched_script.is_file()
    page = harness("inspector.js", data(), before=_KEPT_CONTEXTS).page
    page.wait_for_selector(".inspector[data-painter='3dmol']")
    page.keyboard.press("2")
    page.mouse.move(2, 2)

    def seen() -> Any:
        page.wait_for_timeout(300)
        return np.asarray(picture(page)).astype(int)

    before = seen()
    for turn in range(2):  # the one that came in its place can be lost too
        page.evaluate("() => window.contexts.at(-1).getExtension('WEBGL_lose_context').loseContext()")
        page.wait_for_timeout(200)
        page.keyboard.press("4")
        other = seen()
        page.keyboard.press("2")
        assert np.abs(seen() - before).max() <= 2  # of 255: a rotation is rounded on its way
        assert (other != before).any()
        assert page.evaluate("() => window.contexts.length") == turn + 2
    page.evaluate("() => window.contexts.at(-1).getExtension('WEBGL_lose_context').loseContext()")
    page.wait_for_timeout(200)
    page.evaluate("data => window.update(data)", data(1))
    changed = seen()
    fresh = harness("inspector.js", data(1)).page
    fresh.wait_for_selector(".inspector[data-painter='3dmol']")
    fresh.keyboard.press("2")
    fresh.mouse.move(2, 2)
    fresh.wait_for_timeout(300)
    assert np.abs(changed - np.asarray(picture(fresh)).astype(int)).max() <= 2
