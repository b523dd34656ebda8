// For pages that show dashboards in frames: gives each frame its height, its token, and another when that has run out.
//
// <iframe data-src="https://portal/embed/views/…/" data-token-url="/token" title="Figures"></iframe>
//
// What stands at `data-token-url`, on the page's own server, is asked by GET and answers what `/embed/token` answered
// it: {"access_token": "…"}. A frame that has its token in `src` already needs neither, until that has run out.

const portal = new URL(document.currentScript.src).origin;
const frames = () => [...document.querySelectorAll("iframe")];

async function tokenFor(frame) {
  const answer = await fetch(frame.dataset.tokenUrl, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${frame.dataset.tokenUrl} answers ${answer.status}`);
  return (await answer.json()).access_token;
}

async function fill(frame) {
  const address = new URL(frame.dataset.src, location);
  if (address.origin !== portal || frame.src) return;
  address.searchParams.set("token", await tokenFor(frame));
  frame.src = address.href;
}

const answers = {
  height(frame, { height }) {
    frame.style.height = `${Number(height) || 0}px`;
  },
  async "token-wanted"(frame) {
    if (!frame.dataset.tokenUrl) return;
    const token = await tokenFor(frame);
    frame.contentWindow.postMessage({ belvedere: "token", token }, portal);
  },
};

addEventListener("message", (event) => {
  if (event.origin !== portal || !Object.hasOwn(answers, event.data?.belvedere)) return;
  const frame = frames().find((each) => each.contentWindow === event.source);
  if (frame) answers[event.data.belvedere](frame, event.data);
});

function begin() {
  for (const frame of frames()) {
    if (frame.dataset.src && frame.dataset.tokenUrl) fill(frame);
    // One that was there before this script has told nobody so far.
    else if (frame.src.startsWith(`${portal}/embed/views/`)) frame.contentWindow.postMessage({ belvedere: "ready" }, "*");
  }
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
else begin();
