// What Streamlit does to a component, and what every component here makes of it.

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

/** Load the style sheet at this address beside `root`, hidden until it is there. */
export function styled(parent, root, sheet) {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = sheet.href;
  root.style.visibility = "hidden";
  const done = new Promise((resolve) => (style.onload = style.onerror = resolve));
  parent.append(style);
  return done.then(() => {
    root.style.visibility = "";
  });
}
