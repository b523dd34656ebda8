// Searching while typing: asks for the same list that submitting would show, and puts it in place.

const form = document.getElementById("search");
const FOLLOWING = ["list", "sorts"]; // what depends on what is searched for
const PAUSE_MS = 200;
let pause = 0;
let asking = null;

async function search() {
  asking?.abort();
  asking = new AbortController();
  const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
  try {
    const answer = await fetch(address, { signal: asking.signal });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of FOLLOWING) document.getElementById(id).replaceWith(page.getElementById(id));
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") form.requestSubmit();
  }
}

form?.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(search, PAUSE_MS);
});
