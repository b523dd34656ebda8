// For pages that show dashboards in frames: gives each frame its height, and a new token when its own has run out.
//
// <iframe src="https://portal/embed/views/…/?token=…" data-token-url="/token"></iframe>
//
// What stands at `data-token-url`, on the page's own server, is asked by GET and answers what `/embed/token` answered
// it: {"access_token": "…"}. Without it, frames whose token has run out say so.

const portal = new URL(document.currentScript.src).origin;
const framed = (source) => [...document.querySelectorAll("iframe")].find((frame) => frame.contentWindow === source);

const answers = {
  height(frame, { height }) {
    frame.style.height = `${Number(height) || 0}px`;
  },
  async "token-wanted"(frame) {
    const address = frame.dataset.tokenUrl;
    if (!address) return;
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok) return;
    const { access_token: token } = await answer.json();
    frame.contentWindow.postMessage({ belvedere: "token", token }, portal);
  },
};

addEventListener("message", (event) => {
  const frame = event.origin === portal && framed(event.source);
  if (frame && Object.hasOwn(answers, event.data?.belvedere)) answers[event.data.belvedere](frame, event.data);
});

// Frames that were there before this script have told nobody so far.
for (const frame of document.querySelectorAll("iframe")) {
  if (frame.src.startsWith(`${portal}/embed/views/`)) frame.contentWindow.postMessage({ belvedere: "ready" }, "*");
}
