// The inspector's view while 3Dmol is not there: the painter's, in its place.

import * as painter from "./painter.js";

/** The painter's stand-in for the 3D view: same face as `createMolecule`, drawn on a canvas, turned by drag. */
export function createFlatView(host, onView) {
  const canvas = document.createElement("canvas");
  canvas.className = "flat";
  host.append(canvas);
  let [scene, prototype, rotation, zoom, look] = [null, null, null, 1, null];
  const box = () => {
    const [w, h] = [host.clientWidth, host.clientHeight];
    return { x: (w * (1 - zoom)) / 2, y: (h * (1 - zoom)) / 2, width: w * zoom, height: h * zoom };
  };
  const paint = () => {
    if (!rotation || !host.clientWidth) return;
    const context = painter.sharpContext(canvas, host.clientWidth, host.clientHeight);
    painter.paintLattice(context, scene, prototype, rotation, box(), look);
    onView();
  };
  const onDown = (event) => {
    let last = event;
    host.setPointerCapture(event.pointerId);
    const move = (next) => {
      rotation = painter.multiply(painter.turnBy(next.clientX - last.clientX, next.clientY - last.clientY), rotation);
      last = next;
      paint();
    };
    host.addEventListener("pointermove", move);
    host.addEventListener("pointerup", () => host.removeEventListener("pointermove", move), { once: true });
  };
  host.addEventListener("pointerdown", onDown);
  return {
    show(nextScene, nextPrototype, nextLook, rows = rotation ?? nextScene.viewpoints[0].rotation) {
      [scene, prototype, look, rotation] = [nextScene, nextPrototype, nextLook, rows];
      paint();
    },
    fit: paint,
    places: () => painter.sitesOnScreen(scene, rotation, box()),
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
