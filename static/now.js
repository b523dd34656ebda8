// Keeps the number of people who are here now up to date: once a minute while the page is seen, never else.

import { request } from "./dashboard/requests.js";

const EVERY = 60_000;
const AGAIN = 1_500; // while somebody else's question is on its way
const place = document.getElementById("now");
const [dot, text] = place.children;
let timer = 0;

async function ask() {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = setTimeout(ask, await answer());
}

// How long to wait until the next question, in milliseconds.
async function answer() {
  try {
    const reply = await request(place.dataset.url);
    if (!reply.ok) return EVERY;
    const { text: words, absent } = await reply.json();
    if (!words && !absent) return AGAIN;
    show(words || absent, Boolean(words));
  } catch {
    show("", false); // offline: no number rather than an old one
  }
  return EVERY;
}

function show(words, live) {
  text.textContent = words;
  dot.hidden = !live;
}

document.addEventListener("visibilitychange", ask);
ask();
