// How 3Dmol.js comes into the page: from our own server, or the content network, or not at all.

const PATIENCE_MS = 8000;
let library = null;

/** 3Dmol from the first source that delivers it, asked for once per page; after a failure a later visit asks again. */
export function loadLibrary(sources) {
  library ??= firstThatDelivers(sources);
  library.catch(() => (library = null));
  return library;
}

async function firstThatDelivers(sources) {
  for (const source of sources) {
    if (globalThis.$3Dmol) break;
    await loadScript(source).catch(() => {});
  }
  if (!globalThis.$3Dmol) throw new Error("no source delivered the script");
  return globalThis.$3Dmol;
}

function loadScript(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(source.url, document.baseURI).href;
    script.integrity = source.integrity;
    script.crossOrigin = "anonymous";
    script.onload = resolve;
    script.onerror = reject;
    setTimeout(reject, PATIENCE_MS);
    document.head.append(script);
  });
}
