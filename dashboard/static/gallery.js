// The gallery: one card per prototype, all viewpoints on one canvas, repainted in place when new values arrive.

import { follower } from "./frames.js";
import { legend } from "./legend.js";
import { quaternionOf, rotationOf } from "./molecule.js";
import { keeper, styled } from "./mounting.js";
import * as painter from "./painter.js";

/** Called by Streamlit with every update. */
export default keeper(createGallery, (gallery, { data, setTriggerValue, setStateValue }) =>
  gallery.update(data, {
    pick: (index) => setTriggerValue("picked", index),
    tell: (turn) => setStateValue("turn", turn),
    end: () => setTriggerValue("ended", true),
  }),
);
const SETTLED_MS = 400; // after a turn, before Python is told

function element(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function createGallery(parent) {
  const root = element("div", "gallery");
  styled(parent, root, new URL("./viewer.css", import.meta.url)).then(() => measureAndPaint());
  const key = element("div", "gallery-key");
  const hint = element("div", "hint");
  const reset = element("button", "small-button", "Reset view");
  reset.type = "button";
  const cards = element("div", "cards");
  cards.setAttribute("role", "listbox");
  cards.setAttribute("aria-label", "Prototypes");
  const tip = element("div", "tip");
  tip.hidden = true;
  root.append(key, cards, tip);
  parent.append(root);

  const IDENTITY = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  let scene = null;
  let columns = null;
  let given = null; // what Python last asked to mark
  let selected = null;
  let turn = IDENTITY;
  let { pick, tell, end } = {};
  let settling = 0;
  let told = "";
  let shown = []; // {card, canvas, number, beta, prototype, size}
  let legendOf = "";
  let pending = 0;
  let waiting = 0;

  function update(data, tellPython) {
    const first = scene === null;
    scene = data.scene;
    ({ pick, tell, end } = tellPython);
    if (first && data.turn) {
      const numbers = data.turn.split(",").map(Number);
      const length = Math.hypot(...numbers);
      if (numbers.length === 4 && length > 0.5) {
        turn = rotationOf(numbers.map((number) => number / length));
        told = data.turn;
        root.dataset.turned = "true";
      }
    }
    if (data.selected !== given) {
      given = data.selected;
      if (given !== null) selected = given;
    }
    if (data.columns !== columns || first) {
      columns = data.columns;
      cards.style.gridTemplateColumns = columns
        ? `repeat(${columns}, minmax(0, 1fr))`
        : "repeat(auto-fill, minmax(min(100%, 190px), 1fr))";
    }
    drawLegend();
    showPrototypes();
    follow(data.frames);
  }

  const follow = follower((prototypes) => {
    scene = { ...scene, prototypes };
    showPrototypes();
  }, () => end());

  function showPrototypes() {
    while (shown.length > scene.prototypes.length) shown.pop().card.remove();
    while (shown.length < scene.prototypes.length) shown.push(createCard());
    shown.forEach((item, i) => describe(item, scene.prototypes[i]));
    measureAndPaint();
  }

  function drawLegend() {
    const wanted = JSON.stringify([scene.kind, scene.palette, scene.opacity]);
    if (wanted === legendOf) return;
    legendOf = wanted;
    hint.textContent =
      scene.kind === "lattice" ? "Drag to turn all, double-click to reset. Click a prototype to open it." : "Click a prototype to open it.";
    reset.hidden = scene.kind !== "lattice";
    const side = element("div", "gallery-side");
    side.append(hint, reset);
    key.replaceChildren(legend(scene), side);
  }

  function createCard() {
    const card = element("div", "card");
    card.tabIndex = 0;
    card.setAttribute("role", "option");
    const header = element("div", "card-header");
    const number = element("span", "number");
    const beta = element("span", "beta");
    header.append(number, beta);
    const note = element("div", "card-note");
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    card.append(header, note, canvas);
    cards.append(card);
    const item = { card, canvas, number, beta, note, prototype: null };
    card.addEventListener("keydown", (event) => onKey(event, item));
    card.addEventListener("pointerdown", (event) => onPointerDown(event, item));
    card.addEventListener("pointermove", (event) => onHover(event, item));
    card.addEventListener("pointerleave", () => (tip.hidden = true));
    card.addEventListener("dblclick", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      setTurn(IDENTITY);
    });
    return item;
  }

  function describe(item, prototype) {
    item.prototype = prototype;
    item.number.textContent = `${prototype.number} `; // the space keeps the words apart for screen readers
    const parts = prototype.headline.split(/ (?=\()/); // in a narrow card what is in brackets gives way
    item.beta.replaceChildren(...parts.flatMap((part, i) => [i ? " " : "", element("span", "", part)]));
    item.note.textContent = ` ${prototype.note ?? ""}`;
    item.note.hidden = !prototype.note;
    const { summary, headline, note } = prototype;
    item.card.setAttribute("aria-label", note ? summary.replace(headline, `${headline}, ${note}`) : summary);
    item.card.dataset.index = prototype.index;
    item.card.setAttribute("aria-selected", String(prototype.index === selected));
  }

  function select(item) {
    selected = item.prototype.index;
    for (const other of shown) other.card.setAttribute("aria-selected", String(other === item));
    pick(selected);
  }

  function onKey(event, item) {
    const at = shown.indexOf(item);
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow(), ArrowUp: -perRow() };
    const turns = { ArrowRight: [18, 0], ArrowLeft: [-18, 0], ArrowDown: [0, 18], ArrowUp: [0, -18] };
    if (event.key === "Enter" || event.key === " ") select(item);
    else if (event.shiftKey && turns[event.key]) setTurn(painter.multiply(painter.turnBy(...turns[event.key]), turn));
    else if (event.key in steps) shown[at + steps[event.key]]?.card.focus();
    else if (event.key === "Escape") setTurn(IDENTITY);
    else return;
    event.preventDefault();
  }

  function perRow() {
    const top = shown[0].card.offsetTop;
    return Math.max(1, shown.filter((item) => item.card.offsetTop === top).length);
  }

  function onPointerDown(event, item) {
    if (event.button !== 0) return;
    const start = { x: event.clientX, y: event.clientY };
    let last = start;
    let dragged = false;
    const move = (next) => {
      dragged ||= Math.hypot(next.clientX - start.x, next.clientY - start.y) > 4;
      if (!dragged || scene.kind !== "lattice") return;
      if (!item.card.hasPointerCapture(event.pointerId)) item.card.setPointerCapture(event.pointerId);
      tip.hidden = true;
      setTurn(painter.multiply(painter.turnBy(next.clientX - last.x, next.clientY - last.y), turn));
      last = { x: next.clientX, y: next.clientY };
    };
    const end = (next) => {
      item.card.removeEventListener("pointermove", move);
      item.card.removeEventListener("pointerup", end);
      item.card.removeEventListener("pointercancel", end);
      if (dragged || next.type !== "pointerup") return;
      // While turned, a click may be the first half of the double-click that turns back.
      if (turn === IDENTITY) select(item);
      else {
        clearTimeout(waiting);
        waiting = setTimeout(() => select(item), 260);
      }
    };
    item.card.addEventListener("pointermove", move);
    item.card.addEventListener("pointerup", end);
    item.card.addEventListener("pointercancel", end);
  }

  function setTurn(next) {
    turn = next;
    root.dataset.turned = String(next !== IDENTITY);
    paintSoon();
    clearTimeout(settling);
    settling = setTimeout(() => {
      const now = next === IDENTITY ? "" : quaternionOf(next).map((part) => part.toFixed(3)).join(",");
      if (now !== told && root.isConnected) tell(now);
      told = now;
    }, SETTLED_MS);
  }

  /** Boxes of the viewpoints on a card: in one row when it is wide, two by two when not. */
  function boxes(width) {
    const n = scene.viewpoints.length;
    const across = width >= 104 * n ? n : Math.ceil(n / Math.ceil(n / 2));
    const size = width / across;
    return scene.viewpoints.map((_, i) => ({
      x: (i % across) * size, y: Math.floor(i / across) * size, width: size, height: size,
    }));
  }

  function boxUnder(item, event) {
    const frame = item.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    const index = item.boxes.findIndex((b) => x >= b.x && x < b.x + b.width && y >= b.y && y < b.y + b.height);
    return { x, y, index, box: item.boxes[index] };
  }

  function onHover(event, item) {
    if (event.buttons || !item.boxes) return;
    const { x, y, index, box } = boxUnder(item, event);
    let sites = [];
    if (box && scene.kind === "lattice") {
      const rotation = painter.multiply(turn, scene.viewpoints[index].rotation);
      sites = painter.sitesUnder(painter.sitesOnScreen(scene, rotation, box), x, y);
    } else if (box) {
      const near = painter.barsOnScreen(item.prototype, 2, box).filter((b) => Math.abs(b.x + b.width / 2 - x) <= b.width / 2 + 1);
      sites = near.map((b) => b.input);
    }
    tip.hidden = sites.length === 0;
    if (tip.hidden) return;
    tip.replaceChildren(...sites.map((site) => element("div", "", siteText(item.prototype, site))));
    const frame = root.getBoundingClientRect();
    const left = Math.min(event.clientX - frame.left + 14, frame.width - tip.offsetWidth - 4);
    tip.style.left = `${Math.max(0, left)}px`;
    tip.style.top = `${event.clientY - frame.top + 16}px`;
  }

  function siteText(prototype, site) {
    const value = prototype.values[site];
    const sign = value < 0 ? "−" : "+";
    const what = scene.kind === "lattice" ? `site ${scene.names[site]}` : scene.names[site];
    return `${what}  θ ${sign}${Math.abs(value).toFixed(2)}  opacity ${prototype.alpha[site].toFixed(2)}`;
  }

  function measureAndPaint() {
    if (!scene || root.style.visibility === "hidden") return;
    for (const item of shown) item.width = item.card.clientWidth - 2;
    paint();
  }

  function paintSoon() {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(paint);
  }

  function paint() {
    const began = performance.now();
    const style = getComputedStyle(root);
    const look = { ink: style.color, font: style.fontFamily, pixelRatio: window.devicePixelRatio || 1 };
    for (const item of shown) {
      if (item.width <= 0) continue;
      if (scene.kind === "lattice") paintCard(item, look);
      else {
        const height = Math.round(item.width * 0.42);
        item.boxes = [{ x: 0, y: 0, width: item.width, height }];
        const context = painter.sharpContext(item.canvas, item.width, height);
        painter.paintBars(context, scene, item.prototype, item.boxes[0], look);
      }
    }
    root.dataset.paintMs = (performance.now() - began).toFixed(1);
    root.dataset.paints = Number(root.dataset.paints ?? 0) + 1;
    root.dispatchEvent(new Event("gallerypainted", { bubbles: true, composed: true }));
  }

  function paintCard(item, look) {
    item.boxes = boxes(item.width);
    const last = item.boxes[item.boxes.length - 1];
    const context = painter.sharpContext(item.canvas, item.width, last.y + last.height);
    item.boxes.forEach((box, i) => {
      const { name, rotation } = scene.viewpoints[i];
      const label = turn === IDENTITY ? name : `${name} turned`;
      painter.paintLattice(context, scene, item.prototype, painter.multiply(turn, rotation), box, { ...look, label });
    });
  }

  // Painting gives the cards their height: no reason to paint once more.
  const onResize = new ResizeObserver(() => {
    if (shown.some((item) => item.width !== item.card.clientWidth - 2)) measureAndPaint();
  });
  onResize.observe(cards);
  reset.addEventListener("click", () => setTurn(IDENTITY));

  function close() {
    follow(null);
    onResize.disconnect();
    cancelAnimationFrame(pending);
    clearTimeout(waiting);
    clearTimeout(settling);
    parent.replaceChildren();
  }
  return { update, close };
}
