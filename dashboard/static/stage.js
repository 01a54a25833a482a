// The 3D picture of one occupation or prototype: the painter at once, 3Dmol in its place when it is there, viewpoints by
// key and button, marks and names over it. What a click means is for the owner to say.

import { button, element, isTyping, lookOf, sharpContext } from "./dom.js";
import { createFlatView } from "./flat.js";
import { rotationOfText, sitesUnder, textOf } from "./geometry.js";
import { isThere, loadLibrary } from "./library.js";
import { createMolecule } from "./molecule.js";
import { paintOverlay } from "./painter.js";

const resting = []; // 3Dmol cannot be disposed of: the views of stages that left the page wait here for the next
const SETTLED_MS = 350; // after a turn, before the owner is told

/**
 * @param root element of the owner: colours are taken from it, and its data-painter says what draws
 * @param ready promise after which sizes can be measured
 * @param on {pick(site, all sites there front to back), hover(site or null), describe(site) -> text, turned(look)}
 */
export function createStage(root, ready, on) {
  const side = element("div", "stage-side");
  const stage = element("div", "stage");
  stage.tabIndex = 0;
  stage.setAttribute("role", "img");
  const overlay = element("canvas", "overlay");
  const notice = element("div", "notice");
  notice.setAttribute("role", "status");
  notice.hidden = true;
  const buttons = element("div", "stage-buttons");
  const words = element("p", "in-words");
  side.append(stage, buttons, words, notice);

  let scene = null;
  let picture = null;
  let marked = [];
  let view = null;
  let solid = null; // {host, view} once 3Dmol draws
  let asked = false;
  let buttonsOf = "";
  let settling = 0;
  let told = null; // the look the owner knows

  function show(nextScene, nextPicture, summary, data) {
    scene = nextScene;
    picture = nextPicture;
    side.hidden = scene.kind !== "lattice";
    if (side.hidden) return;
    view ??= createFlatView(stage, drawOver);
    stage.append(overlay);
    buildButtons();
    stage.setAttribute("aria-label", summary);
    words.textContent = summary;
    if (asked) draw();
    else {
      asked = true;
      told = data.look ?? null;
      draw(rotationOfLook(told) ?? undefined);
      markViewpoint(told);
      bringSolid(data);
    }
  }

  /** Swap the painter for 3Dmol as soon as it is there; say what to do when it cannot be had. */
  async function bringSolid(data) {
    try {
      const [$3Dmol] = await Promise.all([loadLibrary(data.sources), ready]);
      if (!root.isConnected) return;
      const rotation = view.rotation() ?? scene.viewpoints[0].rotation;
      solid = resting.pop() ?? createSolid($3Dmol);
      solid.onView = drawOver;
      view.close();
      stage.prepend(solid.host);
      view = solid.view;
      root.dataset.painter = "3dmol";
      draw(rotation);
    } catch (error) {
      root.dataset.painter = "canvas";
      notice.hidden = false;
      notice.textContent = isThere()
        ? `The 3D view needs WebGL (${error.message ?? error}). The built-in painter draws instead; drag turns it.`
        : `3Dmol.js could not be loaded: run \`${data.fetch_command}\` once and reload this page. ` +
          "Until then the built-in painter draws; drag turns it.";
    }
  }

  function createSolid($3Dmol) {
    const host = element("div", "molecule");
    stage.prepend(host);
    const made = { host, view: null, onView: () => {} };
    try {
      made.view = createMolecule($3Dmol, host, () => made.onView());
    } catch (error) {
      host.remove();
      throw error;
    }
    // The wheel scrolls the page; zoom has its buttons and keys.
    host.addEventListener("wheel", (event) => event.stopPropagation(), { capture: true });
    return made;
  }

  /** The picture anew, seen as before or from these rows. */
  function draw(rows) {
    view.show(scene, picture, { ...lookOf(root), background: backgroundColour() }, rows);
  }

  function backgroundColour() {
    const context = element("canvas").getContext("2d");
    context.fillStyle = "#ffffff";
    context.fillStyle = getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "#ffffff";
    return context.fillStyle; // normalised to #rrggbb
  }

  /** Rings, numbers and marks over the 3D picture, at the places where its sites are now. */
  function drawOver() {
    if (!scene || !view || !stage.clientWidth) return;
    const context = sharpContext(overlay, stage.clientWidth, stage.clientHeight);
    const rings = view === solid?.view; // the painter draws its own
    paintOverlay(context, scene, picture, view.places(), { ...lookOf(root), marked, rings, names: true });
  }

  /** Other rings, signs and names over the same 3D picture, at once; `show` follows when the rest is known. */
  function retouch(nextPicture) {
    picture = nextPicture;
    if (view !== solid?.view && view) draw();
    else drawOver();
  }

  function mark(sites) {
    marked = sites;
    drawOver();
  }

  function buildButtons() {
    const wanted = JSON.stringify(scene.viewpoints);
    if (wanted === buttonsOf) return;
    buttonsOf = wanted;
    const named = scene.viewpoints.map((viewpoint, i) =>
      titled(viewpoint.name, `Look from ${viewpoint.name} (key ${i + 1})`, () => lookFrom(i)),
    );
    const zoom = [
      titled("+", "Zoom in (key +)", () => view.zoomBy(1.2)),
      titled("−", "Zoom out (key −)", () => view.zoomBy(1 / 1.2)),
    ];
    buttons.replaceChildren(...named, ...zoom);
  }

  function titled(text, title, act) {
    const made = button(text, act);
    made.title = title;
    return made;
  }

  function lookFrom(number) {
    view.turnTo(scene.viewpoints[number].rotation);
    tellLook(String(number + 1));
  }

  function markViewpoint(name) {
    [...buttons.children].slice(0, scene.viewpoints.length).forEach((made, i) => {
      made.setAttribute("aria-pressed", String((name ?? "1") === String(i + 1)));
    });
  }

  function tellLook(name) {
    markViewpoint(name);
    clearTimeout(settling);
    settling = setTimeout(() => {
      if (name === told || !root.isConnected) return;
      told = name;
      on.turned?.(name);
    }, SETTLED_MS);
  }

  /** "2": the second viewpoint; "x,y,z,w": a quaternion. */
  function rotationOfLook(name) {
    if (!name) return null;
    return rotationOfText(name) ?? scene.viewpoints[Number(name) - 1]?.rotation ?? null;
  }

  function onKey(event) {
    if (!view || side.hidden || !root.isConnected || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    const number = Number(event.key) - 1;
    if (scene.viewpoints[number]) lookFrom(number);
    else if (event.key === "+" || event.key === "=") view.zoomBy(1.2);
    else if (event.key === "-") view.zoomBy(1 / 1.2);
    else return;
    event.preventDefault();
  }
  document.addEventListener("keydown", onKey);

  function sitesAt(event) {
    const frame = stage.getBoundingClientRect();
    return sitesUnder(view.places(), event.clientX - frame.left, event.clientY - frame.top);
  }

  let pressed = null;
  stage.addEventListener("pointerdown", (event) => (pressed = event), { capture: true });
  stage.addEventListener("pointerup", (event) => {
    if (!pressed || !view) return;
    if (Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) > 4) {
      setTimeout(() => tellLook(textOf(view.rotation())));
      return;
    }
    const sites = sitesAt(event);
    if (sites.length > 0) on.pick(sites[0], sites, event);
  });
  stage.addEventListener("pointermove", (event) => {
    if (event.buttons || !view) return;
    const site = sitesAt(event)[0] ?? null;
    stage.title = site === null ? "" : on.describe(site);
    stage.style.cursor = site === null ? "grab" : "pointer";
    on.hover(site);
  });
  stage.addEventListener("pointerleave", () => on.hover(null));

  function close() {
    document.removeEventListener("keydown", onKey);
    clearTimeout(settling);
    if (solid) {
      solid.onView = () => {};
      solid.host.remove();
      resting.push(solid);
    }
  }

  return { element: side, show, retouch, mark, fit: () => view?.fit(), close };
}
