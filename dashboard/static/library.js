// How 3Dmol.js comes into the page: from our own server, or the content network, or not at all.

import { element } from "./dom.js";

const PATIENCE_MS = 8000;
let library = null;

/** 3Dmol from the first source that delivers it, asked for once per page; after a failure a later visit asks again. */
export function loadLibrary(sources) {
  library ??= firstThatDelivers(sources);
  library.catch(() => (library = null));
  return library;
}

/** Whether 3Dmol has come. */
export function isThere() {
  return Boolean(globalThis.$3Dmol);
}

async function firstThatDelivers(sources) {
  for (const source of sources) {
    if (isThere()) break;
    await loadScript(source).catch(() => {});
  }
  if (!isThere()) throw new Error("no source delivered the script");
  return globalThis.$3Dmol;
}

function loadScript(source) {
  return new Promise((resolve, reject) => {
    const script = element("script");
    script.src = new URL(source.url, document.baseURI).href;
    script.integrity = source.integrity;
    script.crossOrigin = "anonymous";
    script.onload = resolve;
    script.onerror = reject;
    setTimeout(reject, PATIENCE_MS);
    document.head.append(script);
  });
}
