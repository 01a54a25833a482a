// All that we take from 3Dmol.js 2.5.5 beyond what it documents, and how we undo what that version draws wrongly. No other
// script may. Its version is pinned (dashboard/viewer/script.py); to move the pin, run tests/browser/test_threedmol.py,
// which names what is gone or behaves differently, and mend here.

import { rotationOf } from "./geometry.js";

const HALF_FIELD = Math.tan((20 * Math.PI) / 180);
const CAMERA_AT = 150;

/** The side of a ball that is drawn, in the terms of `addSphere`: with both, a translucent ball would count twice. */
export const NEAR_SIDE = 0;

/** What to ask `addSphere` for so that this opacity is seen: it is applied twice. */
export function drawnOpacity(alpha) {
  return Math.sqrt(alpha);
}

/**
 * The zoom (an entry of `setView`) at which `half` scene units reach from the middle to the edge of an element.
 *
 * Relies on: the camera's distance (CAMERA_Z) and field of view (fov).
 */
export function zoomToReach(half) {
  return CAMERA_AT - half / HALF_FIELD;
}

/**
 * Stop a viewer from drawing anew whenever it comes into sight or changes size, even if nothing has changed.
 *
 * Relies on: divwatcher and intwatcher, the observers that every viewer starts.
 */
export function stopWatching(viewer) {
  viewer.divwatcher?.disconnect();
  viewer.intwatcher?.disconnect();
}

/**
 * Whether the browser has taken the WebGL context away.
 *
 * Relies on: renderer.isLost.
 */
export function isLost(viewer) {
  return viewer.renderer.isLost();
}

/**
 * Keep translucent shapes of a viewer blended back to front, whatever is drawn and however it is turned.
 *
 * Relies on: show, through which every drawing goes, and what `sortByDepth` needs.
 *
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
    if (isLost(viewer)) {
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

/**
 * A translucent mesh that writes its depth erases all translucent ones behind it: none may, and the far ones come first.
 *
 * Relies on: renderer.initWebGLObjects, scene.__webglObjects (drawn in this order), shapes, and of each shape
 * boundingSphere.center and renderedShapeObj, whose children have a material with transparent and depthWrite.
 */
function sortByDepth(viewer) {
  viewer.renderer.initWebGLObjects(viewer.scene); // takes in the shapes that are new
  const [, , towardsEye] = rotationOf(viewer.getView().slice(4));
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
