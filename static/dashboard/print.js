// Prints with the map: what draws it is fetched first where nobody has seen it yet.

import { state } from "./fetching.js";
import { drawAllMaps } from "./world.js";

const opener = document.getElementById("print");

async function print() {
  await drawAllMaps(state.charts);
  window.print();
}

opener.hidden = false;
opener.addEventListener("click", print);
document.addEventListener("keydown", (event) => {
  const isPrint = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "p";
  if (!isPrint) return;
  event.preventDefault();
  print();
});
