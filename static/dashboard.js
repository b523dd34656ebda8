// The dashboard page: draws its charts, fetches what is missing, and makes its tabs and menus work.
// Everything that is read comes from the server in the reader's language; no script knows a word.

import { openTabs } from "./dashboard/controls.js";
import { draw } from "./dashboard/drawing.js";
import { ask, state } from "./dashboard/fetching.js";
import "./dashboard/figures.js";
import "./dashboard/world.js";

openTabs();
draw(state.charts);
document.documentElement.dataset.drawn = "1";
ask();
document.addEventListener("visibilitychange", ask);
document.addEventListener("tabchosen", () => draw(state.charts));
for (const look of ["(prefers-color-scheme: dark)", "print"]) {
  matchMedia(look).addEventListener("change", () => draw(state.charts, true));
}
