// The inspector: one prototype in 3D beside its per-site chart, each pointing at the other.

import { createBars, siteSummary } from "./bars.js";
import { element, signed } from "./dom.js";
import { createGrouping } from "./grouping.js";
import { keeper, styled } from "./mounting.js";
import { createStage } from "./stage.js";

const SHEETS = [new URL("./viewer.css", import.meta.url), new URL("./inspector.css", import.meta.url)];

/** Called by Streamlit with every update. */
export default keeper(createInspector, (inspector, { data, setStateValue }) =>
  inspector.update(data, (name, value) => setStateValue(name, value)),
);

function createInspector(parent) {
  const root = element("div", "inspector");
  const ready = styled(parent, root, ...SHEETS).then(() => draw());
  const title = element("div", "inspector-title");
  const body = element("div", "inspector-body");
  const right = element("div", "chart-side");
  const chartTitle = element("div", "chart-title");
  const chart = element("div", "chart");
  const readout = element("dl", "readout");

  let scene = null;
  let prototype = null;
  let last = null;
  let given; // the site Python last asked for
  let selected = null;
  let hovered = null;
  let drawnAt = 0; // width of body
  let tell = () => {};
  const bars = createBars(select, hover);
  const grouping = createGrouping(() => draw());
  const stage = createStage(root, ready, {
    // Clicking again on a stack of sites goes one deeper each time.
    pick: (_, sites) => select(sites[sites.indexOf(selected) + 1] ?? (sites.length === 1 ? selected : sites[0])),
    hover,
    describe: (site) => siteSummary(scene, prototype, site),
    turned: (look) => tell("look", look),
  });
  chart.append(bars.element);
  right.append(chartTitle, grouping.element, chart, readout);
  body.append(stage.element, right);
  root.append(title, body);
  parent.append(root);

  function update(data, onState) {
    scene = data.scene;
    last = data;
    prototype = scene.prototypes[0];
    tell = onState;
    if (data.selected !== given) {
      given = data.selected;
      selected = given;
    }
    if (selected !== null && selected >= prototype.values.length) selected = null;
    draw();
  }

  function draw() {
    if (!scene || root.style.visibility === "hidden") return;
    const began = performance.now();
    title.textContent = `Prototype ${prototype.label ?? prototype.number}   ${prototype.headline}`;
    chartTitle.textContent =
      `${scene.kind === "lattice" ? "Site" : "Input"} opacity, ${scene.opacity.label}: ` +
      "θ > 0 up, θ < 0 down and hatched";
    grouping.update(scene, last.surface);
    stage.show(scene, prototype, prototype.words ?? prototype.summary, last);
    body.classList.toggle("chart-only", scene.kind !== "lattice");
    drawChart();
    root.dataset.drawMs = (performance.now() - began).toFixed(1);
    root.dataset.draws = Number(root.dataset.draws ?? 0) + 1;
  }

  function drawChart() {
    drawnAt = body.clientWidth;
    bars.show(grouping.apply(scene), prototype, Math.max(200, chart.clientWidth), { selected, hovered });
    root.dataset.selected = selected === null ? "" : String(selected);
    stage.mark([selected, hovered].filter((site) => site !== null));
    describe();
  }

  function select(site) {
    selected = site === selected ? null : site;
    drawChart();
    tell("site", selected);
  }

  function hover(site) {
    if (site === hovered) return;
    hovered = site;
    drawChart();
  }

  function describe() {
    const site = selected ?? hovered;
    const rows = site === null ? [["", "Click a site or a bar."]] : facts(site);
    readout.replaceChildren(...rows.flatMap(([name, value]) => [element("dt", "", name), element("dd", "", value)]));
  }

  function facts(site) {
    const rows = [[scene.kind === "lattice" ? "site" : "input", scene.names[site]]];
    if (scene.kind === "lattice") {
      rows.push(["position", `(${scene.positions[site].map((x) => String(x).replace("-", "−")).join(", ")}) a`]);
      rows.push(["shell", scene.groups.find((group) => group.sites.includes(site)).name]);
      for (const [surface, layers] of Object.entries(scene.layers)) {
        rows.push([`layer on {${surface}}`, layers[site] === 0 ? "0, the atom's own" : signed(layers[site], 0)]);
      }
    }
    rows.push(["θ", signed(prototype.values[site], 3)]);
    rows.push(["slope 2γθ", signed(prototype.slopes[site], 3)]);
    rows.push(["opacity", prototype.alpha[site].toFixed(3)]);
    return rows;
  }

  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || selected === null) return;
    select(selected);
    event.preventDefault();
  });

  const onResize = new ResizeObserver(() => {
    if (!scene || root.style.visibility === "hidden") return;
    if (body.clientWidth !== drawnAt) drawChart();
    stage.fit();
  });
  onResize.observe(body);

  function close() {
    onResize.disconnect();
    stage.close();
    parent.replaceChildren();
  }
  return { update, close };
}
