// Says whether this browser can draw in 3D, and with what. Creates one context and gives it back at once.

import { element } from "./dom.js";

export default function ({ parentElement }) {
  const line = parentElement.querySelector("p") ?? element("p");
  line.style.cssText = "margin:0;font:14px var(--st-font, system-ui);color:var(--st-text-color, inherit)";
  line.dataset.testid = "webgl";
  line.textContent = finding();
  parentElement.append(line);
}

function finding() {
  const canvas = element("canvas");
  const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  if (!context) return "✗ WebGL in this browser: not there; the inspector draws on a flat canvas instead.";
  const info = context.getExtension("WEBGL_debug_renderer_info");
  const drawer = context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER);
  const version = context.getParameter(context.VERSION);
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return `✓ WebGL in this browser: ${version}, ${drawer}`;
}
