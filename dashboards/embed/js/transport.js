// Asks the portal. Queries that a page asks at about the same moment go in one request.

import { at, words } from "./page.js";
import { renew, usable } from "./token.js";

const PATIENCE_MS = 90_000;
const MOST_AT_ONCE = 20;
const LISTS = new Set(["metrics", "dimensions", "sort"]);

let gathered = []; // [{query, token?, resolve}]

// An answer in the shape of v3's errors, for what never reached the portal.
export const failure = (code, reason, message) => ({
  status: code,
  body: { error: { code, message, errors: [{ domain: "global", reason, message }] } },
});

const written = (name, value) => {
  const text = Array.isArray(value) ? value.join(",") : String(value);
  return LISTS.has(name) ? text.replace(/\s*,\s*/g, ",").trim() : text;
};

// A query's parameters as texts; those that are null or undefined are not set.
export function plain(query) {
  const set = Object.entries(query ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(set.map(([name, value]) => [name, written(name, value)]));
}

// A promise of {status, body}, errors included; it is never rejected.
export function askQuery(asked) {
  const { access_token: token, ...query } = plain(asked);
  if (!gathered.length) setTimeout(sendGathered);
  return new Promise((resolve) => gathered.push({ query, token, resolve }));
}

function sendGathered() {
  const tokens = new Map();
  for (const each of gathered) tokens.set(each.token, [...(tokens.get(each.token) ?? []), each]);
  gathered = [];
  for (const [token, list] of tokens) {
    for (let from = 0; from < list.length; from += MOST_AT_ONCE) sendList(list.slice(from, from + MOST_AT_ONCE), token);
  }
}

async function sendList(list, own) {
  const answers = await withToken(own, (token) => postList(list, token), (found) => found.some(({ status }) => status === 401));
  list.forEach(({ resolve }, index) => resolve(answers[index]));
}

async function postList(list, token) {
  const body = JSON.stringify({ queries: list.map(({ query }) => query) });
  const reply = await exchange("query", token, { method: "POST", body, headers: { "Content-Type": "application/json" } });
  return Array.isArray(reply.body?.answers) ? reply.body.answers : list.map(() => reply);
}

// The same for the portal's other answers, each asked by itself: `path` is "realtime" or "summaries".
export function ask(path, asked) {
  const { access_token: own, ...params } = plain(asked);
  const address = `${path}?${new URLSearchParams(params)}`;
  return withToken(own, (token) => exchange(address, token, {}), ({ status }) => status === 401);
}

// Asks with a query's own token or the page's; one that is refused is renewed, where that can be, and all asked again.
async function withToken(own, send, isRefused) {
  const token = own ?? await usable();
  const answer = await send(token);
  return !own && isRefused(answer) && await renew(token) ? send(await usable()) : answer;
}

async function exchange(path, token, { headers, ...rest }) {
  try {
    const reply = await fetch(at(`/embed/${path}`), {
      ...rest, headers: { ...headers, Authorization: `Bearer ${token}` },
      credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return await read(reply);
  } catch {
    return failure(-1, "networkError", words.unreachable);
  }
}

async function read(reply) {
  try {
    const body = await reply.json();
    if (reply.ok || body.error) return { status: reply.status, body };
  } catch { /* not the portal's own answer, but that of something in front of it */ }
  return failure(reply.status, "backendError", words.unreachable);
}
