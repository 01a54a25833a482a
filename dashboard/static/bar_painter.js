// Canvas2D painter of a prototype that lives on no lattice: signed bars, one per input; opacity and outline mean the same.

import { colourOf } from "./colours.js";

const FULL_AT = 2; // |value| of a bar as high as its box, unless one is larger

/** Boxes {input, x, y, width, height} of the bars. */
function barsOnScreen(prototype, box) {
  const largest = Math.max(FULL_AT, ...prototype.values.map(Math.abs));
  const [middle, half] = [box.y + box.height / 2, box.height / 2 - 6];
  const step = (box.width - 12) / prototype.values.length;
  return prototype.values.map((value, input) => {
    const height = Math.max(0.75, (Math.abs(value) / largest) * half);
    const width = Math.max(0.75, Math.min(step * 0.76, 26));
    const x = box.x + 6 + step * (input + 0.5) - width / 2;
    return { input, x, y: value >= 0 ? middle - height : middle, width, height };
  });
}

/** Inputs whose bar is above or below a point of the screen. */
export function inputsUnder(prototype, box, x) {
  const near = (bar) => Math.abs(bar.x + bar.width / 2 - x) <= bar.width / 2 + 1;
  return barsOnScreen(prototype, box)
    .filter(near)
    .map((bar) => bar.input);
}

/**
 * @param context 2D context whose unit is one CSS pixel
 * @param box {x, y, width, height} to paint into
 * @param look {ink}: text colour
 */
export function paintBars(context, scene, prototype, box, look) {
  context.globalAlpha = 0.35;
  context.strokeStyle = look.ink;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(box.x + 4, box.y + box.height / 2);
  context.lineTo(box.x + box.width - 4, box.y + box.height / 2);
  context.stroke();
  for (const bar of barsOnScreen(prototype, box)) {
    const value = prototype.values[bar.input];
    context.fillStyle = context.strokeStyle = colourOf(scene, value);
    context.globalAlpha = prototype.alpha[bar.input];
    context.fillRect(bar.x, bar.y, bar.width, bar.height);
    context.globalAlpha = 0.9;
    context.setLineDash(value < 0 ? [3, 2] : []);
    if (bar.width > 3) context.strokeRect(bar.x, bar.y, bar.width, bar.height);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}
