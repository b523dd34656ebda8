// A dashboard in a frame: it asks with its token, is as high as what is in it, and goes to other days in its place.

import "./dashboard/token.js";
import "./dashboard.js";
import { page, turn } from "./dashboard/fetching.js";
import { tellHeight } from "./dashboard/around.js";

tellHeight(page.dataset.site);

// Links to the same dashboard, asked otherwise. What the frame's own address says of its look stays.
const KEPT = ["lang", "widgets"];
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="?"]');
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const before = new URL(page.dataset.url, location);
  const next = new URL(link.getAttribute("href"), before);
  for (const name of KEPT) if (before.searchParams.has(name)) next.searchParams.set(name, before.searchParams.get(name));
  turn(next.href);
});
