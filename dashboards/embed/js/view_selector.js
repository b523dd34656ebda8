// gapi.analytics.ViewSelector: has somebody choose a view, and tells its `ids`, the first time by itself.

import { derive, isHeard } from "./component.js";
import { parsed, place } from "./page.js";
import { asksAnew, note } from "./reviving.js";
import { chosen, fetchAccounts, fillSelects, putSelects, watchSelects } from "./view_choice.js";

function choose(selector, accounts, selects, wanted) {
  const choice = chosen(accounts, wanted);
  fillSelects(selects, accounts, choice);
  if (choice.ids === selector.ids) return;
  selector.ids = choice.ids;
  selector.emit("change", choice.ids);
}

async function render(selector) {
  const accounts = await fetchAccounts();
  await parsed();
  const selects = putSelects(place(selector.get().container), "gapi-analytics-view-selector");
  watchSelects(selects, (wanted) => choose(selector, accounts, selects, wanted));
  choose(selector, accounts, selects, { viewId: selector.ids?.replace("ga:", ""), propertyId: selector.get().webPropertyId });
}

function fail(selector, error) {
  const body = error.error ? error : { error: { code: -1, message: error.message } };
  note(selector, body);
  if (!isHeard(selector, "error")) console.error(body.error.message);
  selector.emit("error", body);
}

export const ViewSelector = derive({
  execute() {
    asksAnew(this);
    render(this).catch((error) => fail(this, error));
    return this;
  },
});
