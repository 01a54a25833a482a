"""Canaries: what 3Dmol.js does not document and our scripts need is there, and that version draws as we think it does.

One that fails after an update of 3Dmol names what is gone or different and who needs it; all of it is to be mended in
dashboard/static/threedmol_internals.js.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from dashboard.viewer.modules import modules_folder
from dashboard.viewer.script import VERSION, viewer_script
from dashboard.viewer.served import STATIC_FOLDER
from tests.browser.conftest import HARNESS, serve_static

pytestmark = pytest.mark.browser

ALPHA = 0.03  # of a pixel, as in test_viewer_alpha
MIDDLE = (200, 200)

# A viewer as our scripts make it, 400 pixels wide, and a way to fill it with balls in the middle of the picture.
_SETUP = """async ([script, internals, options]) => {
    document.body.innerHTML = '<div id="box" style="position:absolute;left:0;top:0;width:400px;height:400px"></div>';
    const tag = Object.assign(document.createElement("script"), { src: script });
    await new Promise((resolve, reject) => {
        [tag.onload, tag.onerror] = [resolve, reject];
        document.head.append(tag);
    });
    window.internals = await import(internals);
    window.viewer = $3Dmol.createViewer(document.getElementById("box"), JSON.parse(options));
    window.drawings = 0;
    window.balls = (...balls) => {
        viewer.removeAllShapes();
        const made = balls.map((ball) => viewer.addSphere({ center: { x: 0, y: 0, z: 0 }, radius: 4, ...ball }));
        viewer.setView([0, 0, 0, 100, 0, 0, 0, 1]);
        viewer.render();
        return made;
    };
}"""

# Members, what must be true of them where `ball` is a translucent ball that has been drawn, and who needs them.
MEMBERS = [
    ("GLViewer.show", "typeof viewer.show === 'function'", "blendInDepthOrder"),
    ("GLViewer.renderer.isLost", "viewer.renderer.isLost() === false", "isLost"),
    ("GLViewer.renderer.initWebGLObjects", "viewer.renderer.initWebGLObjects.length === 1", "sortByDepth"),
    ("GLViewer.scene.__webglObjects", "Array.isArray(viewer.scene.__webglObjects)", "sortByDepth"),
    (
        "GLViewer.scene.__webglObjects[].object",
        "viewer.scene.__webglObjects.some(({ object }) => ball.renderedShapeObj.children.includes(object))",
        "sortByDepth",
    ),
    ("GLViewer.shapes", "viewer.shapes.includes(ball)", "sortByDepth"),
    ("GLShape.boundingSphere.center", "ball.boundingSphere.center.x === 1", "sortByDepth"),
    ("GLShape.renderedShapeObj.children", "ball.renderedShapeObj.children.length > 0", "sortByDepth"),
    (
        "Material.transparent",
        "ball.renderedShapeObj.children.every(({ material }) => material.transparent === true)",
        "sortByDepth",
    ),
    (
        "Material.depthWrite",
        "ball.renderedShapeObj.children.every(({ material }) => material.depthWrite === true)",
        "sortByDepth",
    ),
    ("GLViewer.divwatcher", "viewer.divwatcher instanceof ResizeObserver", "stopWatching"),
    ("GLViewer.intwatcher", "viewer.intwatcher instanceof IntersectionObserver", "stopWatching"),
    ("GLViewer.CAMERA_Z", "viewer.CAMERA_Z === 150", "zoomToReach"),
    ("GLViewer.fov", "viewer.fov === 20", "zoomToReach"),
]


def changed(what: str, user: str) -> str:
    """What to say when a canary fails."""
    return f"3Dmol {VERSION}: {what}; needed by {user} in dashboard/static/threedmol_internals.js"


@pytest.fixture
def page(watched: Callable[..., Any], fetched_script: Path) -> Page:
    """With a viewer in it that none of our scripts has touched."""
    assert fetched_script.is_file()
    shown: Page = watched(width=500, height=500).page
    shown.route(f"{HARNESS}/**", serve_static)
    shown.goto(f"{HARNESS}/")
    options = re.search(r"VIEWER_OPTIONS = (\{.*?\});", (STATIC_FOLDER / "molecule.js").read_text(encoding="utf-8"))
    assert options is not None
    as_json = re.sub(r"(\w+): ", r'"\1": ', options[1])
    shown.evaluate(_SETUP, [viewer_script().url, f"{modules_folder()}/threedmol_internals.js", as_json])
    return shown


@pytest.fixture
def alpha(page: Page, measured_alpha: Callable[..., list[float]]) -> Callable[..., float]:
    """alpha(JavaScript that draws): opacity in the middle of the picture."""

    def measure(drawing: str) -> float:
        page.evaluate(f"() => {{ {drawing} }}")
        back = "colour => { viewer.setBackgroundColor(colour, 1); viewer.render(); }"
        return measured_alpha(page, lambda colour: page.evaluate(back, colour), [MIDDLE])[0]

    return measure


def test_members_that_no_page_documents_are_there(page: Page) -> None:
    page.evaluate("() => { [window.ball] = balls({ center: { x: 1, y: 0, z: 0 }, opacity: 0.5 }) }")
    seen = [page.evaluate(f"() => {{ try {{ return {holds} }} catch {{ return false }} }}") for _, holds, _ in MEMBERS]
    gone = [
        changed(f"{member} is gone or something else", user)
        for (member, _, user), is_there in zip(MEMBERS, seen, strict=True)
        if is_there is not True
    ]
    assert gone == []


def test_they_stand_in_one_script_alone() -> None:
    """The scripts say `scene` and `show` of much else, so these are looked for with the viewer before them."""
    users: dict[str, set[str]] = {}
    names = r"\.renderer\b|\.shapes\b|\bviewer\.(?:scene|show)\b|" + "|".join(
        ["__webglObjects", "boundingSphere", "renderedShapeObj", "depthWrite", "divwatcher", "intwatcher", "CAMERA_Z"]
    )
    for path in STATIC_FOLDER.glob("*.js"):
        for name in re.findall(names, path.read_text(encoding="utf-8")):
            users.setdefault(name, set()).add(path.name)
    assert len(users) == 11
    assert {name: them for name, them in users.items() if them != {"threedmol_internals.js"}} == {}


@pytest.mark.parametrize("act", ["viewer.render()", "viewer.setView([0, 0, 0, 90, 0, 0, 0, 1])", "viewer.resize()"])
def test_every_drawing_goes_through_show(page: Page, act: str) -> None:
    page.evaluate("() => { viewer.show = () => { window.drawings += 1 } }")
    page.evaluate(f"() => {{ {act} }}")
    assert page.evaluate("() => window.drawings") > 0, changed(
        f"{act} draws without GLViewer.show", "blendInDepthOrder"
    )


def test_opacity_is_applied_twice(alpha: Callable[..., float]) -> None:
    seen = alpha("balls({ opacity: 0.5, side: internals.NEAR_SIDE })")
    assert seen == pytest.approx(0.25, abs=ALPHA), changed(f"an opacity of 0.5 is seen as {seen:.2f}", "drawnOpacity")


@pytest.mark.parametrize("wanted", [0.0, 0.04, 0.25, 0.5, 0.75, 1.0])
def test_our_opacity_is_seen_as_it_is(alpha: Callable[..., float], wanted: float) -> None:
    seen = alpha(f"balls({{ opacity: internals.drawnOpacity({wanted}), side: internals.NEAR_SIDE }})")
    assert seen == pytest.approx(wanted, abs=ALPHA), changed(f"{wanted} is seen as {seen:.2f}", "drawnOpacity")


def test_a_ball_can_vanish_and_come_back(alpha: Callable[..., float]) -> None:
    for wanted in (0.5, 0.0, 1.0):
        once = "window.ball ??= balls({ side: internals.NEAR_SIDE })[0];"
        seen = alpha(f"{once} ball.updateStyle({{ opacity: internals.drawnOpacity({wanted}) }});")
        assert seen == pytest.approx(wanted, abs=ALPHA), changed(f"{wanted} is then seen as {seen:.2f}", "drawnOpacity")


def test_near_balls_erase_what_is_behind_them_unless_sorted(page: Page, alpha: Callable[..., float]) -> None:
    """Added from front to back, each of opacity 0.5: the far one is lost, until `blendInDepthOrder` sorts them."""
    stack = "balls(...[5, 0, -5].map((z) => ({ center: { x: 0, y: 0, z }, opacity: Math.sqrt(0.5), side: 0 })));"
    seen = alpha(stack)
    assert seen == pytest.approx(0.5, abs=ALPHA), changed(f"unsorted, a stack is seen as {seen:.2f}", "sortByDepth")
    page.evaluate("() => { internals.blendInDepthOrder(viewer) }")
    seen = alpha(stack)
    assert seen == pytest.approx(1 - 0.5**3, abs=ALPHA), changed(f"a stack is seen as {seen:.2f}", "sortByDepth")
    turned = alpha("viewer.setView([0, 0, 0, 100, 0, 1, 0, 0]);")
    assert turned == pytest.approx(1 - 0.5**3, abs=ALPHA), changed(
        f"from behind, a stack is seen as {turned:.2f}", "sortByDepth"
    )


def test_both_sides_of_a_ball_are_drawn_unless_told(page: Page, alpha: Callable[..., float]) -> None:
    page.evaluate("() => { internals.blendInDepthOrder(viewer) }")
    seen = alpha("balls({ opacity: Math.sqrt(0.5) })")
    assert seen > 0.5 + 2 * ALPHA, changed(f"a ball with both sides is seen as {seen:.2f}", "NEAR_SIDE")


@pytest.mark.parametrize("half", [5.0, 12.0])
def test_camera_stands_and_sees_as_we_reckon(page: Page, half: float) -> None:
    edges = page.evaluate(
        """(half) => {
            viewer.setView([0, 0, 0, internals.zoomToReach(half), 0, 0, 0, 1]);
            return [-half, half].map((x) => viewer.modelToScreen({ x, y: 0, z: 0 }).x);
        }""",
        half,
    )
    assert edges == pytest.approx([0, 400], abs=1), changed(
        f"{half} units reach to {edges}, not 0 and 400", "zoomToReach"
    )


def test_a_viewer_draws_by_itself_until_it_is_stopped(page: Page) -> None:
    resized = """async (width) => {
        viewer.show = () => { window.drawings += 1 };
        await new Promise((done) => setTimeout(done, 300));
        window.drawings = 0;
        document.getElementById("box").style.width = `${width}px`;
        await new Promise((done) => setTimeout(done, 300));
        return window.drawings;
    }"""
    assert page.evaluate(resized, 300) > 0, changed("a viewer no longer draws by itself", "stopWatching")
    page.evaluate("() => { internals.stopWatching(viewer) }")
    assert page.evaluate(resized, 350) == 0, changed("a viewer draws by itself even when stopped", "stopWatching")


def test_a_lost_context_is_told(page: Page) -> None:
    lost = page.evaluate(
        """async () => {
            const told = [internals.isLost(viewer)];
            viewer.renderer.getContext().getExtension("WEBGL_lose_context").loseContext();
            internals.blendInDepthOrder(viewer, () => told.push("drawn"), () => told.push("lost"));
            viewer.show();
            return [...told, internals.isLost(viewer)];
        }"""
    )
    assert lost == [False, "lost", True], changed(f"a lost context is told as {lost}", "isLost")


def test_a_picture_is_held_until_all_of_it_is_there(page: Page) -> None:
    drawn = page.evaluate(
        """() => {
            let drawn = 0;
            const once = internals.blendInDepthOrder(viewer, () => { drawn += 1 });
            once(() => { balls({ opacity: 0.5 }); viewer.setBackgroundColor("#000000", 1); viewer.resize(); });
            return drawn;
        }"""
    )
    assert drawn == 1, changed(f"one change is drawn {drawn} times", "blendInDepthOrder")
