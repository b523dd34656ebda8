// Keys for what the page's links do: a link names its key, so this script knows hardly any.

const dialog = document.getElementById("keys");
const opener = document.getElementById("show-keys");
const ASIDE = "input, select, textarea, [contenteditable], [role=tab], .scroll";

const ownWays = {
  "?": () => dialog.showModal(),
  "/": () => document.querySelector("input[type=search]")?.focus(),
  C: () => {
    const first = document.querySelector(".dates input");
    first.closest("details").open = true;
    first.focus();
  },
};

// Letters by what is printed on them; with Shift only what needs it.
function nameOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return "";
  if (event.shiftKey && !["?", "/"].includes(event.key)) return "";
  return event.key.length === 1 ? event.key.toUpperCase() : event.key;
}

function follow(event) {
  const key = nameOf(event);
  const busy = document.querySelector("dialog[open], details:is(.menu, .why)[open]");
  if (!key || busy || event.defaultPrevented || event.target.closest?.(ASIDE)) return;
  const way = ownWays[key];
  const link = way ? null : document.querySelector(`a[data-key="${CSS.escape(key)}"]`);
  if (!way && !link) return;
  event.preventDefault();
  if (way) way();
  else link.click();
}

document.addEventListener("keydown", follow, true);
opener.hidden = false;
opener.addEventListener("click", ownWays["?"]);
