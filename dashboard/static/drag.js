// Telling a drag from a click.

const LEAST = 4; // pixels; a hand is never quite still

/**
 * Follow the pointer that has just been pressed on `node` until it is let go.
 * @param pressed the pointerdown event; buttons other than the first are passed over
 * @param on {move(dx, dy), click(event)}: each step of a drag in pixels; a press that has stayed where it was. Without
 *   `move`, nothing can be dragged.
 */
export function followPointer(node, pressed, { move, click }) {
  if (pressed.button !== 0) return;
  let last = pressed;
  let dragged = false;
  const onMove = (event) => {
    dragged ||= Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) > LEAST;
    if (!dragged || !move) return;
    if (!node.hasPointerCapture(event.pointerId)) node.setPointerCapture(event.pointerId);
    const step = [event.clientX - last.clientX, event.clientY - last.clientY];
    last = event;
    move(...step);
  };
  const onEnd = (event) => {
    node.removeEventListener("pointermove", onMove);
    node.removeEventListener("pointerup", onEnd);
    node.removeEventListener("pointercancel", onEnd);
    if (!dragged && event.type === "pointerup") click?.(event);
  };
  node.addEventListener("pointermove", onMove);
  node.addEventListener("pointerup", onEnd);
  node.addEventListener("pointercancel", onEnd);
}
