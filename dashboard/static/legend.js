// The key to the drawing: sign by colour and by outline, opacity by value, the jump.

import { element, picture, svg } from "./dom.js";

/** One line of a legend: a small drawing and what it means. */
export function entry(drawing, text) {
  const item = element("span", "legend-entry");
  item.append(drawing, element("span", "", text));
  return item;
}

/** A site as the painters draw it. */
export function ball(colour, dashed, opacity = 0.55) {
  const ring = { cx: 9, cy: 9, r: 7, fill: colour, "fill-opacity": opacity, stroke: colour, "stroke-width": 1.2 };
  if (dashed) ring["stroke-dasharray"] = "2.8 2.1";
  return picture(18, 18, svg("circle", ring));
}

/** Five sites from faint to full, with the value each opacity stands for. */
function scale(scene) {
  const steps = [0, 0.25, 0.5, 0.75, 1];
  const parts = steps.flatMap((share, i) => {
    const x = 14 + i * 26;
    const circle = (colour, dx, dashed) =>
      svg("circle", {
        cx: x + dx,
        cy: 8,
        r: 5.5,
        fill: colour,
        "fill-opacity": share,
        stroke: colour,
        "stroke-width": 1,
        ...(dashed ? { "stroke-dasharray": "2.2 1.6" } : {}),
      });
    const value = String(share * scene.opacity.full_at) + (share === 1 && scene.opacity.name === "paper" ? "+" : "");
    return [
      circle(scene.palette.positive, -5.5, false),
      circle(scene.palette.negative, 5.5, true),
      svg("text", { x, y: 25, "text-anchor": "middle", "font-size": 9.5, fill: "currentColor" }, value),
    ];
  });
  return picture(4 * 26 + 28, 28, ...parts);
}

function jump(scene) {
  const colour = scene.palette.neutral;
  return picture(
    46,
    18,
    svg("circle", { cx: 7, cy: 9, r: 5, fill: colour }),
    svg("path", { d: "M12 9 H28", stroke: colour, "stroke-width": 1.5 }),
    svg("path", { d: "M34 9 l-7 -3.5 v7 z", fill: colour }),
    svg("circle", { cx: 39, cy: 9, r: 5, fill: "none", stroke: colour, "stroke-width": 1.5 }),
  );
}

/** Legend of a scene as an element; nothing in it depends on the prototypes' values. */
export function legend(scene) {
  const list = element("div", "legend");
  list.append(
    entry(ball(scene.palette.positive, false), "θ > 0, solid ring: filled site fits"),
    entry(ball(scene.palette.negative, true), "θ < 0, dashed ring: empty site fits"),
    entry(scale(scene), `opacity = ${scene.opacity.label}`),
  );
  if (scene.kind === "lattice") list.append(entry(jump(scene), "migrating atom and target"));
  return list;
}
