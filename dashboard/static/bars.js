// A chart of signed bars: one per site or prototype, up for +, down and hatched for -, in groups.

import { colourOf } from "./colours.js";
import { signed, svg } from "./dom.js";

const TOP = 34;
const BOTTOM = 26;
const OPACITY_MARKS = [
  [1, "1"],
  [0.5, "0.5"],
  [0, "0"],
  [-0.5, "0.5"],
  [-1, "1"],
];
const LEFT = 46;
const GAP = 14; // between groups, pixels
let charts = 0;

/** One line about a site, for tooltips and screen readers. */
export function siteSummary(scene, prototype, site) {
  const shell = (scene.shells_by ?? scene.groups).find((group) => group.sites.includes(site))?.name;
  const place = scene.kind === "lattice" ? `site ${scene.names[site]}, ${shell}` : scene.names[site];
  return `${place}, θ ${signed(prototype.values[site], 2)}, opacity ${prototype.alpha[site].toFixed(2)}`;
}

/**
 * A chart that is drawn once per layout and then updated in place. What it shows may carry `lengths` (in [-1, 1], by
 * default the opacities with their sign), `marks` of the axis ([share, text] pairs) and `tell(site)`, a line of text,
 * and `filled`, shown as a dot over each bar.
 * @param onPick called with a site (or null) on click, Enter or Space
 * @param onHover called with the site under the pointer or the focus, or null
 */
export function createBars(onPick, onHover, name = "Opacity of each site", tall = 250) {
  const id = `bars-${(charts += 1)}`;
  const element = svg("svg", { class: "bars", role: "listbox", "aria-label": name });
  let bars = new Map(); // site -> {group, bar, label}
  let layoutOf = "";
  let sites = [];
  let scene = null;

  function show(nextScene, prototype, width, marks) {
    scene = nextScene;
    const axisMarks = prototype.marks ?? OPACITY_MARKS;
    const layout = JSON.stringify([scene.groups, scene.names, scene.palette, scene.strip, axisMarks, width]);
    if (layout !== layoutOf) {
      layoutOf = layout;
      build(width, axisMarks);
    }
    for (const [site, { group, bar, label, dot }] of bars) {
      const length = prototype.lengths?.[site] ?? Math.sign(prototype.values[site]) * prototype.alpha[site];
      const sign = Math.sign(prototype.lengths ? length : prototype.values[site]);
      const [middle, half] = [(TOP + tall - BOTTOM) / 2, (tall - BOTTOM - TOP) / 2];
      const height = Math.max(1, Math.min(1, Math.abs(length)) * half);
      const colour = colourOf(scene, sign);
      bar.setAttribute("y", sign < 0 ? middle : middle - height);
      bar.setAttribute("height", height);
      bar.setAttribute("fill", sign < 0 ? `url(#${id})` : colour);
      bar.setAttribute("stroke", colour);
      bar.setAttribute("stroke-dasharray", sign < 0 ? "3 2" : "none");
      if (dot) {
        dot.toggleAttribute("hidden", !prototype.filled);
        dot.setAttribute("fill-opacity", prototype.filled?.[site] ? 0.8 : 0);
      }
      const chosen = marks.selected === site;
      group.setAttribute("aria-label", prototype.tell?.(site) ?? siteSummary(scene, prototype, site));
      group.setAttribute("aria-selected", String(chosen));
      group.setAttribute("class", `bar${chosen ? " chosen" : ""}${marks.hovered === site ? " hovered" : ""}`);
      label.toggleAttribute("data-always", chosen);
    }
  }

  function build(width, axisMarks) {
    const gaps = GAP * (scene.groups.length - 1);
    const count = scene.groups.reduce((sum, group) => sum + group.sites.length, 0);
    const step = Math.max(5, (width - LEFT - 8 - gaps) / count);
    const total = Math.max(width, LEFT + 8 + gaps + step * count);
    element.setAttribute("viewBox", `0 0 ${total} ${tall}`);
    element.setAttribute("width", total);
    element.setAttribute("height", tall);
    bars = new Map();
    sites = [];
    const parts = [hatch(), ...axis(total, axisMarks)];
    let x = LEFT;
    for (const group of scene.groups) {
      const span = group.sites.length * step;
      if (scene.groups.length > 1) {
        parts.push(svg("text", { x: x + span / 2, y: 14, "text-anchor": "middle", class: "group-name" }, group.name));
        parts.push(svg("path", { d: `M${x + 2} 20 H${x + span - 2}`, class: "group-line" }));
      }
      for (const site of group.sites) {
        parts.push(createBar(site, x, step));
        sites.push(site);
        x += step;
      }
      x += GAP;
    }
    element.replaceChildren(...parts);
  }

  function hatch() {
    const { negative } = scene.palette;
    const pattern = svg("pattern", {
      id,
      width: 5,
      height: 5,
      patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(45)",
    });
    pattern.append(
      svg("rect", { width: 5, height: 5, fill: negative, "fill-opacity": 0.45 }),
      svg("rect", { width: 2.4, height: 5, fill: negative }),
    );
    const definitions = svg("defs");
    definitions.append(pattern);
    return definitions;
  }

  function axis(total, marks) {
    const [top, bottom] = [TOP, tall - BOTTOM];
    return marks.flatMap(([value, text]) => {
      const y = (top + bottom) / 2 - (value * (bottom - top)) / 2;
      return [
        svg("path", { d: `M${LEFT} ${y} H${total - 8}`, class: value === 0 ? "axis" : "grid" }),
        svg("text", { x: LEFT - 6, y: y + 3.5, "text-anchor": "end", class: "tick" }, text),
      ];
    });
  }

  function createBar(site, x, step) {
    const width = Math.min(step * 0.78, 30);
    const group = svg("g", { role: "option", tabindex: bars.size === 0 ? 0 : -1, "data-site": site });
    const area = svg("rect", { x, y: TOP - 8, width: step, height: tall - TOP + 8, class: "area" });
    const shape = svg("rect", { x: x + (step - width) / 2, width, class: "value", "stroke-width": 1 });
    const label = svg("text", { x: x + step / 2, y: tall - 9, "text-anchor": "middle", class: "site-name" });
    label.textContent = scene.names[site];
    if (scene.strip) {
      group.append(svg("rect", { x: x + 0.5, y: tall - 4, width: step - 1, height: 4, fill: scene.strip[site] }));
    }
    label.classList.toggle("crowded", step < 6.2 * Math.max(...scene.names.map((text) => text.length)));
    const dot = svg("circle", { cx: x + step / 2, cy: 27, r: Math.min(3.2, step * 0.3), class: "occupancy" });
    group.append(area, shape, label, dot);
    group.addEventListener("click", () => onPick(site));
    group.addEventListener("pointerenter", () => onHover(site));
    group.addEventListener("pointerleave", () => onHover(null));
    group.addEventListener("focus", () => rove(site));
    group.addEventListener("keydown", (event) => onKey(event, site));
    bars.set(site, { group, bar: shape, label, dot });
    return group;
  }

  function rove(site) {
    for (const [other, { group }] of bars) group.setAttribute("tabindex", other === site ? 0 : -1);
  }

  function onKey(event, site) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const next = sites[sites.indexOf(site) + step];
      bars.get(next)?.group.focus();
      if (next !== undefined) onPick(next);
    } else if (event.key === "Enter" || event.key === " ") onPick(site);
    else if (event.key === "Escape") onPick(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return { element, show };
}
