// A prototype in 3Dmol.js: one shape per site, because opacity inside a model is ignored.

import { colourOf, mixed } from "./colours.js";
import { element } from "./dom.js";
import { quaternionOf, rotationOf } from "./geometry.js";
import {
  blendInDepthOrder,
  drawnOpacity,
  isLost,
  NEAR_SIDE,
  stopWatching,
  zoomToReach,
} from "./threedmol_internals.js";

const UNIT = 4; // scene units per lattice constant
const MARGIN = 1.06;

/** Options of every viewer we create; drawing at double size costs five times as much where WebGL runs in software. */
export const VIEWER_OPTIONS = { orthographic: true, disableFog: true, backgroundColor: "#ffffff", upscale: false };

/** The view, in 3Dmol's terms, in which every site is inside an element of this size, however turned. */
export function viewOf(scene, rotation, width, height, zoom = 1) {
  const half = (scene.extent + scene.radii.site) * UNIT * MARGIN;
  const across = half * Math.max(1, width / height || 1); // 1 while it has no size
  return [0, 0, 0, zoomToReach(across / zoom), ...quaternionOf(rotation)];
}

/** How a viewer is turned now. */
function rotationIn(viewer) {
  return rotationOf(viewer.getView().slice(4));
}

function centred(scene, point) {
  const [x, y, z] = point.map((value, i) => (value - scene.centre[i]) * UNIT);
  return { x, y, z };
}

function colourAt(scene, prototype, site) {
  return prototype.colours?.[site] ?? colourOf(scene, prototype.values[site]);
}

/** Add the migrating atom, its target and the arrow, and one sphere per site; returns the spheres by site. */
export function addPrototype(viewer, scene, prototype) {
  const { start, target } = scene.jump;
  const neutral = mixed(scene.palette.neutral, "#ffffff", 0.5); // small things come out much darker than their colour
  const [from, to] = [centred(scene, start), centred(scene, target)];
  viewer.addSphere({ center: from, radius: scene.radii.atom * UNIT, color: neutral, side: NEAR_SIDE });
  viewer.addSphere({
    center: to,
    radius: scene.radii.atom * UNIT,
    color: neutral,
    opacity: drawnOpacity(0.4),
    side: NEAR_SIDE,
  });
  viewer.addArrow({ start: from, end: to, radius: 0.02 * UNIT, radiusRatio: 2.4, mid: 0.62, color: neutral });
  return scene.positions.map((position, site) =>
    viewer.addSphere({
      center: centred(scene, position),
      radius: scene.radii.site * UNIT,
      color: colourAt(scene, prototype, site),
      opacity: drawnOpacity(prototype.alpha[site]),
      side: NEAR_SIDE,
    }),
  );
}

/** Show other values on spheres that `addPrototype` returned. Call `viewer.render()` afterwards. */
export function restyle(spheres, scene, prototype) {
  spheres.forEach((sphere, site) => {
    const color = colourAt(scene, prototype, site);
    sphere.updateStyle({ color, opacity: drawnOpacity(prototype.alpha[site]) });
  });
}

/** Screen places {site, x, y, depth, radius} of all sites, relative to the element in `frame`, back to front. */
export function placesIn(viewer, scene, frame) {
  const [left, top] = [frame.left + window.scrollX, frame.top + window.scrollY];
  const [right, , towardsEye] = rotationIn(viewer);
  const centres = scene.positions.map((position) => centred(scene, position));
  const reach = scene.radii.site * UNIT;
  const edges = centres.map((p) => ({
    x: p.x + right[0] * reach,
    y: p.y + right[1] * reach,
    z: p.z + right[2] * reach,
  }));
  const [middlesOnScreen, edgesOnScreen] = [viewer.modelToScreen(centres), viewer.modelToScreen(edges)];
  return centres
    .map((p, site) => ({
      site,
      x: middlesOnScreen[site].x - left,
      y: middlesOnScreen[site].y - top,
      depth: towardsEye[0] * p.x + towardsEye[1] * p.y + towardsEye[2] * p.z,
      radius: edgesOnScreen[site].x - middlesOnScreen[site].x,
    }))
    .sort((a, b) => a.depth - b.depth);
}

/** One 3Dmol viewer in `host`, kept for as long as the page lives; `onView` is called after every repaint. */
export function createMolecule($3Dmol, host, onView) {
  let viewer = null;
  let once = null;
  let spheres = [];
  let scene = null;
  let shown = []; // what `show` was last given
  let drawn = "";
  let zoom = 1;
  let size = "";
  begin();

  function begin() {
    const box = element("div");
    box.style.cssText = "position:absolute;inset:0";
    host.replaceChildren(box);
    const made = $3Dmol.createViewer(box, { ...VIEWER_OPTIONS });
    if (!made) throw new Error("this browser offers no WebGL");
    stopWatching(made); // `fit` does what is needed
    once = blendInDepthOrder(
      made,
      () => scene && onView(),
      () => made === viewer && revive(),
    );
    [viewer, drawn, size] = [made, "", ""];
  }

  /** A lost context takes all that was drawn along: a new viewer shows the same, from where it was seen. */
  function revive() {
    const rows = rotation();
    begin();
    if (scene && !isLost(viewer)) show(...shown, rows);
  }

  /** Another picture, seen as before or from `rows` where they are given. */
  function show(nextScene, prototype, look, rows = rotation()) {
    const sites = JSON.stringify([nextScene.positions, nextScene.jump, nextScene.palette.neutral]);
    scene = nextScene;
    shown = [nextScene, prototype, look];
    once(() => {
      viewer.setBackgroundColor(look.background, 1);
      if (sites !== drawn) {
        viewer.removeAllShapes();
        spheres = addPrototype(viewer, scene, prototype);
        drawn = sites;
      } else restyle(spheres, scene, prototype);
      fill();
      place(rows);
      viewer.render();
    });
  }

  /** Fill the host again when its size has changed, at the zoom the user has chosen. */
  function fit() {
    if (!scene || !isOutgrown()) return;
    once(() => {
      fill();
      place(rotation());
    });
  }

  function isOutgrown() {
    return host.clientWidth > 0 && size !== `${host.clientWidth}x${host.clientHeight}`;
  }

  function fill() {
    if (!isOutgrown()) return;
    size = `${host.clientWidth}x${host.clientHeight}`;
    viewer.resize();
  }

  function place(rows) {
    viewer.setView(viewOf(scene, rows, host.clientWidth, host.clientHeight, zoom));
  }

  function rotation() {
    return rotationIn(viewer);
  }

  function places() {
    return placesIn(viewer, scene, host.getBoundingClientRect());
  }

  function zoomBy(factor) {
    zoom = Math.min(4, Math.max(0.5, zoom * factor));
    place(rotation());
  }

  return { show, fit, places, rotation, turnTo: place, zoomBy };
}
