// Shares of the variance on the lattice, beside the matrix of pair interactions; a choice in one shows in the other.

import { button, element, group, lookOf, sharpContext } from "./dom.js";
import { followPointer } from "./drag.js";
import { dragOfKey, sitesOnScreen, sitesUnder, turned } from "./geometry.js";
import { keeper, styled } from "./mounting.js";
import { paintLattice, paintOverlay } from "./painter.js";
import { createPairMatrix } from "./pair_matrix.js";

const LISTED = 10; // strongest pairs offered as buttons

/** Called by Streamlit with every update. */
export default keeper(createView, (view, { data }) => view.update(data));

const capital = (text) => text[0].toUpperCase() + text.slice(1);
const percent = (share) => `${(100 * share).toFixed(share < 0.001 ? 3 : share < 0.1 ? 2 : 1)} %`;

function createView(parent) {
  const root = element("div", "importance");
  styled(parent, root, new URL("./importance.css", import.meta.url)).then(() => paint());
  const body = element("div", "importance-body");
  const left = element("section", "importance-lattice");
  const right = element("section", "importance-pairs");
  const measures = group("buttons", "What the sites' opacity shows");
  const stage = element("canvas");
  const viewpoints = group("buttons", "Viewpoint");
  const matrix = element("canvas");
  const said = element("p", "said");
  said.setAttribute("aria-live", "polite");
  const listTitle = element("div", "soft", "Strongest pairs");
  const list = group("buttons pair-list", "Strongest pairs");
  const scaleLine = element("div", "soft");
  stage.tabIndex = matrix.tabIndex = 0;
  for (const canvas of [stage, matrix]) canvas.setAttribute("role", "img");
  left.append(measures, stage, viewpoints);
  right.append(scaleLine, matrix, listTitle, list);
  body.append(left, right);
  root.append(body, said);
  parent.append(root);

  const pairMatrix = createPairMatrix(matrix, right);
  let [data, scene, order] = [null, null, []];
  let [measure, viewpoint, rotation] = [0, 0, null];
  let chosen = []; // none, one site, or a pair of sites
  let paintedAt = 0; // width of root
  let of = "";

  function update(next) {
    const changed = JSON.stringify([next.label, next.scene.names]) !== of;
    of = JSON.stringify([next.label, next.scene.names]);
    [data, scene] = [next, next.scene];
    order = scene.groups.flatMap(({ sites }) => sites);
    if (changed) chosen = [];
    if (!rotation && scene.viewpoints.length) {
      viewpoint = scene.viewpoints.length - 1; // the oblique one: few sites hide each other
      rotation = scene.viewpoints[viewpoint].rotation;
    }
    left.hidden = scene.kind !== "lattice";
    measure = Math.min(measure, data.measures.length - 1);
    measures.replaceChildren(
      ...data.measures.map((one, i) =>
        choice(
          one.label,
          () => (measure = i),
          () => measure === i,
        ),
      ),
    );
    viewpoints.replaceChildren(
      ...scene.viewpoints.map((one, i) =>
        choice(
          one.name,
          () => ([viewpoint, rotation] = [i, one.rotation]),
          () => viewpoint === i,
        ),
      ),
    );
    list.replaceChildren(
      ...strongest().map(([a, b]) => {
        const text = `${scene.names[a]}–${scene.names[b]}  ${percent(data.pairs[a][b])}`;
        return choice(
          text,
          () => choose(isChosen(a, b) ? [] : [a, b]),
          () => isChosen(a, b),
        );
      }),
    );
    scaleLine.textContent = `What two ${data.kind}s explain together beyond each alone, strongest colour = ${percent(largest())} (square-root scale)`;
    paint();
  }

  function choice(text, act, pressed) {
    const node = button(text, () => {
      act();
      paint();
    });
    node.pressed = pressed;
    return node;
  }

  const isChosen = (a, b) => chosen.length === 2 && chosen.includes(a) && chosen.includes(b);
  const largest = () => Math.max(1e-300, ...data.pairs.flat());

  function strongest() {
    const pairs = [];
    for (let a = 0; a < order.length; a += 1) for (let b = a + 1; b < order.length; b += 1) pairs.push([a, b]);
    return pairs.sort((p, q) => data.pairs[q[0]][q[1]] - data.pairs[p[0]][p[1]]).slice(0, LISTED);
  }

  function choose(sites) {
    chosen = sites;
  }

  /** What the sites' opacity shows: the measure, or the partners of the one chosen site. */
  function shown() {
    const values = chosen.length === 1 ? data.pairs[chosen[0]] : data.measures[measure].values;
    const top = Math.max(1e-300, ...values);
    return { values: values.map((v) => (v > 0 ? 1 : 0)), alpha: values.map((v) => Math.max(0, v) / top) };
  }

  function paint() {
    if (!scene || !root.clientWidth || root.style.visibility === "hidden") return;
    paintedAt = root.clientWidth;
    for (const node of root.querySelectorAll("button")) node.setAttribute("aria-pressed", String(node.pressed()));
    said.textContent = sentence();
    if (!left.hidden) paintStage();
    paintMatrix();
    root.dataset.paints = Number(root.dataset.paints ?? 0) + 1;
  }

  function box() {
    const side = Math.min(left.clientWidth, 440);
    return { x: 0, y: 0, width: side, height: side };
  }

  function paintStage() {
    const frame = box();
    const context = sharpContext(stage, frame.width, frame.height);
    const picture = shown();
    const look = lookOf(root);
    paintLattice(context, scene, picture, rotation, frame, look);
    const places = sitesOnScreen(scene, rotation, frame);
    paintOverlay(context, scene, picture, places, { ...look, marked: chosen, rings: false, names: true });
    stage.setAttribute("aria-label", `${data.label} on the lattice. ${sentence()}`);
  }

  function paintMatrix() {
    pairMatrix.paint(scene, data.pairs, largest(), chosen, lookOf(root));
    matrix.setAttribute(
      "aria-label",
      `Matrix of pair interactions of ${data.label}; the arrow keys move. ${sentence()}`,
    );
  }

  function sentence() {
    const name = (site) => `${data.kind} ${scene.names[site]}`;
    if (chosen.length === 2) {
      const [a, b] = chosen;
      return (
        `${capital(name(a))} and ${name(b)} explain ${percent(data.pairs[a][b])} of the variance together, beyond ` +
        data.measures
          .filter((one) => one.name === "first")
          .map((one) => `${percent(one.values[a])} and ${percent(one.values[b])} each by itself.`)
          .join("")
      );
    }
    if (chosen.length === 1) {
      const [site] = chosen;
      const partners = order
        .filter((b) => b !== site)
        .sort((p, q) => data.pairs[site][q] - data.pairs[site][p])
        .slice(0, 3);
      const shares = data.measures.map((one) => `${one.label.toLowerCase()} ${percent(one.values[site])}`).join(", ");
      return (
        `${capital(name(site))}: ${shares}. It interacts most with ` +
        `${partners.map((b) => `${scene.names[b]} (${percent(data.pairs[site][b])})`).join(", ")}` +
        (scene.kind === "lattice" ? "; opacity now shows its partners. Choose it again to go back." : ".")
      );
    }
    const { values, label } = data.measures[measure];
    const best = order
      .slice()
      .sort((p, q) => values[q] - values[p])
      .slice(0, 3);
    return (
      `${label}: most for ${best.map((site) => `${name(site)} (${percent(values[site])})`).join(", ")}` +
      `${scene.kind === "lattice" ? "; the most opaque site has the largest share" : ""}. Choose a cell or a ${data.kind}.`
    );
  }

  matrix.addEventListener("click", (event) => {
    const [row, column] = pairMatrix.cellUnder(event);
    if (row !== null && column !== null && row !== column) choose(isChosen(row, column) ? [] : [row, column]);
    else if (row !== null || column !== null) choose([row ?? column]);
    paint();
  });
  matrix.addEventListener("pointermove", (event) => {
    const [row, column] = pairMatrix.cellUnder(event);
    matrix.title =
      row === null || column === null || row === column
        ? ""
        : `${scene.names[row]} and ${scene.names[column]}: ${percent(data.pairs[row][column])}`;
  });
  matrix.addEventListener("keydown", (event) => {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (event.key === "Escape") choose([]);
    else if (!step) return;
    else {
      const now = chosen.length === 2 ? chosen.map((site) => order.indexOf(site)) : [0, 1];
      let next = now.map((value, i) => (value + step[i] + order.length) % order.length);
      if (next[0] === next[1]) next = next.map((value, i) => (value + step[i] + order.length) % order.length);
      choose(chosen.length === 2 ? next.map((i) => order[i]) : [order[0], order[1]]);
    }
    event.preventDefault();
    paint();
  });

  stage.addEventListener("pointerdown", (event) => followPointer(stage, event, { move: turnBy, click: onClick }));
  stage.addEventListener("keydown", (event) => {
    const drag = dragOfKey(event.key);
    if (!drag) return;
    event.preventDefault();
    turnBy(...drag);
  });

  function turnBy(dx, dy) {
    [viewpoint, rotation] = [-1, turned(rotation, dx, dy)];
    paint();
  }

  function onClick(event) {
    const frame = stage.getBoundingClientRect();
    const places = sitesOnScreen(scene, rotation, box());
    const [site] = sitesUnder(places, event.clientX - frame.left, event.clientY - frame.top);
    if (site !== undefined) choose(chosen.length === 1 && chosen[0] === site ? [] : [site]);
    paint();
  }

  const onResize = new ResizeObserver(() => root.clientWidth !== paintedAt && paint());
  onResize.observe(root);
  function close() {
    onResize.disconnect();
    parent.replaceChildren();
  }
  return { update, close };
}
