// Canvas2D painter of one prototype from one viewpoint: depth-sorted sprites, composited with their true opacity.

import { dressOf, isLight, mixed } from "./colours.js";
import { element } from "./dom.js";
import { placed, sitesOnScreen } from "./geometry.js";

const sprites = new Map();

/**
 * Paint one prototype.
 * @param context 2D context whose unit is one CSS pixel
 * @param rotation three rows: right, up, towards the eye
 * @param box {x, y, width, height} to paint into
 * @param look {ink, pixelRatio, font, label}: text colour, device pixels per CSS pixel, font family, caption of
 *   the viewpoint
 */
export function paintLattice(context, scene, prototype, rotation, box, look) {
  const items = sitesOnScreen(scene, rotation, box).map((place) => ({
    depth: place.depth,
    paint: () => paintSite(context, scene, prototype, place, look),
  }));
  items.push(...jumpItems(context, scene, rotation, box));
  items.sort((a, b) => a.depth - b.depth);
  for (const item of items) item.paint();
  context.globalAlpha = 1;
  if (look.label) caption(context, look, look.label, box.x + 6, box.y + box.height - 6);
}

function caption(context, look, text, x, y, align = "left") {
  context.save();
  context.globalAlpha = 0.62;
  context.fillStyle = look.ink;
  context.font = `10.5px ${look.font}`;
  context.textAlign = align;
  context.fillText(text, x, y);
  context.restore();
}

function paintSite(context, scene, prototype, place, look) {
  const { colour, sign } = dressOf(scene, prototype, place.site);
  context.globalAlpha = prototype.alpha[place.site];
  stamp(context, ballSprite(colour, place.radius * look.pixelRatio), place, look);
  paintRing(context, colour, sign, place, look);
}

/** Marks, and with `look.rings` and `look.names` rings and names, over a picture that somebody else has drawn. */
export function paintOverlay(context, scene, prototype, places, look) {
  for (const place of places) {
    if (!look.rings) break;
    const { colour, sign } = dressOf(scene, prototype, place.site);
    paintRing(context, colour, sign, place, look);
  }
  context.globalAlpha = 1;
  for (const place of places) if (look.marked.includes(place.site)) paintMark(context, place, look);
  if (look.names) paintNames(context, scene, prototype, places, look);
}

