// Draws a table: sorted by its heads, in pages where asked, its rows to be chosen.

import { element, words } from "./page.js";

const CLASS = "gapi-analytics-data-chart-styles-table";
const ON_KEYS = new Set(["Enter", " "]);

function classes(options) {
  const own = options.cssClassNames ?? {};
  const both = (ours, theirs) => [`${CLASS}-${ours}`, own[theirs]].filter(Boolean).join(" ");
  return {
    head: both("tr-head", "headerRow"), th: both("th", "headerCell"), td: both("td", "tableCell"), odd: both("tr-odd", "oddTableRow"),
    row: own.tableRow ?? "", over: both("tr-over", "hoverTableRow").split(" "),
    selected: [...both("tr-selected", "selectedTableRow").split(" "), "gapi-analytics-data-chart-table-styles-tr-selected"],
  };
}

// Has `what` done by a click and by the keys that stand for one.
function onPress(target, what) {
  target.tabIndex = 0;
  target.addEventListener("click", what);
  target.addEventListener("keydown", (event) => {
    if (!ON_KEYS.has(event.key)) return;
    event.preventDefault();
    what(event);
  });
}

export function drawTable(box, { table, options, picked }) {
  const look = classes(options);
  const size = options.page === "enable" ? Math.max(1, Number(options.pageSize) || 10) : Infinity;
  const state = {
    by: options.sortColumn ?? -1, desc: options.sortAscending === false, page: Number(options.startPage) || 0, selection: [],
  };
  const columns = [...Array(table.getNumberOfColumns()).keys()];
  const isNumber = (at) => table.getColumnType(at) === "number";
  const order = () => (state.by < 0 ? [...Array(table.getNumberOfRows()).keys()] : table.getSortedRows({ column: state.by, desc: state.desc }));

  function sortBy(at) {
    const desc = state.by === at && !state.desc;
    Object.assign(state, { by: at, desc, page: 0 });
    put();
    box.querySelectorAll("th[tabindex]")[at]?.focus();
  }

  function headCell(at) {
    const made = element("th", `${look.th}${isNumber(at) ? " belvedere-number" : ""}`, table.getColumnLabel(at));
    made.scope = "col";
    if (options.sort !== "disable") onPress(made, () => sortBy(at));
    if (state.by === at) {
      made.ariaSort = state.desc ? "descending" : "ascending";
      made.append(state.desc ? " ▾" : " ▴");
    }
    return made;
  }

  function row(number, place) {
    const made = element("tr", place % 2 && options.alternatingRowStyle !== false ? look.odd : look.row);
    if (options.showRowNumber) made.append(element("td", `${look.td} belvedere-number`, String(place + 1)));
    made.append(...columns.map((at) =>
      element("td", `${look.td}${isNumber(at) ? " belvedere-number" : ""}`, table.getFormattedValue(number, at))));
    made.addEventListener("mouseenter", () => made.classList.add(...look.over));
    made.addEventListener("mouseleave", () => made.classList.remove(...look.over));
    onPress(made, (event) => picked({ row: number }, event.ctrlKey || event.metaKey));
    made.dataset.row = number;
    return made;
  }

  function head() {
    const made = element("tr", look.head);
    if (options.showRowNumber) made.append(element("th", look.th, "#"));
    made.append(...columns.map(headCell));
    return made;
  }

  function pages(count) {
    const last = Math.ceil(count / size) - 1;
    const made = element("div", "belvedere-pages");
    const button = (text, name, to) => {
      const found = element("button", "", text);
      Object.assign(found, { type: "button", ariaLabel: name, disabled: to < 0 || to > last });
      found.addEventListener("click", () => { state.page = to; put(); });
      return found;
    };
    made.append(
      button("‹", words.before, state.page - 1), `${state.page + 1} / ${last + 1}`, button("›", words.after, state.page + 1),
    );
    return made;
  }

  function put() {
    const all = order();
    state.page = Math.max(0, Math.min(state.page, Math.ceil(all.length / size) - 1));
    const from = size === Infinity ? 0 : state.page * size;
    const made = element("table", "belvedere-table");
    made.createTHead().append(head());
    made.createTBody().append(...all.slice(from, from + size).map((number, at) => row(number, from + at)));
    box.replaceChildren(made, ...(all.length > size ? [pages(all.length)] : []));
    mark(state.selection);
  }

  function mark(selection) {
    state.selection = selection;
    const chosen = new Set(selection.map((each) => String(each.row)));
    for (const each of box.querySelectorAll("tbody tr")) {
      each.ariaSelected = String(chosen.has(each.dataset.row));
      for (const name of look.selected) each.classList.toggle(name, chosen.has(each.dataset.row));
    }
  }

  box.classList.add("belvedere-scroll");
  put();
  return { destroy: () => box.classList.remove("belvedere-scroll"), mark };
}

// What stands for a map of something other than countries: their table, and why.
export function drawInstead(box, given) {
  const note = element("p", "belvedere-note", words.provinces);
  const inner = element("div", "belvedere-scroll");
  box.replaceChildren(note, inner);
  return drawTable(inner, given);
}
