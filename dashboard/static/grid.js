// Several 3Dmol viewers of one prototype side by side, each from its own viewpoint, with rings and names over them.

import { element, lookOf, sharpContext } from "./dom.js";
import { addPrototype, placesIn, restyle, viewOf } from "./molecule.js";
import { paintOverlay } from "./painter.js";
import { blendInDepthOrder } from "./threedmol_internals.js";

/** Fill `viewers` with the prototype; returns show(prototype) and reset(), which turns all back to their viewpoints. */
export function fillGrid({ container, viewers, scene, prototype, ink }) {
  const overlay = element("canvas");
  overlay.style.cssText = "position:absolute;inset:0;pointer-events:none";
  container.style.position = "relative";
  container.append(overlay);
  let current = prototype;
  let pending = 0;
  const spheres = viewers.map((viewer) => addPrototype(viewer, scene, prototype));
  for (const viewer of viewers) {
    viewer.setProjection("orthographic");
    viewer.enableFog(false); // far sites would look fainter than they are
    blendInDepthOrder(viewer, () => {
      cancelAnimationFrame(pending);
      pending = requestAnimationFrame(paintRings);
    });
  }

  function paintRings() {
    const context = sharpContext(overlay, container.clientWidth, container.clientHeight);
    const frame = overlay.getBoundingClientRect();
    const look = { ...lookOf(container), ink, marked: [], rings: true, names: false };
    for (const viewer of viewers) paintOverlay(context, scene, current, placesIn(viewer, scene, frame), look);
  }

  function reset() {
    const across = Math.ceil(viewers.length / 2);
    const [width, height] = [container.clientWidth / across, container.clientHeight / Math.min(2, viewers.length)];
    viewers.forEach((viewer, i) => viewer.setView(viewOf(scene, scene.viewpoints[i].rotation, width, height)));
  }

  function show(next) {
    current = next;
    viewers.forEach((viewer, i) => {
      restyle(spheres[i], scene, current);
      viewer.render();
    });
  }

  viewers.forEach((viewer) => viewer.render());
  reset();
  return { show, reset };
}
