// A prototype in 3Dmol.js 2.5.5, with what that version needs to show opacities as they are:
// one shape per site (opacity inside a model is ignored), the square root of the opacity (it is applied twice), never
// exactly 0 (read as 1), only the near side of each ball (both sides would count twice), and translucent meshes that
// write no depth and are drawn back to front. The last two use private fields of the library, which is why its version
// is pinned and the picture is tested.

const UNIT = 4; // scene units per lattice constant
const LEAST_OPACITY = 1e-3;
const HALF_FIELD = Math.tan((20 * Math.PI) / 180); // 3Dmol's field of view
const CAMERA_AT = 150;
const NEAR_SIDE = 0;
const MARGIN = 1.06;

/** [x, y, z, w] of the rotation with these three rows. */
export function quaternionOf(rows) {
  const [[a, b, c], [d, e, f], [g, h, i]] = rows;
  const w = Math.sqrt(Math.max(0, 1 + a + e + i)) / 2;
  const x = (Math.sqrt(Math.max(0, 1 + a - e - i)) / 2) * (h >= f ? 1 : -1);
  const y = (Math.sqrt(Math.max(0, 1 - a + e - i)) / 2) * (c >= g ? 1 : -1);
  const z = (Math.sqrt(Math.max(0, 1 - a - e + i)) / 2) * (d >= b ? 1 : -1);
  const length = Math.hypot(w, x, y, z);
  return [x / length, y / length, z / length, w / length];
}

/** Three rows of the rotation [x, y, z, w]. */
export function rotationOf([x, y, z, w]) {
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
  ];
}

/** The zoom (an entry of 3Dmol's view) at which every site is inside an element of this size, however turned. */
export function fittingZoom(scene, width, height) {
  const half = (scene.extent + scene.radii.site) * UNIT * MARGIN;
  return CAMERA_AT - (half * Math.max(1, width / height || 1)) / HALF_FIELD; // 1 while it has no size
}

function centred(scene, point) {
  const [x, y, z] = point.map((value, i) => (value - scene.centre[i]) * UNIT);
  return { x, y, z };
}

function drawnOpacity(alpha) {
  return Math.sqrt(Math.max(alpha, LEAST_OPACITY ** 2));
}

function colourOf(scene, prototype, site) {
  if (prototype.colours) return prototype.colours[site];
  const { positive, negative, neutral } = scene.palette;
  const value = prototype.values[site];
  return value > 0 ? positive : value < 0 ? negative : neutral;
}

