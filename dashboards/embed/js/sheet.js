// How the library's own parts look. Nothing here outweighs a rule of the page's, and no inline style is used.

const TABLE = ".gapi-analytics-data-chart-styles-table";
const BUTTON = ".gapi-analytics-auth-styles-signinbutton";
const RULES = `
:where(.belvedere-box) { position: relative; max-width: 100% }
:where(.belvedere-scroll) { overflow: auto }
:where(.belvedere-note) { margin: 0; padding: .5em 0; font-size: .875em; opacity: .75 }
:where(.belvedere-box > .belvedere-note:only-child) { display: grid; place-items: center; height: 100%; text-align: center }
:where(.belvedere-table) { width: 100%; border-collapse: collapse; font-size: .875em; font-variant-numeric: tabular-nums }
:where(${TABLE}-th, ${TABLE}-td) { padding: .4em .6em; text-align: start; border-bottom: 1px solid rgb(128 128 128 / .25); overflow-wrap: anywhere }
:where(${TABLE}-th) { font-weight: 600; white-space: nowrap; overflow-wrap: normal }
:where(${TABLE}-th[tabindex]) { cursor: pointer }
:where(.belvedere-number) { text-align: end; white-space: nowrap }
:where(${TABLE}-tr-over) { background: rgb(128 128 128 / .12) }
:where(${TABLE}-tr-selected) { background: rgb(5 141 199 / .18) }
:where(.belvedere-pages) { display: flex; gap: .5em; align-items: center; justify-content: end; padding: .4em 0; font-size: .875em }
:where(${BUTTON}) { display: inline-flex; align-items: center; gap: .6em; font: 500 14px/1 system-ui, sans-serif; padding: .8em 1.1em; border: 1px solid #0569a0; border-radius: 4px; background: #0570a8; color: #fff; cursor: pointer }
:where(${BUTTON}:hover) { background: #045d8c }
:where(${BUTTON}-image svg) { display: block; width: 1.15em; height: 1.15em; fill: currentColor }
:where(.belvedere-choices) { display: flex; flex-wrap: wrap; gap: .5em 1em; align-items: end; padding-block: .25em .75em; min-width: 0 }
:where(.belvedere-choices label) { display: grid; gap: .25em; font-size: .875em; min-width: 0; max-width: 100% }
:where(.belvedere-choices select, .belvedere-choices input) { font: inherit; padding: .35em .5em; max-width: 100%; min-width: 9em }
`;

let adopted = false;

export function dress() {
  if (adopted) return;
  adopted = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(RULES);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
