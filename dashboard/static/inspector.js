// The inspector: one prototype in 3D beside its per-site chart, each pointing at the other.

const version = new URL(import.meta.url).search;
const [painter, molecule, { createBars, siteSummary }, { createFlatView }, { loadLibrary }] = await Promise.all(
  ["painter", "molecule", "bars", "flat", "library"].map((name) => import(`./${name}.js${version}`)),
);

const inspectors = new WeakMap();
const resting = []; // 3Dmol cannot be disposed of: the views of inspectors that left the page wait here for the next

/** Called by Streamlit with every update; the DOM node stays the same, so the state hangs on it. */
export default function (component) {
  const { parentElement, data, setStateValue } = component;
  let inspector = inspectors.get(parentElement);
  if (!inspector) {
    inspector = createInspector(parentElement);
    inspectors.set(parentElement, inspector);
  }
  inspector.update(data, (site) => setStateValue("site", site));
  return () => {
    // Also called when newer data overtakes a call: only a node that has left the page is given up.
    setTimeout(() => {
      if (!(parentElement.host ?? parentElement).isConnected) {
        inspector.close();
        inspectors.delete(parentElement);
      }
    });
  };
}

function element(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function createInspector(parent) {
  const root = element("div", "inspector");
  root.style.visibility = "hidden";
  const style = element("link", "");
  style.rel = "stylesheet";
  style.href = new URL(`./viewer.css${version}`, import.meta.url).href;
  const styled = new Promise((resolve) => (style.onload = style.onerror = resolve));
  styled.then(() => {
    root.style.visibility = "";
    draw();
  });
  const title = element("div", "inspector-title");
  const body = element("div", "inspector-body");
  const left = element("div", "stage-side");
  const stage = element("div", "stage");
  stage.tabIndex = 0;
  stage.setAttribute("role", "img");
  const overlay = element("canvas", "overlay");
  const notice = element("div", "notice");
  notice.setAttribute("role", "status");
  notice.hidden = true;
  const buttons = element("div", "stage-buttons");
  const right = element("div", "chart-side");
  const chartTitle = element("div", "chart-title");
  const chart = element("div", "chart");
  const readout = element("dl", "readout");
  left.append(stage, buttons, notice);
  right.append(chartTitle, chart, readout);
  body.append(left, right);
  root.append(title, body);
  parent.append(style, root);

  let scene = null;
  let prototype = null;
  let given; // the site Python last asked for
  let selected = null;
  let hovered = null;
  let tell = () => {};
  let view = null;
  let solid = null; // {host, view} once 3Dmol draws
  let asked = false;
  let buttonsOf = "";
  const bars = createBars(select, hover);
  chart.append(bars.element);

  function update(data, onSite) {
    scene = data.scene;
    prototype = scene.prototypes[0];
    tell = onSite;
    if (data.selected !== given) {
      given = data.selected;
      selected = given;
    }
    if (selected !== null && selected >= prototype.values.length) selected = null;
    left.hidden = scene.kind !== "lattice";
    body.classList.toggle("chart-only", left.hidden);
    if (!left.hidden) {
      view ??= createFlatView(painter, stage, paintOverlay);
      stage.append(overlay);
      buildButtons();
      if (!asked) {
        asked = true;
        bringSolid(data);
      }
    }
    draw();
  }

  /** Swap the painter for 3Dmol as soon as it is there; say what to do when it cannot be had. */
  async function bringSolid(data) {
    try {
      const [$3Dmol] = await Promise.all([loadLibrary(data.sources), styled]);
      if (!root.isConnected) return;
      const rotation = view.rotation() ?? scene.viewpoints[0].rotation;
      solid = resting.pop() ?? createSolid($3Dmol);
      solid.onView = paintOverlay;
      view.close();
      stage.prepend(solid.host);
      view = solid.view;
      root.dataset.painter = "3dmol";
      draw();
      view.turnTo(rotation);
    } catch (error) {
      root.dataset.painter = "canvas";
      notice.hidden = false;
      notice.textContent = globalThis.$3Dmol
        ? `The 3D view needs WebGL (${error.message ?? error}). The built-in painter draws instead; drag turns it.`
        : `3Dmol.js could not be loaded: run \`${data.fetch_command}\` once and reload this page. `
          + "Until then the built-in painter draws the prototype; drag turns it.";
    }
  }

  function createSolid($3Dmol) {
    const host = element("div", "molecule");
    stage.prepend(host);
    const made = { host, view: null, onView: () => {} };
    try {
      made.view = molecule.createMolecule($3Dmol, host, () => made.onView());
    } catch (error) {
      host.remove();
      throw error;
    }
    // The wheel scrolls the page; zoom has its buttons and keys.
    host.addEventListener("wheel", (event) => event.stopPropagation(), { capture: true });
    return made;
  }

  function draw() {
    if (!scene || root.style.visibility === "hidden") return;
    const began = performance.now();
    title.textContent = `Prototype ${prototype.number}   ${prototype.headline}`;
    chartTitle.textContent = `${scene.kind === "lattice" ? "Site" : "Input"} opacity, ${scene.opacity.label}: `
      + "θ > 0 up, θ < 0 down and hatched";
    stage.setAttribute("aria-label", prototype.summary);
    drawChart();
    if (view) view.show(scene, prototype, backgroundColour(), look());
    root.dataset.drawMs = (performance.now() - began).toFixed(1);
    root.dataset.draws = Number(root.dataset.draws ?? 0) + 1;
  }

  function drawChart() {
    bars.show(scene, prototype, Math.max(200, chart.clientWidth), { selected, hovered });
    root.dataset.selected = selected === null ? "" : String(selected);
    describe();
  }

  function look() {
    const { color, fontFamily } = getComputedStyle(root);
    return { ink: color, font: fontFamily, pixelRatio: window.devicePixelRatio || 1 };
  }

  function backgroundColour() {
    const context = document.createElement("canvas").getContext("2d");
    context.fillStyle = "#ffffff";
    context.fillStyle = getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "#ffffff";
    return context.fillStyle; // normalised to #rrggbb
  }

  /** Rings, numbers and marks over the 3D picture, at the places where its sites are now. */
  function paintOverlay() {
    if (!scene || !view || !stage.clientWidth) return;
    const context = painter.sharpContext(overlay, stage.clientWidth, stage.clientHeight);
    const marks = [selected, hovered].filter((site) => site !== null);
    const rings = view === solid?.view; // the painter draws its own
    painter.paintOverlay(context, scene, prototype, view.places(), { ...look(), marked: marks, rings, names: true });
  }

  function select(site) {
    selected = site === selected ? null : site;
    drawChart();
    paintOverlay();
    tell(selected);
  }

  function hover(site) {
    if (site === hovered) return;
    hovered = site;
    drawChart();
    paintOverlay();
  }

  function describe() {
    const site = selected ?? hovered;
    const rows = site === null ? [["", "Click a site or a bar."]] : facts(site);
    readout.replaceChildren(
      ...rows.flatMap(([name, value]) => [element("dt", "", name), element("dd", "", value)]),
    );
  }

  function facts(site) {
    const signed = (value, digits) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
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

  function buildButtons() {
    const wanted = JSON.stringify(scene.viewpoints);
    if (wanted === buttonsOf) return;
    buttonsOf = wanted;
    const named = scene.viewpoints.map((viewpoint, i) =>
      button(viewpoint.name, `Look from ${viewpoint.name} (key ${i + 1})`, () => view.turnTo(viewpoint.rotation)),
    );
    const zoom = [
      button("+", "Zoom in (key +)", () => view.zoomBy(1.2)),
      button("−", "Zoom out (key −)", () => view.zoomBy(1 / 1.2)),
    ];
    buttons.replaceChildren(...named, ...zoom);
  }

  function button(text, title, act) {
    const made = element("button", "small-button", text);
    made.type = "button";
    made.title = title;
    made.addEventListener("click", act);
    return made;
  }

  root.addEventListener("keydown", (event) => {
    if (!view || left.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    const viewpoint = scene.viewpoints[Number(event.key) - 1];
    if (viewpoint) view.turnTo(viewpoint.rotation);
    else if (event.key === "+" || event.key === "=") view.zoomBy(1.2);
    else if (event.key === "-") view.zoomBy(1 / 1.2);
    else if (event.key === "Escape" && selected !== null) select(selected);
    else return;
    event.preventDefault();
  });

  function sitesAt(event) {
    const frame = stage.getBoundingClientRect();
    return painter.sitesUnder(view.places(), event.clientX - frame.left, event.clientY - frame.top);
  }

  let pressed = null;
  stage.addEventListener("pointerdown", (event) => (pressed = event), { capture: true });
  stage.addEventListener("pointerup", (event) => {
    if (!pressed || Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) > 4) return;
    const sites = sitesAt(event);
    if (sites.length === 0) return;
    // Clicking again on a stack of sites goes one deeper each time.
    const next = sites[sites.indexOf(selected) + 1];
    select(next ?? (sites.length === 1 ? selected : sites[0]));
  });
  stage.addEventListener("pointermove", (event) => {
    if (event.buttons || !view) return;
    const site = sitesAt(event)[0] ?? null;
    stage.title = site === null ? "" : siteSummary(scene, prototype, site);
    stage.style.cursor = site === null ? "grab" : "pointer";
    hover(site);
  });
  stage.addEventListener("pointerleave", () => hover(null));

  const onResize = new ResizeObserver(() => {
    if (!scene || root.style.visibility === "hidden") return;
    drawChart();
    view?.fit();
  });
  onResize.observe(body);

  function close() {
    onResize.disconnect();
    if (solid) {
      solid.onView = () => {};
      solid.host.remove();
      resting.push(solid);
    }
    root.remove();
    style.remove();
  }
  return { update, close };
}
