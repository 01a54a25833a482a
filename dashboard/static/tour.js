// Three hints for a first visit, one at a time; once dismissed they stay away for this browser session.

import { element } from "./dom.js";

const KEY = "rbfscope-hints-seen";
const seen = () => {
  try {
    return sessionStorage.getItem(KEY) !== null;
  } catch {
    return false; // storage may be forbidden; then the hints come again
  }
};

const tours = new WeakMap();

/** Called by Streamlit with every update; which hint is shown hangs on the DOM node. */
export default function ({ parentElement, data }) {
  if (!tours.has(parentElement)) tours.set(parentElement, createTour(parentElement));
  tours.get(parentElement)(data.hints);
}

function styledElement(tag, style, text) {
  const node = element(tag, "", text);
  node.style.cssText = style;
  return node;
}

function createTour(parent) {
  let [at, hints] = [0, []];
  const box = styledElement(
    "aside",
    "display:flex;flex-wrap:wrap;gap:6px 14px;align-items:center;padding:10px 14px;font:15px/1.45 var(--st-font, system-ui);" +
      "color:var(--st-text-color, inherit);background:var(--st-secondary-background-color, #f3f6f6);" +
      "border-left:3px solid var(--st-primary-color, #0f766e);border-radius:4px",
  );
  box.setAttribute("aria-label", "Hints for a first visit");
  const text = styledElement("div", "flex:1 1 320px");
  text.setAttribute("aria-live", "polite");
  const button = (act) => {
    const node = styledElement(
      "button",
      "font:inherit;color:inherit;cursor:pointer;padding:3px 12px;background:transparent;" +
        "border:1px solid var(--st-border-color, #d5dcde);border-radius:var(--st-button-radius, 6px)",
    );
    node.type = "button";
    node.addEventListener("click", act);
    return node;
  };
  const next = button(() => (at + 1 < hints.length ? show(at + 1) : leave()));
  const skip = button(leave);
  skip.textContent = "Skip hints";
  box.append(text, next, skip);

  function show(number) {
    at = number;
    const count = styledElement("span", "opacity:0.8;margin-right:8px", `${at + 1}/${hints.length}`);
    text.replaceChildren(count, element("strong", "", hints[at].title), document.createTextNode(` ${hints[at].text}`));
    next.textContent = at + 1 < hints.length ? "Next" : "Done";
    skip.hidden = at + 1 === hints.length;
  }

  function leave() {
    try {
      sessionStorage.setItem(KEY, "yes");
    } catch {
      // then they come again after a reload
    }
    box.remove();
  }

  return (given) => {
    hints = given;
    if (seen()) {
      box.remove();
      return;
    }
    if (!box.isConnected) parent.append(box);
    show(Math.min(at, hints.length - 1));
  };
}
