/* What is wrong with the page for hands and eyes: nameless or small controls, words too pale, things that stick out. */
() => {
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility === "visible";
  };
  const words = (element) => `${element.tagName.toLowerCase()}.${element.className} ${element.textContent.trim().slice(0, 40)}`;
  const wrong = [];

  const SMALLEST = 44; // px, a finger's
  for (const control of document.querySelectorAll("button, a[href], input, select, textarea, [role=button]")) {
    if (!shown(control) || control.closest(".sr")) continue;
    const label = control.labels?.[0]?.textContent ?? control.closest("label")?.textContent ?? "";
    const named = control.getAttribute("aria-label") || control.textContent.trim() || label.trim() || control.title;
    if (!named) wrong.push(`nameless: ${words(control)}`);
    const target = control.closest("label") ?? control;
    const { width, height } = target.getBoundingClientRect();
    if (Math.min(width, height) < SMALLEST - 0.5) wrong.push(`small (${width | 0}×${height | 0}): ${words(control)}`);
  }

  const rgba = (text) => {
    const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
    const whole = text.startsWith("color(") ? 255 : 1; // a mixed colour is told in parts of one
    return { rgb: [red, green, blue].map((part) => part * whole), alpha };
  };
  const light = (rgb) =>
    rgb
      .map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let box = element; box; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.backgroundImage !== "none") return null; // a picture or a gradient: an eye must judge
      const { rgb, alpha } = rgba(style.backgroundColor);
      if (alpha > 0.99) return rgb;
    }
    return rgba(getComputedStyle(document.documentElement).backgroundColor).rgb;
  };
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !shown(element) || element.closest(".sr, :disabled, svg, option")) continue;
    const style = getComputedStyle(element);
    const ground = behind(element);
    if (!ground) continue;
    const [one, other] = [light(rgba(style.color).rgb), light(ground)].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    const size = Number.parseFloat(style.fontSize);
    if (ratio < (size >= 24 ? 3 : 4.5)) wrong.push(`pale (${ratio.toFixed(1)}): ${words(element)}`);
  }

  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) wrong.push(`the page is wider than the screen: ${root.scrollWidth} > ${root.clientWidth}`);

  const page = document.querySelector(".office-page");
  if (page && page.scrollWidth > page.clientWidth + 1) wrong.push(`wider than the screen: ${page.scrollWidth} > ${page.clientWidth}`);
  for (const box of page?.querySelectorAll("*") ?? []) {
    const style = getComputedStyle(box);
    if (style.display === "inline" || style.overflowX !== "visible" || !shown(box) || box.tagName === "SELECT") continue;
    if (box.scrollWidth > box.clientWidth + 1) wrong.push(`sticks out: ${words(box)}`);
  }
  return wrong;
};
