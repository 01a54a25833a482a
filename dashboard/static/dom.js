// Making the elements that all components are built from, and what a painter must know of the element it paints for.

const SVG = "http://www.w3.org/2000/svg";

/** An element with a class and, where given, a text. */
export function element(tag, className = "", text = undefined) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** An element of a drawing. */
export function svg(tag, attributes = {}, text = undefined) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

/** A drawing of this size that screen readers pass over. */
export function picture(width, height, ...children) {
  const node = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  node.append(...children);
  return node;
}

/** A small button; `act` is called when it is pressed. */
export function button(text, act) {
  const node = element("button", "small-button", text);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

/** An element that holds buttons which belong together, under a name for screen readers. */
export function group(className, label) {
  const node = element("div", className);
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", label);
  return node;
}

/** Whether a key press is meant for a field rather than for the page. */
export function isTyping(event) {
  const target = event.composedPath()[0];
  return Boolean(target?.closest?.("input, textarea, select, [contenteditable='true'], [role='textbox']"));
}

/** {ink, font, pixelRatio}: text colour and font family of an element, and device pixels per CSS pixel. */
export function lookOf(node) {
  const { color, fontFamily } = getComputedStyle(node);
  return { ink: color, font: fontFamily, pixelRatio: window.devicePixelRatio || 1 };
}

/** The context of a canvas whose backing store matches its size on screen; its unit is one CSS pixel. */
export function sharpContext(canvas, width, height) {
  const pixelRatio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * pixelRatio), Math.round(height * pixelRatio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** A number with its sign, the minus as typographers write it. */
export function signed(value, digits) {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
}
