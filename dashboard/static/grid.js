// Several 3Dmol viewers of one prototype side by side, each from its own viewpoint, with rings and names over them.

import * as molecule from "./molecule.js";
import * as painter from "./painter.js";

/** Fill `viewers` with the prototype; returns show(prototype) and reset(), which turns all back to their viewpoints. */
export function fillGrid({ container, viewers, scene, prototype, ink }) {
  const overlay = document.createElement("canvas");
  overlay.style.cssText = "position:absolute;inset:0;pointer-events:none";
  container.style.position = "relative";
  container.append(overlay);
  let current = prototype;
  let pending = 0;
  const spheres = viewers.map((viewer) => molecule.addPrototype(viewer, scene, prototype));
  for (const viewer of viewers) {
    viewer.setProjection("orthographic");
    viewer.disableFog?.(true);
    molecule.blendInDepthOrder(viewer, () => {
      cancelAnimationFrame(pending);
      pending = requestAnimationFrame(paintOverlay);
    });
  }

  function paintOverlay() {
    const context = painter.sharpContext(overlay, container.clientWidth, container.clientHeight);
    const frame = overlay.getBoundingClientRect();
    const { fontFamily } = getComputedStyle(container);
    const look = { ink, font: fontFamily, pixelRatio: window.devicePixelRatio || 1, marked: [], rings: true, names: false };
    for (const viewer of viewers) {
      painter.paintOverlay(context, scene, current, molecule.placesIn(viewer, scene, frame), look);
    }
  }

  function reset() {
    const across = Math.ceil(viewers.length / 2);
    const [width, height] = [container.clientWidth / across, container.clientHeight / Math.min(2, viewers.length)];
    viewers.forEach((viewer, i) => {
      const quaternion = molecule.quaternionOf(scene.viewpoints[i].rotation);
      viewer.setView([0, 0, 0, molecule.fittingZoom(scene, width, height), ...quaternion]);
    });
  }

  function show(next) {
    current = next;
    viewers.forEach((viewer, i) => {
      molecule.restyle(spheres[i], scene, current);
      viewer.render();
    });
  }

  viewers.forEach((viewer) => viewer.render());
  reset();
  return { show, reset };
}