/** Of stacked sites the nearest is named, or the marked one: white on colour, in the text's colour on faint sites. */
function paintNames(context, scene, prototype, places, look) {
  const written = [];
  context.font = `600 11px ${look.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 2.5;
  context.lineJoin = "round";
  for (const place of [...places].reverse()) {
    const covered = written.some((other) => Math.hypot(other.x - place.x, other.y - place.y) < 9);
    const named =
      look.marked.includes(place.site) || !places.some((other) => other !== place && isMarkedHere(other, place, look));
    if (covered || !named) continue;
    written.push(place);
    const stack = places.filter((other) => Math.hypot(other.x - place.x, other.y - place.y) < 9);
    const through = stack.reduce((share, other) => share * (1 - prototype.alpha[other.site]), 1);
    const onColour = through < 0.6;
    context.strokeStyle = onColour
      ? "rgba(0, 0, 0, 0.5)"
      : isLight(look.ink)
        ? "rgba(0, 0, 0, 0.5)"
        : "rgba(255, 255, 255, 0.7)";
    context.fillStyle = onColour ? "#ffffff" : look.ink;
    context.strokeText(scene.names[place.site], place.x, place.y + 0.5);
    context.fillText(scene.names[place.site], place.x, place.y + 0.5);
  }
}

function paintRing(context, colour, sign, place, look) {
  context.globalAlpha = 0.8;
  const visible = isLight(look.ink) ? mixed(colour, "#ffffff", 0.28) : colour; // light ink: a dark page
  stamp(context, ringSprite(visible, sign, place.radius * look.pixelRatio, look.pixelRatio), place, look);
}

function isMarkedHere(other, place, look) {
  return look.marked.includes(other.site) && Math.hypot(other.x - place.x, other.y - place.y) < 9;
}

function paintMark(context, place, look) {
  context.strokeStyle = look.ink;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(place.x, place.y, place.radius + 3, 0, 2 * Math.PI);
  context.stroke();
}

function stamp(context, image, place, look) {
  const size = image.width / look.pixelRatio;
  context.drawImage(image, place.x - size / 2, place.y - size / 2, size, size);
}

/** The migrating atom (filled), its target (open) and the arrow between them, each at its own depth. */
function jumpItems(context, scene, rotation, box) {
  const start = placed(scene, scene.jump.start, rotation, box);
  const target = placed(scene, scene.jump.target, rotation, box);
  const colour = scene.palette.neutral;
  const atomRadius = scene.radii.atom;
  const circle = (place, radius) => {
    context.beginPath();
    context.arc(place.x, place.y, radius, 0, 2 * Math.PI);
  };
  const atom = () => {
    context.globalAlpha = 1;
    context.fillStyle = colour;
    circle(start, atomRadius * start.scale);
    context.fill();
  };
  const hole = () => {
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    circle(target, atomRadius * target.scale);
    context.stroke();
  };
  const arrow = () => paintArrow(context, start, target, atomRadius, colour);
  return [
    { depth: start.depth, paint: atom },
    { depth: target.depth, paint: hole },
    { depth: (start.depth + target.depth) / 2, paint: arrow },
  ];
}

function paintArrow(context, start, target, atomRadius, colour) {
  const [dx, dy] = [target.x - start.x, target.y - start.y];
  const length = Math.hypot(dx, dy);
  const [from, to] = [atomRadius * start.scale, length - atomRadius * target.scale];
  context.globalAlpha = 1;
  context.strokeStyle = context.fillStyle = colour;
  if (to - from < 4) return; // the jump points at the eye or away from it: atom and target already coincide
  const [ux, uy] = [dx / length, dy / length];
  const head = Math.min(6, (to - from) * 0.6);
  const [tipX, tipY] = [start.x + ux * to, start.y + uy * to];
  const [neckX, neckY] = [tipX - ux * head, tipY - uy * head];
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(start.x + ux * from, start.y + uy * from);
  context.lineTo(neckX, neckY);
  context.stroke();
  context.beginPath();
  context.moveTo(tipX, tipY);
  context.lineTo(neckX - uy * head * 0.5, neckY + ux * head * 0.5);
  context.lineTo(neckX + uy * head * 0.5, neckY - ux * head * 0.5);
  context.fill();
}

function sprite(key, size, draw) {
  const known = sprites.get(key);
  if (known) return known;
  if (sprites.size > 600) sprites.clear();
  const canvas = element("canvas");
  canvas.width = canvas.height = size;
  draw(canvas.getContext("2d"), size / 2);
  sprites.set(key, canvas);
  return canvas;
}

/** An opaque shaded ball; its radius is rounded to half a device pixel. */
function ballSprite(colour, radius) {
  const r = Math.max(1, Math.round(radius * 2) / 2);
  return sprite(`ball ${colour} ${r}`, Math.ceil(2 * r + 2), (context, middle) => {
    const light = context.createRadialGradient(middle - r * 0.35, middle - r * 0.4, r * 0.1, middle, middle, r);
    light.addColorStop(0, mixed(colour, "#ffffff", 0.3));
    light.addColorStop(0.45, colour);
    light.addColorStop(1, mixed(colour, "#000000", 0.16));
    context.fillStyle = light;
    context.beginPath();
    context.arc(middle, middle, r, 0, 2 * Math.PI);
    context.fill();
  });
}

/** The outline that keeps faint sites visible: solid for +, dashed for -, dotted for 0. */
function ringSprite(colour, sign, radius, pixelRatio) {
  const r = Math.max(1, Math.round(radius * 2) / 2);
  const line = Math.max(1, pixelRatio);
  return sprite(`ring ${colour} ${sign} ${r} ${line}`, Math.ceil(2 * r + 2 * line + 2), (context, middle) => {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.setLineDash(ringDash(sign, r));
    context.beginPath();
    context.arc(middle, middle, r, 0, 2 * Math.PI);
    context.stroke();
  });
}

/** Dashes that close evenly round a circle of radius r. */
function ringDash(sign, r) {
  if (sign > 0) return [];
  const around = 2 * Math.PI * r;
  return sign < 0 ? [(around / 9) * 0.58, (around / 9) * 0.42] : [around / 40, around / 40];
}