/** #rrggbb half-way to white: the library's light leaves small balls and the arrow much darker than their colour. */
function lighter(colour) {
  const bytes = [1, 3, 5].map((i) => Math.round((parseInt(colour.slice(i, i + 2), 16) + 255) / 2));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Add the migrating atom, its target and the arrow, and one sphere per site; returns the spheres by site. */
export function addPrototype(viewer, scene, prototype) {
  const { start, target } = scene.jump;
  const neutral = lighter(scene.palette.neutral);
  const [from, to] = [centred(scene, start), centred(scene, target)];
  viewer.addSphere({ center: from, radius: scene.radii.atom * UNIT, color: neutral, side: NEAR_SIDE });
  viewer.addSphere({ center: to, radius: scene.radii.atom * UNIT, color: neutral, opacity: drawnOpacity(0.4), side: NEAR_SIDE });
  viewer.addArrow({ start: from, end: to, radius: 0.02 * UNIT, radiusRatio: 2.4, mid: 0.62, color: neutral });
  return scene.positions.map((position, site) =>
    viewer.addSphere({
      center: centred(scene, position),
      radius: scene.radii.site * UNIT,
      color: colourOf(scene, prototype, site),
      opacity: drawnOpacity(prototype.alpha[site]),
      side: NEAR_SIDE,
    }),
  );
}

/** Show other values on spheres that `addPrototype` returned. Call `viewer.render()` afterwards. */
export function restyle(spheres, scene, prototype) {
  spheres.forEach((sphere, site) => {
    const color = colourOf(scene, prototype, site);
    sphere.updateStyle({ color, opacity: drawnOpacity(prototype.alpha[site]) });
  });
}

/**
 * Keep translucent shapes of a viewer blended back to front, whatever is drawn and however it is turned.
 * @param onView called after every repaint
 * @param onLost called in place of a repaint when the browser has taken the WebGL context away
 * @returns once(act): what `act` does to the viewer is drawn once, at its end. Each step of 3Dmol draws by itself, and
 *   where WebGL runs in software a drawing takes as long as all the rest.
 */
export function blendInDepthOrder(viewer, onView = () => {}, onLost = () => {}) {
  const draw = viewer.show.bind(viewer);
  let held = false;
  viewer.show = (unlinked) => {
    if (held) return;
    if (viewer.renderer.isLost()) {
      onLost();
      return;
    }
    sortByDepth(viewer);
    draw(unlinked);
  };
  viewer.setViewChangeCallback(onView);
  return (act) => {
    held = true;
    try {
      act();
    } finally {
      held = false;
    }
    viewer.show();
  };
}

function sortByDepth(viewer) {
  viewer.renderer.initWebGLObjects(viewer.scene); // takes in the shapes that are new
  const towardsEye = rotationOf(viewer.getView().slice(4))[2];
  const depths = new Map();
  for (const shape of viewer.shapes) {
    const { x, y, z } = shape.boundingSphere.center;
    for (const mesh of shape.renderedShapeObj?.children ?? []) {
      depths.set(mesh, towardsEye[0] * x + towardsEye[1] * y + towardsEye[2] * z);
      if (mesh.material.transparent) mesh.material.depthWrite = false;
    }
  }
  viewer.scene.__webglObjects.sort((a, b) => (depths.get(a.object) ?? 0) - (depths.get(b.object) ?? 0));
}

/** Screen places {site, x, y, depth, radius} of all sites, relative to the element in `frame`, back to front. */
export function placesIn(viewer, scene, frame) {
  const [left, top] = [frame.left + window.scrollX, frame.top + window.scrollY];
  const [right, , towardsEye] = rotationOf(viewer.getView().slice(4));
  const centres = scene.positions.map((position) => centred(scene, position));
  const reach = scene.radii.site * UNIT;
  const edges = centres.map((p) => ({ x: p.x + right[0] * reach, y: p.y + right[1] * reach, z: p.z + right[2] * reach }));
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

/** Options of every viewer we create; drawing at double size costs five times as much where WebGL runs in software. */
export const VIEWER_OPTIONS = { orthographic: true, disableFog: true, backgroundColor: "#ffffff", upscale: false };

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
    const box = document.createElement("div");
    box.style.cssText = "position:absolute;inset:0";
    host.replaceChildren(box);
    const made = $3Dmol.createViewer(box, { ...VIEWER_OPTIONS });
    if (!made) throw new Error("this browser offers no WebGL");
    // It draws anew whenever it comes into sight or changes size, even if nothing has changed: `fit` does that.
    made.divwatcher?.disconnect();
    made.intwatcher?.disconnect();
    once = blendInDepthOrder(made, () => scene && onView(), () => made === viewer && revive());
    [viewer, drawn, size] = [made, "", ""];
  }

  /** A lost context takes all that was drawn along: a new viewer shows the same, from where it was seen. */
  function revive() {
    const rows = rotation();
    begin();
    if (scene && !viewer.renderer.isLost()) show(...shown, rows);
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
    const away = CAMERA_AT - fittingZoom(scene, host.clientWidth, host.clientHeight);
    viewer.setView([0, 0, 0, CAMERA_AT - away / zoom, ...quaternionOf(rows)]);
  }

  function rotation() {
    return rotationOf(viewer.getView().slice(4));
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
