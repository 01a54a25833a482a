// The inspector's view while 3Dmol is not there: the painter's, in its place.

import { element, sharpContext } from "./dom.js";
import { followPointer } from "./drag.js";
import { sitesOnScreen, turned } from "./geometry.js";
import { paintLattice } from "./painter.js";

/** The painter's stand-in for the 3D view: same face as `createMolecule`, drawn on a canvas, turned by drag. */
export function createFlatView(host, onView) {
  const canvas = element("canvas", "flat");
  host.append(canvas);
  let [scene, prototype, rotation, zoom, look] = [null, null, null, 1, null];
  const box = () => {
    const [w, h] = [host.clientWidth, host.clientHeight];
    return { x: (w * (1 - zoom)) / 2, y: (h * (1 - zoom)) / 2, width: w * zoom, height: h * zoom };
  };
  const paint = () => {
    if (!rotation || !host.clientWidth) return;
    const context = sharpContext(canvas, host.clientWidth, host.clientHeight);
    paintLattice(context, scene, prototype, rotation, box(), look);
    onView();
  };
  const move = (dx, dy) => {
    rotation = turned(rotation, dx, dy);
    paint();
  };
  const onDown = (event) => followPointer(host, event, { move });
  host.addEventListener("pointerdown", onDown);
  return {
    show(nextScene, nextPrototype, nextLook, rows = rotation ?? nextScene.viewpoints[0].rotation) {
      [scene, prototype, look, rotation] = [nextScene, nextPrototype, nextLook, rows];
      paint();
    },
    fit: paint,
    places: () => sitesOnScreen(scene, rotation, box()),
    rotation: () => rotation,
    turnTo(rows) {
      rotation = rows;
      paint();
    },
    zoomBy(factor) {
      zoom = Math.min(4, Math.max(0.5, zoom * factor));
      paint();
    },
    close() {
      host.removeEventListener("pointerdown", onDown);
      canvas.remove();
    },
  };
}
