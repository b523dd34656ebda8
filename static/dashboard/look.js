// The colours of the style sheet, as a canvas takes them.

// A token may be a mix of others, which a canvas does not take: let the browser work it out.
function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

export function look() {
  const names = ["accent", "then", "soft", "line", "ink", "paper", "area", "s1", "s2", "s3", "s4", "s5", "s6"];
  return Object.fromEntries(names.map((name) => [name, colour(`--${name}`)]));
}

// Pixels of a picture to one of the page: paper is finer than a screen.
export const fineness = () => (matchMedia("print").matches ? 4 : devicePixelRatio);
