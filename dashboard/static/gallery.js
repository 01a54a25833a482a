// The gallery: one card per prototype, all viewpoints on one canvas, repainted in place when new values arrive.

import { inputsUnder, paintBars } from "./bar_painter.js";
import { button, element, lookOf, sharpContext, signed } from "./dom.js";
import { followPointer } from "./drag.js";
import { follower } from "./frames.js";
import {
  IDENTITY,
  dragOfKey,
  multiply,
  rotationOfText,
  sitesOnScreen,
  sitesUnder,
  textOf,
  turned,
} from "./geometry.js";
import { legend } from "./legend.js";
import { keeper, styled } from "./mounting.js";
import { paintLattice } from "./painter.js";

const SETTLED_MS = 400; // after a turn, before Python is told
const DOUBLE_CLICK_MS = 260;

/** Called by Streamlit with every update. */
export default keeper(createGallery, (gallery, { data, setTriggerValue, setStateValue }) =>
  gallery.update(data, {
    pick: (index) => setTriggerValue("picked", index),
    tell: (turn) => setStateValue("turn", turn),
    end: () => setTriggerValue("ended", true),
  }),
);

function createGallery(parent) {
  const root = element("div", "gallery");
  styled(parent, root, new URL("./viewer.css", import.meta.url)).then(() => measureAndPaint());
  const key = element("div", "gallery-key");
  const hint = element("div", "hint");
  const reset = button("Reset view", () => setTurn(IDENTITY));
  const cards = element("div", "cards");
  cards.setAttribute("role", "listbox");
  cards.setAttribute("aria-label", "Prototypes");
  const tip = element("div", "tip");
  tip.hidden = true;
  root.append(key, cards, tip);
  parent.append(root);

  let scene = null;
  let columns = null;
  let asked = null; // what Python last asked to mark
  let selected = null;
  let turn = IDENTITY;
  let { pick, tell, end } = {};
  let settling = 0;
  let told = "";
  const shown = []; // {card, canvas, number, beta, prototype, size}
  let legendOf = "";
  let pending = 0;
  let waiting = 0;

  function update(data, tellPython) {
    const first = scene === null;
    scene = data.scene;
    ({ pick, tell, end } = tellPython);
    const given = first && data.turn ? rotationOfText(data.turn) : null;
    if (given) {
      turn = given;
      told = data.turn;
      root.dataset.turned = "true";
    }
    if (data.selected !== asked) {
      asked = data.selected;
      if (asked !== null) selected = asked;
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

  const follow = follower(
    (prototypes) => {
      scene = { ...scene, prototypes };
      showPrototypes();
    },
    () => end(),
  );

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
      scene.kind === "lattice"
        ? "Drag to turn all, double-click to reset. Click a prototype to open it."
        : "Click a prototype to open it.";
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
    const canvas = element("canvas");
    canvas.setAttribute("aria-hidden", "true");
    card.append(header, note, canvas);
    cards.append(card);
    const item = { card, canvas, number, beta, note, prototype: null };
    card.addEventListener("keydown", (event) => onKey(event, item));
    card.addEventListener("pointerdown", (event) => {
      followPointer(card, event, { move: scene.kind === "lattice" ? turnBy : undefined, click: () => onClick(item) });
    });
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
    const drag = event.shiftKey && dragOfKey(event.key);
    if (event.key === "Enter" || event.key === " ") select(item);
    else if (drag) setTurn(turned(turn, ...drag));
    else if (event.key in steps) shown[at + steps[event.key]]?.card.focus();
    else if (event.key === "Escape") setTurn(IDENTITY);
    else return;
    event.preventDefault();
  }

  function perRow() {
    const top = shown[0].card.offsetTop;
    return Math.max(1, shown.filter((item) => item.card.offsetTop === top).length);
  }

  function turnBy(dx, dy) {
    tip.hidden = true;
    setTurn(turned(turn, dx, dy));
  }

  /** While turned, a click may be the first half of the double-click that turns back. */
  function onClick(item) {
    clearTimeout(waiting);
    if (turn === IDENTITY) select(item);
    else waiting = setTimeout(() => select(item), DOUBLE_CLICK_MS);
  }

  function setTurn(next) {
    turn = next;
    root.dataset.turned = String(next !== IDENTITY);
    paintSoon();
    clearTimeout(settling);
    settling = setTimeout(() => {
      const now = next === IDENTITY ? "" : textOf(next);
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
      x: (i % across) * size,
      y: Math.floor(i / across) * size,
      width: size,
      height: size,
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
      const rotation = multiply(turn, scene.viewpoints[index].rotation);
      sites = sitesUnder(sitesOnScreen(scene, rotation, box), x, y);
    } else if (box) sites = inputsUnder(item.prototype, box, x);
    tip.hidden = sites.length === 0;
    if (tip.hidden) return;
    tip.replaceChildren(...sites.map((site) => element("div", "", siteText(item.prototype, site))));
    const frame = root.getBoundingClientRect();
    const left = Math.min(event.clientX - frame.left + 14, frame.width - tip.offsetWidth - 4);
    tip.style.left = `${Math.max(0, left)}px`;
    tip.style.top = `${event.clientY - frame.top + 16}px`;
  }

  function siteText(prototype, site) {
    const what = scene.kind === "lattice" ? `site ${scene.names[site]}` : scene.names[site];
    return `${what}  θ ${signed(prototype.values[site], 2)}  opacity ${prototype.alpha[site].toFixed(2)}`;
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
    const look = lookOf(root);
    for (const item of shown) {
      if (item.width <= 0) continue;
      if (scene.kind === "lattice") paintCard(item, look);
      else {
        const height = Math.round(item.width * 0.42);
        item.boxes = [{ x: 0, y: 0, width: item.width, height }];
        const context = sharpContext(item.canvas, item.width, height);
        paintBars(context, scene, item.prototype, item.boxes[0], look);
      }
    }
    root.dataset.paintMs = (performance.now() - began).toFixed(1);
    root.dataset.paints = Number(root.dataset.paints ?? 0) + 1;
    root.dispatchEvent(new Event("gallerypainted", { bubbles: true, composed: true }));
  }

  function paintCard(item, look) {
    item.boxes = boxes(item.width);
    const last = item.boxes[item.boxes.length - 1];
    const context = sharpContext(item.canvas, item.width, last.y + last.height);
    item.boxes.forEach((box, i) => {
      const { name, rotation } = scene.viewpoints[i];
      const label = turn === IDENTITY ? name : `${name} turned`;
      paintLattice(context, scene, item.prototype, multiply(turn, rotation), box, { ...look, label });
    });
  }

  // Painting gives the cards their height: no reason to paint once more.
  const onResize = new ResizeObserver(() => {
    if (shown.some((item) => item.width !== item.card.clientWidth - 2)) measureAndPaint();
  });
  onResize.observe(cards);

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
