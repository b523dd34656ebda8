// A frame that shows nothing, perhaps as its token has run out: it asks the page around for another, and shows itself
// with that. What it says and takes is no secret; the server judges the token, and who may frame what it opens.

import { tell, tellHeight } from "./dashboard/around.js";

tellHeight("*");

const ONCE = "renewed"; // a token that is refused, too, is not asked for again and again
if (document.querySelector("main").hasAttribute("data-renew") && !new URLSearchParams(location.search).has(ONCE)) {
  addEventListener("message", (event) => {
    if (event.source !== parent || event.data?.belvedere !== "token") return;
    const here = new URL(location);
    here.searchParams.set("token", event.data.token);
    here.searchParams.set(ONCE, "1");
    location.replace(here);
  });
  tell("token-wanted", "*");
}
