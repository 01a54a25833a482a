// What Streamlit does to a component, and what every component here makes of it.

import { element } from "./dom.js";

/**
 * A component's default export. The DOM node stays the same from update to update, so the state hangs on it.
 * @param create makes {update, close} in a parent element
 * @param update hands what Streamlit sent over to it
 */
export function keeper(create, update) {
  const living = new WeakMap();
  return (component) => {
    const { parentElement } = component;
    let made = living.get(parentElement);
    if (!made) {
      made = create(parentElement);
      living.set(parentElement, made);
    }
    update(made, component);
    return () => {
      // Also called when newer data overtakes a call: only a node that has left the page is given up.
      setTimeout(() => {
        if (!(parentElement.host ?? parentElement).isConnected) {
          made.close();
          living.delete(parentElement);
        }
      });
    };
  };
}

/** Load the style sheets at these addresses beside `root`, hidden until they are there. */
export async function styled(parent, root, ...sheets) {
  root.style.visibility = "hidden";
  await Promise.all(sheets.map((sheet) => linked(parent, sheet)));
  root.style.visibility = "";
}

/** Resolves also when the sheet cannot be had: better plain than not at all. */
function linked(parent, sheet) {
  const link = element("link");
  link.rel = "stylesheet";
  link.href = sheet.href;
  return new Promise((resolve) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve);
    parent.append(link);
  });
}
