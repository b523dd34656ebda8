// Choosing a view: account, property and view, each of the one before. Both selectors of views are made of it.

import { element, words } from "./page.js";
import { dress } from "./sheet.js";
import { ask } from "./transport.js";

// The accounts that the token may read; raises v3's error body.
export async function fetchAccounts() {
  const { status, body } = await ask("summaries");
  if (status !== 200) throw body;
  const items = body.items ?? [];
  for (const account of items) {
    account.properties = account.webProperties ?? [];
    for (const property of account.properties) property.views = property.profiles ?? [];
  }
  return items;
}

const first = (list, id) => list.find((each) => each.id === id) ?? list[0];

// The choice that an id leads to; the first one where it leads nowhere, or there is none.
export function chosen(accounts, { accountId, propertyId, viewId }) {
  const hasView = (property) => property.views.some((each) => each.id === viewId);
  const hasProperty = (account) => account.properties.some((each) => each.id === propertyId || (viewId && hasView(each)));
  const account = accounts.find(hasProperty) ?? first(accounts, accountId);
  const property = account?.properties.find((each) => viewId && hasView(each)) ?? first(account?.properties ?? [], propertyId);
  const view = first(property?.views ?? [], viewId);
  return { account, property, view, ids: view && `ga:${view.id}` };
}

// Three labelled selects, in `container`.
export function putSelects(container, className) {
  dress();
  const box = element("div", `belvedere-choices ${className}`);
  box.append(...[words.account, words.property, words.view].map((name) => {
    const label = element("label", `${className}-item`, name);
    label.append(element("select", "FormField"));
    return label;
  }));
  container.replaceChildren(box);
  return [...box.querySelectorAll("select")];
}

function fill(select, list, current) {
  select.replaceChildren(...list.map(({ id, name }) => new Option(name, id, false, id === current?.id)));
}

export function fillSelects([accountSelect, propertySelect, viewSelect], accounts, { account, property, view }) {
  fill(accountSelect, accounts, account);
  fill(propertySelect, account?.properties ?? [], property);
  fill(viewSelect, property?.views ?? [], view);
}

// Has `change` called with what somebody chose.
export function watchSelects([accountSelect, propertySelect, viewSelect], change) {
  accountSelect.onchange = () => change({ accountId: accountSelect.value });
  propertySelect.onchange = () => change({ accountId: accountSelect.value, propertyId: propertySelect.value });
  viewSelect.onchange = () => change({ viewId: viewSelect.value });
}
