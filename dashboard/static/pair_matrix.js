// The matrix of pair interactions on a canvas: strength by opacity, sites in the order of their groups.

import { sharpContext } from "./dom.js";

const LABEL = 22; // pixels that the names take above and beside the cells
const WIDEST = 460;

/**
 * @param canvas to paint on
 * @param host the element whose width the matrix may take
 */
export function createPairMatrix(canvas, host) {
  let [order, side, cell] = [[], 0, 1];

  /** Paint shares (D, D) of the sites of a scene; one chosen site marks its row and column, two mark their cells. */
  function paint(scene, pairs, top, chosen, look) {
    order = scene.groups.flatMap((group) => group.sites);
    side = Math.min(host.clientWidth, WIDEST);
    cell = (side - LABEL) / order.length;
    const context = sharpContext(canvas, side, side);
    const gap = cell > 6 ? 0.6 : 0;
    context.fillStyle = scene.palette.positive;
    order.forEach((a, i) =>
      order.forEach((b, j) => {
        context.globalAlpha = i === j ? 0 : Math.sqrt(Math.max(0, pairs[a][b]) / top);
        context.fillRect(LABEL + j * cell, LABEL + i * cell, cell - gap, cell - gap);
      }),
    );
    context.fillStyle = context.strokeStyle = look.ink;
    paintNames(context, scene, chosen, look.font);
    paintGroups(context, scene);
    paintChoice(
      context,
      chosen.map((site) => order.indexOf(site)),
    );
  }

  function paintNames(context, scene, chosen, font) {
    context.globalAlpha = 0.75;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const every = Math.ceil(11 / cell);
    order.forEach((site, i) => {
      const bold = chosen.includes(site);
      if (i % every && !bold) return;
      context.font = `${bold ? "700 " : ""}9.5px ${font}`;
      const name = scene.names[site].slice(0, 4);
      context.fillText(name, LABEL / 2, LABEL + (i + 0.5) * cell);
      context.fillText(name, LABEL + (i + 0.5) * cell, LABEL / 2);
    });
  }

  function paintGroups(context, scene) {
    context.lineWidth = 1;
    context.globalAlpha = 0.35;
    let at = 0;
    for (const group of scene.groups) {
      const [edge, size] = [LABEL + at * cell, group.sites.length * cell];
      context.strokeRect(edge, edge, size, size);
      at += group.sites.length;
    }
    context.strokeRect(LABEL, LABEL, side - LABEL - 0.5, side - LABEL - 0.5);
  }

  function paintChoice(context, places) {
    context.globalAlpha = 1;
    context.lineWidth = 2;
    if (places.length === 1) {
      context.strokeRect(LABEL, LABEL + places[0] * cell, order.length * cell, cell);
      context.strokeRect(LABEL + places[0] * cell, LABEL, cell, order.length * cell);
    } else if (places.length === 2) {
      const [i, j] = places;
      for (const [row, column] of [
        [i, j],
        [j, i],
      ]) {
        context.strokeRect(LABEL + column * cell - 1, LABEL + row * cell - 1, cell + 2, cell + 2);
      }
    }
  }

  /** Row and column of the cell under the pointer as sites; null where it is beside the cells. */
  function cellUnder(event) {
    const frame = canvas.getBoundingClientRect();
    const site = (value) => order[Math.floor((value - LABEL) / cell)] ?? null;
    return [site(event.clientY - frame.top), site(event.clientX - frame.left)];
  }

  return { paint, cellUnder };
}
