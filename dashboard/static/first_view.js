// The first prototypes, before Streamlit has started: where the page's own gallery will be, and gone once that is there.

import gallery from "./gallery.js";
import { chosenTheme, pageTitle } from "./streamlit.js";

const KEY = "rbfscope-first-view";
const LONGEST_MS = 10_000; // then whatever Streamlit has to say must be seen
const NEARLY_MS = 200; // the page's last parts come a moment after its gallery
const SETTLED_MS = 2_000; // by then nothing moves any more

const view = document.getElementById("first-view");
const [title, words, host] = view.children;
const theme = chosenTheme();
if (theme) view.dataset.theme = theme;
const places = remembered() ?? { title: 137, gallery: 600 };
title.style.top = `${places.title}px`;
words.style.top = `${places.title + 90}px`;
host.style.top = `${places.gallery}px`;

const root = host.attachShadow({ mode: "open" });
const drawn = JSON.parse(document.getElementById("first-view-data").textContent);
const component = {
  parentElement: root,
  data: { ...drawn, selected: null, turn: null, frames: null },
  setTriggerValue() {},
  setStateValue() {},
};
const release = gallery(component);
// Letters on a canvas stay in the font they were painted in.
if (document.fonts.status === "loading") document.fonts.ready.then(() => view.isConnected && gallery(component));
view.style.visibility = "visible";

const longest = setTimeout(close, LONGEST_MS);
document.addEventListener("gallerypainted", onPainted);

/** The page's own gallery has been painted; this one's paintings are told too. */
function onPainted(event) {
  if (view.contains(event.target)) return;
  document.removeEventListener("gallerypainted", onPainted);
  clearTimeout(longest);
  setTimeout(close, NEARLY_MS);
  setTimeout(() => remember(event.target), SETTLED_MS);
}

function close() {
  view.remove();
  release();
}

/** Where title and gallery stand on this screen, for the next time. */
function remember(shown) {
  const heading = pageTitle();
  if (!heading || !shown.isConnected || heading.getBoundingClientRect().top < 0) return;
  const [at, below] = [heading, shown].map((node) => Math.round(node.getBoundingClientRect().top));
  try {
    localStorage.setItem(KEY, JSON.stringify({ width: innerWidth, title: at, gallery: below }));
  } catch {
    // Storage that is full or forbidden: the usual places then.
  }
}

function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return kept?.width === innerWidth && kept.title > 0 && kept.gallery > kept.title ? kept : null;
  } catch {
    return null;
  }
}
