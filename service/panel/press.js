/** Presses: a command goes out when the finger lands, not when it leaves. */

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
