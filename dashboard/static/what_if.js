// What if: sites of an environment filled and emptied by click, with the exact share of every site in the prediction on
// the lattice and as bars, and what every prototype adds. A click shows at once; its numbers follow from Python.

import { createBars } from "./bars.js";
import { mixed } from "./colours.js";
import { element, isTyping, signed } from "./dom.js";
import { createGrouping } from "./grouping.js";
import { ball, entry } from "./legend.js";
import { keeper, styled } from "./mounting.js";
import { createStage } from "./stage.js";

const SHEETS = [new URL("./viewer.css", import.meta.url), new URL("./inspector.css", import.meta.url)];

const ATOM = "#c3cbd1"; // a filled site whose share is nothing
const GAP = "#8a97a0";

/** Called by Streamlit with every update. */
export default keeper(createWhatIf, (whatIf, { data, setStateValue, setTriggerValue }) =>
  whatIf.update(data, setStateValue, setTriggerValue),
);

function createWhatIf(parent) {
  const root = element("div", "inspector what-if");
  const ready = styled(parent, root, ...SHEETS).then(() => draw());
  const title = element("div", "inspector-title");
  const body = element("div", "inspector-body");
  const right = element("div", "chart-side");
  const key = element("div", "legend what-if-key");
  const sharesTitle = element("div", "chart-title");
  const shares = element("div", "chart");
  const readout = element("div", "site-line");
  readout.setAttribute("role", "status");
  const termsTitle = element("div", "chart-title");
  const terms = element("div", "chart");

  let data = null;
  let filled = []; // what is on screen; ahead of `data` while an answer is awaited
  let sent = 0; // number of the last change told to Python
  let hovered = null;
  let drawnAt = 0; // width of body
  let toldAt = 0;
  let waiting = 0;
  let setState = () => {};
  let trigger = () => {};
  const shareBars = createBars(
    (site) => site !== null && flip(site),
    hover,
    "Share of each site in the prediction",
    215,
  );
  const termBars = createBars(
    (number) => number !== null && trigger("prototype", number),
    () => {},
    "What each prototype adds",
    190,
  );
  const grouping = createGrouping(() => draw());
  const stage = createStage(root, ready, {
    // The nearest site flips; with Shift the next one behind it.
    pick: (_, sites, event) => flip(event.shiftKey ? (sites[1] ?? sites[0]) : sites[0]),
    hover,
    describe: tellSite,
    turned: (look) => setState("look", look),
  });
  shares.append(shareBars.element);
  terms.append(termBars.element);
  right.append(key, sharesTitle, grouping.element, shares, readout, termsTitle, terms);
  body.append(stage.element, right);
  root.append(title, body);
  parent.append(root);

  function update(next, setStateValue, setTriggerValue) {
    data = next;
    [setState, trigger] = [setStateValue, setTriggerValue];
    if (data.seq >= sent) {
      // Python has seen every click, or moved on by itself (undo, another start).
      sent = data.seq;
      filled = [...data.filled];
      if (toldAt) root.dataset.answerMs = (performance.now() - toldAt).toFixed(0);
      toldAt = 0;
    }
    draw({ later: root.dataset.draws !== undefined });
  }

  function flip(site) {
    filled = filled.map((full, other) => (other === site ? !full : full));
    sent += 1;
    toldAt = performance.now();
    trigger("change", { filled: filled.map((full) => (full ? "1" : "0")).join(""), seq: sent });
    stage.retouch(picture());
    drawCharts();
  }

  function hover(site) {
    if (site === hovered) return;
    hovered = site;
    drawCharts();
  }

  /** The environment as the painters want it: colour by share, filled sites solid, empty ones faint and dashed. */
  function picture() {
    const { positive, negative } = data.scene.palette;
    const strength = data.shares.map((share) => Math.min(1, Math.abs(share) / data.full));
    const hue = data.shares.map((share) => (share > 0 ? positive : share < 0 ? negative : GAP));
    return {
      values: data.shares,
      lengths: data.shares.map((share) => share / data.full),
      marks: axisMarks(data.full),
      alpha: filled.map((full, site) => (full ? 0.82 : 0.62 * strength[site])),
      colours: filled.map((full, site) =>
        full ? mixed(mixed(ATOM, hue[site], strength[site] ** 0.8), "#ffffff", 0.12) : hue[site],
      ),
      filled,
      signs: filled.map((full) => (full ? 1 : -1)),
      tell: tellSite,
    };
  }

  function axisMarks(full) {
    const text = (value) => `${value < 0 ? "−" : value > 0 ? "+" : ""}${Number(Math.abs(value).toPrecision(3))}`;
    return [1, 0.5, 0, -0.5, -1].map((share) => [share, text(share * full)]);
  }

  function tellSite(site) {
    const group = data.scene.groups.find((some) => some.sites.includes(site))?.name;
    const place = data.scene.kind === "lattice" ? `site ${data.scene.names[site]}, ${group}` : data.scene.names[site];
    const unit = data.unit ? ` ${data.unit}` : "";
    const state = filled[site] ? "filled" : "empty";
    const known = filled[site] === data.filled[site];
    const other = known ? `; ${filled[site] ? "emptied" : "filled"}: ${data.flips[site].toFixed(3)}${unit}` : "";
    return `${place}, ${state}, share ${signed(data.shares[site], 3)}${unit}${other}`;
  }

  /** With `later`, numbers and bars come first and the 3D picture a moment after them: it takes the longest. */
  function draw({ later = false } = {}) {
    if (!data || root.style.visibility === "hidden") return;
    const began = performance.now();
    title.textContent = data.title;
    drawKey();
    grouping.update(data.scene, data.surface);
    clearTimeout(waiting);
    const solid = () => stage.show(data.scene, picture(), data.words, data);
    if (later) {
      stage.retouch(picture());
      waiting = setTimeout(solid, 60);
    } else solid();
    body.classList.toggle("chart-only", data.scene.kind !== "lattice");
    drawCharts();
    root.dataset.seq = data.seq;
    root.dataset.drawMs = (performance.now() - began).toFixed(1);
    root.dataset.draws = Number(root.dataset.draws ?? 0) + 1;
  }

  function drawCharts() {
    drawnAt = body.clientWidth;
    root.dataset.filled = filled.map((full) => (full ? "1" : "0")).join("");
    const unit = data.unit ? `, ${data.unit}` : "";
    sharesTitle.textContent = `Exact Shapley value of each site${unit}: ${data.sum}`;
    shareBars.show(grouping.apply(data.scene), picture(), Math.max(200, shares.clientWidth), {
      selected: null,
      hovered,
    });
    readout.textContent =
      hovered === null
        ? "Click a site or its bar to fill or empty it. A full dot over a bar: filled."
        : tellSite(hovered);
    stage.mark(hovered === null ? [] : [hovered]);
    drawTerms(unit);
  }

  function drawTerms(unit) {
    const { values, names, full, title: what } = data.terms;
    terms.hidden = termsTitle.hidden = values.length === 0;
    if (terms.hidden) return;
    termsTitle.textContent = `${what}${unit}`;
    const scene = {
      kind: "bars",
      names,
      palette: data.scene.palette,
      groups: [{ name: "prototypes", sites: values.map((_, i) => i) }],
    };
    const shown = {
      values,
      alpha: values,
      lengths: values.map((value) => value / full),
      marks: axisMarks(full),
      tell: (i) => `prototype ${names[i]} adds ${signed(values[i], 3)}${data.unit ? ` ${data.unit}` : ""}`,
    };
    termBars.show(scene, shown, Math.max(200, terms.clientWidth), { selected: null, hovered: null });
  }

  function drawKey() {
    const { positive, negative } = data.scene.palette;
    key.replaceChildren(
      entry(ball(ATOM, false, 0.9), "atom"),
      entry(ball(GAP, true, 0), "gap"),
      entry(ball(positive, false, 0.9), "raises the prediction"),
      entry(ball(negative, false, 0.9), "lowers it"),
    );
  }

  /** Undo and redo wherever the focus is, but not while somebody types. */
  function onKey(event) {
    if (!root.isConnected || isTyping(event) || !(event.ctrlKey || event.metaKey)) return;
    const letter = event.key.toLowerCase();
    if (letter !== "z" && letter !== "y") return;
    trigger("step", letter === "y" || event.shiftKey ? 1 : -1);
    event.preventDefault();
  }
  document.addEventListener("keydown", onKey);

  const onResize = new ResizeObserver(() => {
    if (!data || root.style.visibility === "hidden") return;
    if (body.clientWidth !== drawnAt) drawCharts();
    stage.fit();
  });
  onResize.observe(body);

  function close() {
    clearTimeout(waiting);
    document.removeEventListener("keydown", onKey);
    onResize.disconnect();
    stage.close();
    parent.replaceChildren();
  }
  return { update, close };
}
