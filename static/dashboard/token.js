// A frame's token: it came in the address, goes out in a header, and is renewed by the page around the frame.

import { forget, tell } from "./around.js";
import { requestBy } from "./requests.js";

const PATIENCE = 10_000; // milliseconds for the page around to bring a new one
const site = document.querySelector("main").dataset.site;
let token = new URLSearchParams(location.search).get("token");
let renewal = null;

// Asks the page around for a token, once for all who wait; false when none comes.
function renew() {
  renewal ??= new Promise((resolve) => {
    const settle = (whether) => {
      clearTimeout(timer);
      removeEventListener("message", take);
      renewal = null;
      forget("token-wanted");
      resolve(whether);
    };
    const take = (event) => { if (taken(event)) settle(true); };
    const timer = setTimeout(() => settle(false), PATIENCE);
    addEventListener("message", take);
    tell("token-wanted", site);
  });
  return renewal;
}

// The page around may bring one at any time.
function taken(event) {
  if (event.source !== parent || event.origin !== site || event.data?.belvedere !== "token") return false;
  token = String(event.data.token);
  return true;
}
addEventListener("message", taken);

const asked = (url, headers) => fetch(url, { headers: { ...headers, Authorization: `Bearer ${token}` }, cache: "no-store", credentials: "omit" });

requestBy(async (url, headers) => {
  const answer = await asked(url, headers);
  return answer.status === 401 && (await renew()) ? asked(url, headers) : answer;
});
