// What hands do: tabs, menus and keys.

// ---- tabs: made of the links above a card's parts. Which are open stands in the address behind the "#"

const boxes = () => document.querySelectorAll("[data-tabs]");
const tabsOf = (box) => [...box.querySelectorAll("[data-tab]")];
const paneOf = (tab) => document.getElementById(tab.hash.slice(1));
const asked = () => decodeURIComponent(location.hash.slice(1)).split(",").filter(Boolean);

function show(box, chosen) {
  for (const tab of tabsOf(box)) {
    const on = tab === chosen;
    const pane = paneOf(tab);
    tab.classList.toggle("on", on);
    tab.setAttribute("aria-selected", on);
    tab.tabIndex = on ? 0 : -1;
    pane.hidden = !on;
    pane.setAttribute("role", "tabpanel");
    pane.setAttribute("aria-labelledby", tab.id);
  }
}

// The tab that the address asks for, or else the one that the server opens.
export function openTabs() {
  const names = asked();
  for (const box of boxes()) {
    const tabs = tabsOf(box);
    const open = tabs.find((tab) => !paneOf(tab).hidden);
    show(box, tabs.find((tab) => names.includes(tab.dataset.tab)) ?? open ?? tabs[0]);
  }
}

function remember(box, chosen) {
  const others = tabsOf(box).map((tab) => tab.dataset.tab);
  const names = [...asked().filter((name) => !others.includes(name)), chosen.dataset.tab];
  history.replaceState(history.state, "", `#${names.map(encodeURIComponent).join(",")}`);
}

function choose(box, tab) {
  show(box, tab);
  remember(box, tab);
  document.dispatchEvent(new CustomEvent("tabchosen"));
}

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

function walk(event) {
  const tab = event.target.closest("[data-tab]");
  if (!tab || event.altKey || event.ctrlKey || event.metaKey) return;
  const box = tab.closest("[data-tabs]");
  const tabs = tabsOf(box);
  const at = tabs.indexOf(tab);
  const step = STEPS[event.key] * (document.documentElement.dir === "rtl" ? -1 : 1);
  const to = { Home: 0, End: tabs.length - 1 }[event.key] ?? (step ? (at + step + tabs.length) % tabs.length : null);
  if (event.key === " ") choose(box, tab);
  else if (to === null) return;
  else {
    choose(box, tabs[to]);
    tabs[to].focus();
  }
  event.preventDefault();
}

function make(box) {
  const bar = box.querySelector(".tabbar");
  bar.setAttribute("role", "tablist");
  bar.setAttribute("aria-label", box.getAttribute("aria-label"));
  for (const tab of tabsOf(box)) {
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", tab.hash.slice(1));
  }
}

boxes().forEach(make);
document.addEventListener("keydown", walk);
document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]");
  if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(tab.closest("[data-tabs]"), tab);
});

// A link to the same page for other days keeps its tabs open.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link && !link.hash && location.hash && link.pathname === location.pathname && !link.download) link.hash = location.hash;
}, true);

// ---- menus close when one looks elsewhere

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details:is(.menu, .why)[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details:is(.menu, .why)")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details:is(.menu, .why)[open]");
  closeMenus();
  open?.querySelector("summary").focus();
});

// ---- keys do what the page's links do: a link names its key, so this script knows hardly any

const dialog = document.getElementById("keys");
const opener = document.getElementById("show-keys");
const ASIDE = "input, select, textarea, [contenteditable], [role=tab], .scroll";

const ownWays = {
  "?": () => dialog?.showModal(),
  "/": () => document.querySelector("input[type=search]")?.focus(),
  C: () => {
    const first = document.querySelector(".dates input");
    if (!first) return;
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
if (opener) {
  opener.hidden = false;
  opener.addEventListener("click", ownWays["?"]);
}
