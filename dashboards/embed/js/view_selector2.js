// The component ViewSelector2: told which view to begin with, and what changed besides the ids.

import { Component } from "./component.js";
import { parsed, place } from "./page.js";
import { asksAnew, note } from "./reviving.js";
import { chosen, fetchAccounts, fillSelects, putSelects, watchSelects } from "./view_choice.js";

const WAYS = ["ids", "viewId", "propertyId", "accountId"];
const LEVELS = ["account", "property", "view", "ids"];

async function setUp(selector) {
  const { container, template } = selector.get();
  selector.accounts = await fetchAccounts();
  await parsed();
  if (selector.container) return;
  const found = place(container);
  if (template) found.innerHTML = template; // the page's own markup
  selector.selects = template ? [...found.querySelectorAll("select")] : putSelects(found, "ViewSelector2");
  watchSelects(selector.selects, (wanted) => choose(selector, wanted));
  selector.container = found;
}

const id = (level, value) => (level === "ids" ? value : value?.id);

function choose(selector, wanted) {
  const before = Object.fromEntries(LEVELS.map((level) => [level, id(level, selector[level])]));
  const choice = chosen(selector.accounts, wanted);
  Object.assign(selector, choice, { properties: choice.account?.properties ?? [], views: choice.property?.views ?? [] });
  fillSelects(selector.selects, selector.accounts, choice);
  const changed = LEVELS.filter((level) => before[level] !== id(level, choice[level]));
  for (const level of changed) selector.emit(`${level}Change`, choice);
  if (changed.includes("ids")) selector.emit("change", choice.ids);
}

async function show(selector) {
  if (!selector.container) await setUp(selector);
  const { ids, viewId, propertyId, accountId } = selector.get();
  const current = { viewId: selector.view?.id };
  const wanted = { viewId: ids?.replace("ga:", "") ?? viewId, propertyId, accountId };
  choose(selector, Object.values(wanted).some(Boolean) ? wanted : current);
}

export const viewSelector2 = {
  set(options) {
    const given = WAYS.filter((way) => options?.[way]);
    if (given.length > 1) throw new Error('You cannot specify more than one of the following options: "ids", "viewId", "propertyId", "accountId"');
    if (options?.container && this.container) throw new Error("You cannot change containers once a view selector has been rendered on the page.");
    if (given.length) for (const way of WAYS) this.get()[way] = null;
    return Component.prototype.set.call(this, options);
  },

  execute() {
    asksAnew(this);
    show(this).catch((error) => {
      if (error.error) note(this, error);
      this.emit("error", error instanceof Error ? error : new Error(error.error.message));
    });
    return this;
  },
};
