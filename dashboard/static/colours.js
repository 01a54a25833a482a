// Colours of values and sites, and what can be computed with colours.

/** The palette's colour of a value: by its sign. */
export function colourOf(scene, value) {
  const { positive, negative, neutral } = scene.palette;
  return value > 0 ? positive : value < 0 ? negative : neutral;
}

/** Colour and sign of a site: as the picture says (`colours`, `signs`), else those of its value. */
export function dressOf(scene, picture, site) {
  const value = picture.values[site];
  return { colour: picture.colours?.[site] ?? colourOf(scene, value), sign: picture.signs?.[site] ?? Math.sign(value) };
}

/** Two #rrggbb colours mixed: `share` of the second. */
export function mixed(first, second, share) {
  const part = (colour, i) => parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
  const byte = (i) => Math.round(part(first, i) * (1 - share) + part(second, i) * share);
  return `#${[0, 1, 2].map((i) => byte(i).toString(16).padStart(2, "0")).join("")}`;
}

const lightness = new Map();

/** Whether a colour as getComputedStyle gives it (or #rrggbb) is nearer to white than to black. */
export function isLight(colour) {
  if (!lightness.has(colour)) lightness.set(colour, lightOf(colour));
  return lightness.get(colour);
}

function lightOf(colour) {
  const hex = colour.startsWith("#");
  const parts = hex ? [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)) : colour.match(/[\d.]+/g).map(Number);
  return 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] > 128;
}
