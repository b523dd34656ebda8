// Texts that are hard to read: every visible text's colour against what lies behind it, by WCAG's formula.
// Answers a list of sentences, empty when all is well.
async () => {
  await Promise.allSettled(document.getAnimations().filter((each) => each instanceof CSSTransition).map((each) => each.finished));

  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  // Any CSS colour as [red, green, blue, alpha], worked out by the browser.
  const known = new Map();
  function rgba(colour) {
    if (!known.has(colour)) {
      paint.clearRect(0, 0, 1, 1);
      paint.fillStyle = colour;
      paint.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data;
      known.set(colour, [red, green, blue, alpha / 255]);
    }
    return known.get(colour);
  }

  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);

  function luminance([red, green, blue]) {
    const [r, g, b] = [red, green, blue].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function ratio(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  // The colours that may lie behind a text: the backgrounds of its boxes, and the bar drawn in its cell.
  function grounds(element) {
    const layers = [];
    for (let box = element; box; box = box.parentElement) layers.push(rgba(getComputedStyle(box).backgroundColor));
    const ground = layers.reduceRight((below, top) => over(top, below), rgba("Canvas"));
    const bar = element.querySelector(":scope > svg.w rect");
    return bar ? [ground, over(rgba(getComputedStyle(bar).fill), ground)] : [ground];
  }

  const opacity = (element) =>
    element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1;

  function isSeen(element, node) {
    if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) return false;
    if (element.closest(".vh, [aria-hidden=true], [disabled], script, style, noscript, option")) return false;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.bottom > 0;
  }

  // Large text, or bold and nearly so, needs 3 : 1; all other 4.5 : 1. https://www.w3.org/TR/WCAG21/#contrast-minimum
  function needed(style) {
    const size = parseFloat(style.fontSize);
    return size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  }

  const faint = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const element = node.parentElement;
    if (!node.data.trim() || !isSeen(element, node)) continue;
    const style = getComputedStyle(element);
    const ink = rgba(style.color);
    if (ink[3] === 0) continue; // a place kept for a figure to come
    for (const ground of grounds(element)) {
      const text = over([...ink.slice(0, 3), ink[3] * opacity(element)], ground);
      const found = ratio(text, ground);
      if (found < needed(style)) faint.add(`${found.toFixed(2)}: “${node.data.trim().slice(0, 40)}” (${element.tagName.toLowerCase()}.${element.className})`);
    }
  }
  return [...faint];
}
