/** Presses: a command goes out when the finger lands; only where staying means something else, when it leaves. */

import { STRAY } from "./hold.js";

/** Whether a finger that lands may be the start of scrolling. Then a press counts only once it has ended as a tap. */
function mayScroll(element) {
  for (let box = element.parentElement; box; box = box.parentElement) {
    const scrolls =
      box === document.documentElement || /auto|scroll/.test(getComputedStyle(box).overflowY);
    if (scrolls && box.scrollHeight > box.clientHeight + 1) return true;
  }
  return false;
}

/**
 * The properties of a button that acts at once. Keyboard and assistive technology arrive as a click without a pointer.
 * @param {() => void} act
 */
export function press(act) {
  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      const button = event.currentTarget;
      button.acted = !(event.pointerType === "touch" && mayScroll(button));
      if (button.acted) act();
    },
    onClick: (event) => {
      const button = event.currentTarget;
      if (button.acted && event.detail !== 0) button.acted = false;
      else act();
    },
  };
}

const LONG = 600; // ms that a finger stays for a long press

/** By button: how a finger that is on it landed, and whether it has stayed. */
const fingers = new WeakMap();

/**
 * The properties of a button that does one thing when it is tapped and another when a finger stays on it.
 * @param {() => void} tap
 * @param {() => void} stay
 */
export function tapOrStay(tap, stay) {
  const leave = (event) => clearTimeout(fingers.get(event.currentTarget)?.timer);
  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      const button = event.currentTarget;
      const finger = { x: event.clientX, y: event.clientY, stayed: false };
      finger.timer = setTimeout(() => {
        if (button.disabled || !button.isConnected) return;
        finger.stayed = true;
        stay();
      }, LONG);
      fingers.set(button, finger);
    },
    onPointerMove: (event) => {
      const from = fingers.get(event.currentTarget);
      if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > STRAY) leave(event);
    },
    onPointerUp: leave,
    onPointerLeave: leave,
    onPointerCancel: leave,
    onContextMenu: (event) => event.preventDefault(), // a long touch is no second button
    onClick: (event) => {
      const stayed = fingers.get(event.currentTarget)?.stayed;
      fingers.delete(event.currentTarget);
      if (!stayed || event.detail === 0) tap();
    },
  };
}
