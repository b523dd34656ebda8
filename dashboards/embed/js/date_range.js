// The component DateRangeSelector: two fields for days, and what is chosen in them.

import { element, place, words } from "./page.js";
import { dress } from "./sheet.js";

const DAYS_AGO = /^(\d+)daysAgo$/;
const ISO = /^\d{4}-\d{2}-\d{2}$/;

const iso = (date) => [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((piece) => String(piece).padStart(2, "0")).join("-");

// “7daysAgo”, “today”, “yesterday” or a day itself, as a day. Raises Error.
function day(text) {
  if (ISO.test(text)) return text;
  const back = { today: 0, yesterday: 1 }[text] ?? Number(DAYS_AGO.exec(text)?.[1] ?? NaN);
  if (Number.isNaN(back)) throw new Error("Cannot convert date: use YYYY-MM-DD, today, yesterday or NdaysAgo.");
  const now = new Date();
  return iso(new Date(now.getFullYear(), now.getMonth(), now.getDate() - back));
}

function putInputs(container) {
  dress();
  const box = element("div", "belvedere-choices DateRangeSelector");
  box.append(...[words.from, words.to].map((name) => {
    const label = element("label", "DateRangeSelector-item", name);
    label.append(Object.assign(element("input", "FormField"), { type: "date" }));
    return label;
  }));
  container.replaceChildren(box);
}

function limit({ startDateInput, endDateInput }) {
  startDateInput.max = endDateInput.value;
  endDateInput.min = startDateInput.value;
  endDateInput.max = day("today");
}

function changed(selector) {
  const { startDateInput, endDateInput } = selector;
  if (!startDateInput.value || !endDateInput.value || startDateInput.value > endDateInput.value) return; // half typed
  selector["start-date"] = startDateInput.value;
  selector["end-date"] = endDateInput.value;
  limit(selector);
  selector.emit("change", { "start-date": selector["start-date"], "end-date": selector["end-date"] });
}

export const dateRangeSelector = {
  execute() {
    const options = this.get();
    this["start-date"] = day(options["start-date"] || "7daysAgo");
    this["end-date"] = day(options["end-date"] || "yesterday");
    this.container = place(options.container);
    if (options.template) this.container.innerHTML = options.template; // the page's own markup
    else putInputs(this.container);
    [this.startDateInput, this.endDateInput] = this.container.querySelectorAll("input");
    this.startDateInput.value = this["start-date"];
    this.endDateInput.value = this["end-date"];
    limit(this);
    this.container.onchange = () => changed(this);
    return this;
  },
};
