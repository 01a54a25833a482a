// The page that opens without a server: a choice of prototypes, each from four linked viewpoints.

import { element, sharpContext } from "./dom.js";
import { fillGrid } from "./grid.js";
import { legend } from "./legend.js";
import { VIEWER_OPTIONS } from "./molecule.js";
import { paintLattice } from "./painter.js";

const INK = "#31333f";
const byId = (id) => document.getElementById(id);
const scene = JSON.parse(byId("scene").textContent);
const views = byId("views");
const choice = byId("choice");
for (const [i, prototype] of scene.prototypes.entries()) {
  choice.add(new Option(`${prototype.number}   ${prototype.headline}`, i));
}
byId("legend").append(legend(scene));
const shown = solid() ?? flat();
labelViews();
choice.addEventListener("change", () => show(Number(choice.value)));
byId("previous").addEventListener("click", () => show(Number(choice.value) - 1));
byId("next").addEventListener("click", () => show(Number(choice.value) + 1));
byId("reset").addEventListener("click", () => shown.reset());
show(0);

/** Drawn by 3Dmol; undefined where it cannot. */
function solid() {
  try {
    const grid = { rows: 2, cols: 2, control_all: true };
    const viewers = globalThis.$3Dmol.createViewerGrid(views, grid, { ...VIEWER_OPTIONS }).flat();
    const filled = fillGrid({ container: views, viewers, scene, prototype: scene.prototypes[0], ink: INK });
    views.dataset.painter = "3dmol";
    return filled;
  } catch (error) {
    console.warn(`3D view not available (${error.message ?? error}); the flat painter draws instead`);
    return undefined;
  }
}

/** Drawn by the painter. */
function flat() {
  const canvas = element("canvas");
  views.replaceChildren(canvas);
  views.dataset.painter = "canvas";
  const paint = (prototype) => {
    const context = sharpContext(canvas, views.clientWidth, views.clientHeight);
    const [width, height] = [views.clientWidth / 2, views.clientHeight / 2];
    const look = { ink: INK, font: "system-ui", pixelRatio: devicePixelRatio };
    scene.viewpoints.forEach(({ rotation }, i) => {
      const box = { x: (i % 2) * width, y: Math.floor(i / 2) * height, width, height };
      paintLattice(context, scene, prototype, rotation, box, look);
    });
  };
  return { show: paint, reset: () => paint(scene.prototypes[choice.value]) };
}

function labelViews() {
  scene.viewpoints.forEach(({ name }, i) => {
    const label = element("div", "label", name);
    label.style.left = `${50 * (i % 2)}%`;
    label.style.top = `${50 * Math.floor(i / 2)}%`;
    views.append(label);
  });
}

function show(i) {
  const count = scene.prototypes.length;
  choice.value = (i + count) % count;
  const prototype = scene.prototypes[choice.value];
  byId("summary").textContent = prototype.summary;
  views.setAttribute("aria-label", prototype.summary);
  shown.show(prototype);
}
