// What a frame tells the page around it: said again when that page's script has come, which may be later.

const said = new Map(); // kind → how it was said

export function tell(kind, site, more = {}) {
  const speak = () => parent.postMessage({ belvedere: kind, ...more }, site);
  said.set(kind, speak);
  speak();
}

export const forget = (kind) => said.delete(kind);

addEventListener("message", (event) => {
  if (event.source === parent && event.data?.belvedere === "ready") for (const speak of said.values()) speak();
});

// How high the frame would have to be, whenever that changes.
export function tellHeight(site) {
  new ResizeObserver(() => tell("height", site, { height: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body);
}
