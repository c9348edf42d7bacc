/** Holding: what must be meant goes out only when the finger, or the key, has stayed for a second. */

export const HELD = 1000; // ms
const STRAY = 28; // px that a finger may wander

/**
 * The properties of a button that acts when it was held. Its child `.hold-fill` shows how far that is.
 * @param {() => void} act
 */
export function hold(act) {
  let frame = 0;
  let from = null;
  const draw = (button, part) => {
    button.dataset.holding = part === null ? "false" : "true";
    const fill = button.querySelector(".hold-fill");
    if (fill) fill.style.transform = `scaleX(${part ?? 0})`;
  };
  const begin = (button, at) => {
    if (from || button.disabled) return;
    from = { ...at, began: performance.now() };
    const step = () => {
      const part = Math.min(1, (performance.now() - from.began) / HELD);
      draw(button, part);
      if (part < 1) frame = requestAnimationFrame(step);
      else {
        end(button);
        act();
      }
    };
    step();
  };
  const end = (button) => {
    cancelAnimationFrame(frame);
    from = null;
    draw(button, null);
  };
  const isKey = (event) => event.key === "Enter" || event.key === " ";
  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      begin(event.currentTarget, { x: event.clientX, y: event.clientY });
    },
    onPointerMove: (event) => {
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
