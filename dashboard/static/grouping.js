// How the sites of a chart are grouped: by neighbour shell, or by the layers of a surface; a coloured strip under the
// bars tells the other of the two.

import { mixed } from "./colours.js";
import { button, element, group } from "./dom.js";

const SHELLS = ["#0f9b8e", "#d98a00", "#7b5ea7", "#6b8e23", "#8a97a0"];
const [LOWEST, HIGHEST] = ["#14532d", "#d9f99d"];

/** Buttons that choose, and apply(scene): the scene with groups and strip as chosen. `onChange` follows a choice. */
export function createGrouping(onChange) {
  const root = group("grouping", "Group the sites");
  let chosen = "shell";
  let surface = null; // whose layers the strip shows while grouped by shell
  let builtOf = "";

  function update(scene, ownSurface) {
    const surfaces = Object.keys(scene.layers ?? {});
    root.hidden = surfaces.length === 0; // no lattice, or one whose surfaces are not known
    if (root.hidden) return;
    if (!surfaces.includes(surface)) surface = surfaces.includes(ownSurface) ? ownSurface : surfaces[0];
    if (chosen !== "shell" && !surfaces.includes(chosen)) chosen = "shell";
    const wanted = JSON.stringify([surfaces, chosen, surface]);
    if (wanted === builtOf) return;
    builtOf = wanted;
    const options = [["shell", "by shell"], ...surfaces.map((name) => [name, `by layer {${name}}`])];
    const buttons = options.map(([name, text]) => {
      const made = button(text, () => {
        chosen = name;
        if (name !== "shell") surface = name;
        onChange();
      });
      made.setAttribute("aria-pressed", String(name === chosen));
      return made;
    });
    root.replaceChildren(...buttons, key(scene));
  }

  function key(scene) {
    const { title, entries } = strip(scene);
    const line = element("span", "strip-key");
    line.append(`${title}: `);
    for (const [name, colour] of entries) {
      const swatch = element("i");
      swatch.style.background = colour;
      line.append(swatch, `${name} `);
    }
    return line;
  }

  function strip(scene) {
    if (chosen === "shell") {
      const layers = scene.layers[surface];
      const values = [...new Set(layers)].sort((a, b) => a - b);
      const colour = (value) =>
        mixed(LOWEST, HIGHEST, values.length < 2 ? 0.5 : values.indexOf(value) / (values.length - 1));
      return {
        title: `layer on {${surface}}`,
        entries: values.map((value) => [String(value).replace("-", "−"), colour(value)]),
        colours: layers.map(colour),
      };
    }
    const colours = scene.positions.map((_, site) => {
      const number = scene.groups.findIndex(({ sites }) => sites.includes(site));
      return SHELLS[number % SHELLS.length];
    });
    return { title: "shell", entries: scene.groups.map(({ name }, i) => [name, SHELLS[i % SHELLS.length]]), colours };
  }

  function apply(scene) {
    if (root.hidden) return scene;
    const colours = strip(scene).colours;
    if (chosen === "shell") return { ...scene, strip: colours };
    const layers = scene.layers[chosen];
    const groups = [...new Set(layers)]
      .sort((a, b) => b - a)
      .map((value) => ({
        name: value === 0 ? "own layer" : `${value > 0 ? "+" : "−"}${Math.abs(value)}`,
        sites: layers.flatMap((layer, site) => (layer === value ? [site] : [])),
      }));
    return { ...scene, groups, shells_by: scene.groups, strip: colours };
  }

  return { element: root, update, apply };
}
