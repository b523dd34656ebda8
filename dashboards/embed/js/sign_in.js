// Authorisation by a signed-in person: a button opens the portal's window, and the page collects its token from
// there by a request id of its own making. Nothing rests on the windows knowing each other.

import { at, element, words } from "./page.js";
import { dress } from "./sheet.js";

const CLASS = "gapi-analytics-auth-styles-signinbutton";
const POLL_MS = 1500;
const PATIENCE_MS = 10 * 60_000;
const KEPT = "belvedere-token";
const BARS = "M3 11h4v9H3zM10 4h4v16h-4zM17 8h4v12h-4z";

function picture() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", BARS);
  svg.append(path);
  return svg;
}

export function putButton(container, onClick) {
  dress();
  const button = element("button", CLASS);
  const image = element("span", `${CLASS}-image`);
  image.append(picture());
  button.type = "button";
  button.append(image, element("span", `${CLASS}-buttonText`, words.signIn));
  button.addEventListener("click", onClick);
  container.replaceChildren(button);
}

const requestId = () => [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// A link, as only a link can say that the portal may know which site it comes from, whatever the page's own rule is.
function openWindow(id) {
  const link = document.createElement("a");
  const asked = new URLSearchParams({ request: id, origin: location.origin });
  Object.assign(link, { href: at(`/embed/authorize?${asked}`), target: "_blank", rel: "noopener", referrerPolicy: "origin" });
  link.click();
}

async function collect(id) {
  const reply = await fetch(at("/embed/collect"), {
    method: "POST", body: JSON.stringify({ request: id }), headers: { "Content-Type": "application/json" }, credentials: "omit", cache: "no-store",
  });
  return reply.json();
}

// Until some time has gone by, or somebody comes back to the page.
const pause = () => new Promise((resolve) => {
  const timer = setTimeout(resolve, POLL_MS);
  document.addEventListener("visibilitychange", () => { clearTimeout(timer); resolve(); }, { once: true });
});

let current = null; // the request that is waited for; an older one is given up

// A promise of a token endpoint's answer, or of v3's error; of null where another request took this one's place.
export async function signIn() {
  const id = requestId();
  const until = Date.now() + PATIENCE_MS;
  current = id;
  openWindow(id);
  while (Date.now() < until) {
    await pause();
    if (current !== id) return null;
    const answer = await collect(id).catch(() => ({ status: "waiting" })); // a network that is away comes back
    if (answer.access_token || answer.error) return answer;
  }
  return { error: { code: 401, message: words.tooLate } };
}

// This tab keeps the token over a reload; it opens nothing on another site, and ends within the hour.
export function keep({ access_token, expires_in }) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ access_token, ends: Date.now() + expires_in * 1000 }));
  } catch { /* the browser keeps nothing for this page */ }
}

export function unkeep() {
  try {
    sessionStorage.removeItem(KEPT);
  } catch { /* nothing is kept */ }
}

export function kept() {
  try {
    const { access_token, ends } = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
    const left = Math.floor((ends - Date.now()) / 1000);
    return left > 0 ? { access_token, expires_in: left } : null;
  } catch {
    return null;
  }
}
