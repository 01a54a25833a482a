// Rotations, as three rows (right, up, towards the eye), and where the sites of a scene come to lie on the screen.

const MARGIN = 1.04;
const PIXELS_PER_RADIAN = 140; // of a drag
const KEY_STEP = 18; // pixels of a drag that an arrow key stands for

export const IDENTITY = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Rotation a after rotation b. */
export function multiply(a, b) {
  return a.map((row) => [0, 1, 2].map((j) => row[0] * b[0][j] + row[1] * b[1][j] + row[2] * b[2][j]));
}

/** A rotation turned by a drag of (dx, dy) pixels: sideways about the screen's vertical, up and down about its horizontal. */
export function turned(rotation, dx, dy) {
  const [a, b] = [dx / PIXELS_PER_RADIAN, dy / PIXELS_PER_RADIAN];
  const [ca, sa, cb, sb] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)];
  const aboutUp = [
    [ca, 0, sa],
    [0, 1, 0],
    [-sa, 0, ca],
  ];
  const aboutRight = [
    [1, 0, 0],
    [0, cb, -sb],
    [0, sb, cb],
  ];
  return multiply(multiply(aboutRight, aboutUp), rotation);
}

/** [dx, dy] of the drag that an arrow key stands for; undefined for other keys. */
export function dragOfKey(key) {
  return {
    ArrowRight: [KEY_STEP, 0],
    ArrowLeft: [-KEY_STEP, 0],
    ArrowDown: [0, KEY_STEP],
    ArrowUp: [0, -KEY_STEP],
  }[key];
}

/** [x, y, z, w] of a rotation. */
export function quaternionOf(rows) {
  const [[a, b, c], [d, e, f], [g, h, i]] = rows;
  const w = Math.sqrt(Math.max(0, 1 + a + e + i)) / 2;
  const x = (Math.sqrt(Math.max(0, 1 + a - e - i)) / 2) * (h >= f ? 1 : -1);
  const y = (Math.sqrt(Math.max(0, 1 - a + e - i)) / 2) * (c >= g ? 1 : -1);
  const z = (Math.sqrt(Math.max(0, 1 - a - e + i)) / 2) * (d >= b ? 1 : -1);
  const length = Math.hypot(w, x, y, z);
  return [x / length, y / length, z / length, w / length];
}

/** The rotation [x, y, z, w]. */
export function rotationOf([x, y, z, w]) {
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
  ];
}

/** A rotation as an address holds it: "x,y,z,w". */
export function textOf(rotation) {
  return quaternionOf(rotation)
    .map((part) => part.toFixed(3))
    .join(",");
}

/** The rotation that `textOf` has written; null for any other text. */
export function rotationOfText(text) {
  const numbers = text.split(",").map(Number);
  const length = Math.hypot(...numbers);
  if (numbers.length !== 4 || !Number.isFinite(length) || length <= 0.5) return null;
  return rotationOf(numbers.map((number) => number / length));
}

/** Where a point lies in a box of the screen, how near it is, and how many pixels a unit of length takes there. */
export function placed(scene, point, rotation, box) {
  const p = [0, 1, 2].map((i) => point[i] - scene.centre[i]);
  const reach = scene.extent + scene.radii.site * (1 + scene.radii.nearer);
  const scale = Math.min(box.width, box.height) / 2 / reach / MARGIN;
  const [right, up, depth] = rotation.map((row) => row[0] * p[0] + row[1] * p[1] + row[2] * p[2]);
  return {
    x: box.x + box.width / 2 + right * scale,
    y: box.y + box.height / 2 - up * scale,
    depth,
    scale: scale * (1 + (scene.radii.nearer * depth) / scene.extent),
  };
}

/** Screen places {site, x, y, depth, radius} of all sites, back to front. */
export function sitesOnScreen(scene, rotation, box) {
  const places = scene.positions.map((position, site) => {
    const place = placed(scene, position, rotation, box);
    return { site, x: place.x, y: place.y, depth: place.depth, radius: scene.radii.site * place.scale };
  });
  return places.sort((a, b) => a.depth - b.depth);
}

/** Sites under a point of the screen, front to back. */
export function sitesUnder(places, x, y) {
  const hit = places.filter((place) => Math.hypot(place.x - x, place.y - y) <= place.radius + 1);
  return hit.sort((a, b) => b.depth - a.depth).map((place) => place.site);
}
