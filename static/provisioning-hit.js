// Waits for the first visitor while the page is seen: often at first, then ever less so.
const FIRST = 15_000;
const LONGEST = 120_000;
const place = document.getElementById("hit");
const [, words] = place.children;
let pause = FIRST;
let timer = 0;

async function look() {
  clearTimeout(timer);
  if (document.hidden || place.classList.contains("come")) return;
  const answer = await fetch(place.dataset.url, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) show(await answer.json());
  else if (answer && answer.status < 500) return; // signed out, or no longer allowed: only a new page helps
  timer = setTimeout(look, pause);
  pause = Math.min(pause * 1.2, LONGEST);
}

function show({ hit, words: text }) {
  if (words.textContent !== text) words.textContent = text;
  place.className = `watch ${hit}`;
  for (const part of document.querySelectorAll("[data-hit]")) {
    part.hidden = !part.dataset.hit.split(" ").includes(hit);
  }
  document.getElementById("dashboard")?.classList.toggle("quiet", hit !== "come");
}

// Whoever comes back to the page has just looked at their website: the answer is near.
document.addEventListener("visibilitychange", () => {
  pause = FIRST;
  look();
});
if ("looked" in place.dataset) timer = setTimeout(look, FIRST); // the button has asked just now, and says so
else look();
