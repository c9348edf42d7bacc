/** Holding: what must be meant goes out only when the finger, or the key, has stayed for a second. */

export const HELD = 1000; // ms
export const STRAY = 28; // px that a finger may wander

/** By button, not by its properties: they are new whenever it is drawn again, and a finger must still be able to let go. */
const held = new WeakMap();

function draw(button, part) {
  button.dataset.holding = part === null ? "false" : "true";
  const fill = button.querySelector(".hold-fill");
  if (fill) fill.style.transform = `scaleX(${part ?? 0})`;
}

function end(button) {
  cancelAnimationFrame(held.get(button)?.frame ?? 0);
  held.delete(button);
  draw(button, null);
}

/**
 * The properties of a button that acts when it was held. Its child `.hold-fill` shows how far that is.
 * @param {() => void} act
 */
export function hold(act) {
  const begin = (button, at) => {
    if (held.has(button) || button.disabled) return;
    const from = { ...at, began: performance.now(), frame: 0 };
    held.set(button, from);
    const step = () => {
      if (button.disabled || !button.isConnected) return end(button); // what it was pressed for is gone
      const part = Math.min(1, (performance.now() - from.began) / HELD);
      draw(button, part);
      if (part < 1) from.frame = requestAnimationFrame(step);
      else {
        end(button);
        act();
      }
      return undefined;
    };
    step();
  };
  const isKey = (event) => event.key === "Enter" || event.key === " ";
  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      begin(event.currentTarget, { x: event.clientX, y: event.clientY });
    },
    onPointerMove: (event) => {
      const from = held.get(event.currentTarget);
      if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > STRAY)
        end(event.currentTarget);
    },
    onPointerUp: (event) => end(event.currentTarget),
    onPointerCancel: (event) => end(event.currentTarget),
    onContextMenu: (event) => event.preventDefault(), // a long touch is no second button
    onKeyDown: (event) => {
      if (!isKey(event)) return;
      event.preventDefault();
      if (!event.repeat) begin(event.currentTarget, { x: 0, y: 0 });
    },
    onKeyUp: (event) => {
      if (!isKey(event)) return;
      event.preventDefault();
      end(event.currentTarget);
    },
    onBlur: (event) => end(event.currentTarget),
  };
}
