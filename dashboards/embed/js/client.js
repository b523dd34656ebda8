// gapi.client, as far as pages about analytics use it.

import { call } from "./component.js";
import { words } from "./page.js";
import { ask, askQuery, failure, plain } from "./transport.js";

const MOST = 1000;

// The summaries' accounts, properties and views, one list of each, as the Management API lists them.
const LISTS = {
  accounts: (items) => items,
  webproperties: (items) => items.flatMap((account) => account.webProperties.map((each) => ({ ...each, accountId: account.id }))),
  profiles: (items) => LISTS.webproperties(items)
    .flatMap(({ accountId, id, profiles }) => profiles.map((each) => ({ ...each, accountId, webPropertyId: id }))),
  segments: () => [],
  goals: () => [],
};

const ofParents = ({ accountId, webPropertyId }) => (item) =>
  (!accountId || accountId === "~all" || item.accountId === accountId) && (!webPropertyId || webPropertyId === "~all" || item.webPropertyId === webPropertyId);

const page = (items, params) => {
  const first = Number(params["start-index"] ?? 1);
  const most = Number(params["max-results"] ?? MOST);
  return { items: items.slice(first - 1, first - 1 + most), startIndex: first, itemsPerPage: most, totalResults: items.length };
};

async function list(name, params) {
  const { status, body } = await ask("summaries");
  if (status !== 200) return { status, body };
  const items = LISTS[name](body.items).filter(ofParents(params)).map(({ webProperties, profiles, ...item }) => item);
  return { status, body: { kind: `analytics#${name}`, ...page(items, params) } };
}

const summaries = async (params) => {
  const { status, body } = await ask("summaries");
  return { status, body: status === 200 ? { ...body, ...page(body.items, params) } : body };
};

const PLACES = {
  "data/ga": askQuery, "data/realtime": (params) => ask("realtime", params), "management/accountSummaries": summaries,
  "management/accounts": (params) => list("accounts", params), "management/segments": (params) => list("segments", params),
};
const PROPERTIES = /^management\/accounts\/([^/]+)\/webproperties(?:\/([^/]+)\/(profiles|goals))?/;

function answer(path, params) {
  const place = path.replace(/^(https?:\/\/[^/]+)?\/?(analytics\/v3\/)?/, "");
  if (Object.hasOwn(PLACES, place)) return PLACES[place](plain(params));
  const [found, accountId, webPropertyId, name = "webproperties"] = PROPERTIES.exec(place) ?? [];
  if (found) return list(name, { ...plain(params), accountId, webPropertyId });
  return Promise.resolve(failure(404, "notFound", words.path.replace("%s", path)));
}

// Asked once, when somebody first wants the answer: by `then`, which gives a promise, or by `execute`.
class Request {
  constructor(send) { this.send = send; }

  then(fulfilled, rejected) {
    this.asked ??= this.send().then(({ status, body }) => {
      const whole = { result: body, body: JSON.stringify(body), headers: {}, status, statusText: status === 200 ? "OK" : "" };
      return status === 200 ? whole : Promise.reject(whole);
    });
    return this.asked.then(fulfilled, rejected);
  }

  execute(heard) {
    const tell = ({ result }) => call(heard ?? (() => {}), undefined, [result]);
    this.then(tell, tell);
  }
}

const request = ({ path, params }) => new Request(() => answer(path, params));
const at = (path) => (params) => request({ path, params });
const within = (name) => ({ accountId = "~all", webPropertyId = "~all", ...params } = {}) =>
  request({ path: `management/accounts/${accountId}/webproperties${name && `/${webPropertyId}/${name}`}`, params });

export const client = {
  request,
  load: (name, version, loaded) => Promise.resolve().then(() => typeof loaded === "function" && call(loaded, undefined, [])),
  setApiKey: () => {},
  analytics: {
    data: { ga: { get: at("data/ga") }, realtime: { get: at("data/realtime") }, mcf: { get: at("data/mcf") } },
    management: {
      accountSummaries: { list: at("management/accountSummaries") }, accounts: { list: at("management/accounts") },
      segments: { list: at("management/segments") }, webproperties: { list: within("") }, profiles: { list: within("profiles") }, goals: { list: within("goals") },
    },
    metadata: { columns: { list: at("metadata/ga/columns") } },
  },
};
