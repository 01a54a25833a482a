"""The inspector in a real browser: two pictures of one prototype that point at each other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard.drawing.scene import scene
from dashboard.viewer.py3dmol_views import linked_grid_html, standalone_html
from dashboard.viewer.script import CDN_URL, content_network, viewer_script
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters

pytestmark = pytest.mark.browser

ENV = environment("fcc", 2)
FETCH = "rbfscope fetch-viewer"


def network() -> Parameters:
    random = np.random.default_rng(3)
    return Parameters.checked(0.0, random.normal(size=3), 0.1, random.normal(size=(3, 26)), {"unit": "eV"})


def data(prototype: int = 0, **changes: Any) -> dict[str, Any]:
    local, network_copy = viewer_script(), content_network()
    return {
        "scene": scene(network(), ENV, order=[prototype]),
        "selected": None,
        "sources": [{"url": s.url, "integrity": s.integrity} for s in (local, network_copy)],
        "fetch_command": FETCH,
    } | changes


def middle_of_site(page: Any, site: int, view: int) -> tuple[float, float]:
    """Where a site is on the page, from the lattice and the camera alone."""
    frame = page.locator(".stage").bounding_box()
    extent = np.linalg.norm(ENV.positions - ENV.target / 2, axis=1).max()
    scale = min(frame["width"], frame["height"]) / 2 / (extent + 0.19) / 1.06
    right, up, _ = ENV.viewpoints[view].rotation() @ (ENV.positions[site] - ENV.target / 2)
    return frame["x"] + frame["width"] / 2 + scale * right, frame["y"] + frame["height"] / 2 - scale * up


def chosen_bars(page: Any) -> list[str | None]:
    return [bar.get_attribute("data-site") for bar in page.locator("g[aria-selected='true']").all()]


@pytest.fixture
def solid(harness: Callable, fetched_script: Path) -> Any:
    assert fetched_script.is_file()
    shown = harness("inspector.js", data())
    shown.page.wait_for_selector(".inspector[data-painter='3dmol']")
    return shown


def test_site_and_bar_point_at_each_other(solid: Any) -> None:
    page = solid.page
    page.locator(".stage-buttons button", has_text="[0 0 1]").click()
    page.mouse.click(*middle_of_site(page, 19, view=1))
    assert chosen_bars(page) == ["19"]
    facts = page.locator(".readout").inner_text()
    assert "(−1, 0, 0) a".replace("−", "\N{MINUS SIGN}") in facts
    assert "2nn in plane" in facts
    page.mouse.move(2, 2)
    overlay = "() => document.querySelector('.overlay').toDataURL()"
    before = page.evaluate(overlay)
    page.locator("g[data-site='21']").click()
    assert chosen_bars(page) == ["21"]
    page.mouse.move(2, 2)
    assert page.evaluate(overlay) != before
    page.keyboard.press("ArrowLeft")
    assert chosen_bars(page) == ["20"]
    told = [entry for entry in page.evaluate("() => window.sent") if entry[0] == "site"]  # the look follows when it can
    assert told == [["site", 19], ["site", 21], ["site", 20]]
    assert solid.foreign == []
    assert solid.complaints == []


def test_four_viewpoints_by_button_and_key(solid: Any) -> None:
    """Every way to choose a viewpoint puts site 24 where that camera sees it."""
    page = solid.page
    for view, viewpoint in enumerate(ENV.viewpoints):
        if view % 2:
            page.locator(".stage").focus()
            page.keyboard.press(str(view + 1))
        else:
            page.locator(".stage-buttons button", has_text=viewpoint.name).click()
        page.mouse.move(*middle_of_site(page, 23, view))
        named = page.locator(".stage").get_attribute("title")
        nearest = np.argmax(
            np.where(
                np.linalg.norm(((ENV.positions - ENV.positions[23]) @ viewpoint.rotation().T)[:, :2], axis=1) < 0.19,
                ENV.positions @ viewpoint.rotation()[2],
                -np.inf,
            )
        )
        assert named.startswith(f"site {nearest + 1},")


def test_update_keeps_viewer_camera_and_selection(solid: Any) -> None:
    page = solid.page
    page.locator(".stage-buttons button", has_text="[0 3 1]").click()
    page.locator("g[data-site='11']").click()
    page.evaluate("() => { globalThis.kept = document.querySelector('.molecule canvas') }")
    page.evaluate("(data) => window.update(data)", data(prototype=2))
    assert chosen_bars(page) == ["11"]
    assert page.locator(".inspector-title").inner_text().startswith("Prototype 3")
    assert page.evaluate("() => document.querySelector('.molecule canvas') === globalThis.kept")
    page.mouse.move(*middle_of_site(page, 20, view=3))
    assert page.locator(".stage").get_attribute("title").startswith("site 21,")


def test_python_can_choose_the_site(solid: Any) -> None:
    page = solid.page
    page.evaluate("(data) => window.update(data)", data(selected=3))
    assert chosen_bars(page) == ["3"]
    page.locator("g[data-site='3']").click()
    page.evaluate("(data) => window.update(data)", data(prototype=1, selected=3))
    assert chosen_bars(page) == []


def test_leaving_the_page_and_coming_back_reuses_the_viewer(solid: Any) -> None:
    """3Dmol has no way to dispose of a viewer, and browsers allow few WebGL contexts."""
    page = solid.page
    page.evaluate("() => { globalThis.kept = document.querySelector('.molecule canvas') }")
    page.evaluate(
        """async (data) => {
            const { component } = window;
            const mounted = document.querySelector(".inspector").parentElement;
            const leave = component({ parentElement: mounted, data, setStateValue: () => {} });
            mounted.remove();
            leave();
            await new Promise((done) => setTimeout(done, 50));
            const parentElement = document.body.appendChild(document.createElement("div"));
            component({ parentElement, data, setStateValue: () => {} });
        }""",
        data(prototype=1),
    )
    page.wait_for_selector(".inspector[data-painter='3dmol']")
    assert page.evaluate("() => document.querySelector('.molecule canvas') === globalThis.kept")
    assert page.locator(".molecule").count() == 1


def test_drag_turns_the_solid_view(solid: Any) -> None:
    page = solid.page
    page.mouse.move(2, 2)
    overlay = "() => document.querySelector('.overlay').toDataURL()"
    before = page.evaluate(overlay)
    x, y = middle_of_site(page, 23, view=0)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 30, steps=3)
    page.mouse.up()
    page.mouse.move(2, 2)
    assert page.evaluate(overlay) != before
    assert chosen_bars(page) == []


def test_without_the_script_the_painter_draws_and_says_what_to_run(harness: Callable) -> None:
    shown = harness("inspector.js", data(sources=[{"url": "/app/static/vendor/none.js", "integrity": ""}]))
    page = shown.page
    page.wait_for_selector(".notice:not([hidden])")
    assert FETCH in page.locator(".notice").inner_text()
    assert page.locator(".inspector").get_attribute("data-painter") == "canvas"
    flat = "() => document.querySelector('.flat').toDataURL()"
    before = page.evaluate(flat)
    x, y = middle_of_site(page, 23, view=0)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 50, y + 20, steps=3)
    page.mouse.up()
    assert page.evaluate(flat) != before
    page.locator("g[data-site='4']").click()
    assert chosen_bars(page) == ["4"]


def test_without_webgl_the_painter_draws(harness: Callable, fetched_script: Path) -> None:
    assert fetched_script.is_file()
    none = """for (const kind of [HTMLCanvasElement, OffscreenCanvas]) {
        const whole = kind.prototype.getContext;
        kind.prototype.getContext = function (name, ...rest) {
            return name.startsWith("webgl") ? null : whole.call(this, name, ...rest);
        };
    }"""
    page = harness("inspector.js", data(), before=none).page
    page.wait_for_selector(".notice:not([hidden])")
    assert "needs WebGL" in page.locator(".notice").inner_text()
    assert page.locator(".flat").is_visible()
    assert page.locator(".molecule").count() == 0


def test_content_network_is_asked_only_when_the_local_file_fails(harness: Callable, fetched_script: Path) -> None:
    """And a file that is not the pinned one is refused by the browser."""
    asked = []
    both = data()
    both["sources"][0]["url"] = "/app/static/vendor/gone.js"
    shown = harness("inspector.js", data(sources=[]))

    def tampered(route: Any) -> None:
        asked.append(route.request.url)
        body = fetched_script.read_bytes() + b"\n"
        route.fulfill(content_type="text/javascript", body=body, headers={"access-control-allow-origin": "*"})

    shown.page.route("https://cdn.jsdelivr.net/**", tampered)
    shown.page.wait_for_selector(".notice:not([hidden])")
    shown.page.evaluate(
        """(data) => {
            document.body.replaceChildren();
            const parentElement = document.body.appendChild(document.createElement("div"));
            window.component({ parentElement, data });
        }""",
        both,
    )
    shown.page.wait_for_selector(".notice:not([hidden])")
    assert asked == [CDN_URL]
    assert shown.page.evaluate("() => globalThis.$3Dmol === undefined")


def test_inputs_without_lattice_have_a_chart_alone(harness: Callable) -> None:
    wide = Parameters.checked(0.0, [1.0], 0.1, np.linspace(-3, 3, 5)[None])
    shown = harness("inspector.js", data(scene=scene(wide, None, input_names=list("abcde"))))
    shown.page.wait_for_selector("g.bar")
    assert not shown.page.locator(".stage").is_visible()
    shown.page.locator("g.bar").nth(1).click()
    assert "b" in shown.page.locator(".readout").inner_text()
    assert shown.complaints == []


def test_standalone_page_opens_from_a_file(watched: Callable, tmp_path: Path, fetched_script: Path) -> None:
    assert fetched_script.is_file()
    path = tmp_path / "prototypes.html"
    path.write_text(standalone_html(network(), ENV, title="</script><b>Cu"), encoding="utf-8")
    shown = watched(width=1100, height=900)
    shown.page.goto(path.as_uri())
    shown.page.wait_for_selector("#views[data-painter='3dmol']", timeout=20_000)
    assert shown.page.locator("h1").inner_text() == "</script><b>Cu"
    shown.page.locator("#next").click()
    assert shown.page.locator("#summary").inner_text() == scene(network(), ENV)["prototypes"][1]["summary"]
    assert [url for url in shown.foreign if not url.startswith("file:")] == []
    assert shown.complaints == []


def test_linked_grid_draws_through_py3dmol(harness: Callable, fetched_script: Path) -> None:
    assert fetched_script.is_file()
    shown = harness("gallery.js", {"scene": data()["scene"], "columns": 1, "selected": None})
    shown.page.evaluate(
        """(html) => {
            const frame = document.createElement("iframe");
            frame.srcdoc = html;
            frame.style.cssText = "width:640px;height:660px";
            document.body.replaceChildren(frame);
        }""",
        linked_grid_html(network(), ENV),
    )
    inside = shown.page.frame_locator("iframe")
    inside.locator("canvas").nth(1).wait_for(timeout=20_000)
    assert all(inside.get_by_text(viewpoint.name).count() == 1 for viewpoint in ENV.viewpoints)
    assert "failed to load" not in inside.locator("body").inner_text()
    assert shown.foreign == []
    assert shown.complaints == []
