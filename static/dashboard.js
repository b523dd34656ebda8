// The dashboard page: draws its charts, fetches what is missing, makes its tabs and menus work, and prints.
// Everything that is read comes from the server in the reader's language; no script knows a word.

import { openTabs } from "./dashboard/controls.js";
import { draw } from "./dashboard/drawing.js";
import { ask, state } from "./dashboard/fetching.js";
import "./dashboard/figures.js";
import { drawAllMaps } from "./dashboard/world.js";

openTabs();
draw(state.charts);
document.documentElement.dataset.drawn = "1";
ask();
document.addEventListener("visibilitychange", ask);
document.addEventListener("tabchosen", () => draw(state.charts));
for (const look of ["(prefers-color-scheme: dark)", "print"]) {
  matchMedia(look).addEventListener("change", () => draw(state.charts, true));
}

// Paper has the map too, seen before or not: what draws it is fetched first.
async function print() {
  await drawAllMaps(state.charts);
  window.print();
}

const printer = document.getElementById("print");
if (printer) {
  printer.hidden = false;
  printer.addEventListener("click", print);
}
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "p") return;
  event.preventDefault();
  print();
});
