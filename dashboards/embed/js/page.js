// The page that the library is in, and the portal that it came from.

import { PORTAL } from "./portal.js";

const OWN_ADDRESS = "/embed/platform.js";

// A script that was put there by another one's hands has no `currentScript`.
const own = document.currentScript ?? document.querySelector(`script[src*="${OWN_ADDRESS}"]`);

// The address of something of the portal's.
export const at = (path) => new URL(path, own?.src ?? PORTAL.home).href;

export const words = PORTAL.words;

// Runs `what` as soon as the page's elements are there, in the order of asking, and never at once.
export function whenParsed(what) {
  if (document.readyState === "loading") document.addEventListener("readystatechange", what, { once: true });
  else queueMicrotask(what);
}

export const parsed = () => new Promise(whenParsed);

// The element that `container` names or is. Raises TypeError where there is none.
export function place(container) {
  const found = typeof container === "string" ? document.getElementById(container) : container;
  if (found instanceof Element) return found;
  throw new TypeError(words.container.replace("%s", typeof container === "string" ? `“${container}”` : String(container)));
}

// An element with a class and a text; a text is never read as markup.
export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

const parts = new Map(); // name → promise of a module

// A part of the library that is fetched when it is first needed. One that did not come is tried again.
export function part(name) {
  if (!parts.has(name)) {
    const coming = import(at(PORTAL.parts[name]));
    coming.catch(() => parts.delete(name));
    parts.set(name, coming);
  }
  return parts.get(name);
}
