// The token that the page may ask with: one at a time, renewed before it ends where the page says how.

const SPARE_MS = 30_000;

let token = null; // {access_token, expires_at?, refresh_url?, refused?}
let first = resolvers(); // of the first token, and after a sign-out of the next
let renewing = null;
let toldOfRefusal = () => {};

function resolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

export const held = () => token;

// Has `what` called when the token that is held has been refused and there is no other.
export const whenRefused = (what) => { toldOfRefusal = what; };

// Whether there is a token, as far as the page knows.
export const isGood = () => token !== null && !token.refused && !(token.expires_at <= Date.now());

// `given` as a token endpoint answers: {access_token, expires_in?}, and `refresh_url`, which answers the same.
export function hold({ access_token, expires_in, refresh_url }) {
  token = { access_token: String(access_token), refresh_url };
  if (Number(expires_in) > 0) token.expires_at = Date.now() + Number(expires_in) * 1000;
  first.resolve();
}

export function forget() {
  token = null;
  first = resolvers();
}

// A promise of the token; whoever asks before the page has authorised waits until it has.
export async function usable() {
  await first.promise;
  const ends = token?.expires_at !== undefined && token.expires_at - Date.now() < SPARE_MS;
  if (ends && token.refresh_url) await renew(token.access_token);
  return token?.access_token ?? usable();
}

// Whether there is another token than the `refused` one, asked of the page's own server if need be.
export async function renew(refused) {
  if (token?.access_token !== refused) return token !== null;
  renewing ??= (token.refresh_url ? fetched(token) : Promise.resolve(false)).finally(() => { renewing = null; });
  if (await renewing) return true;
  if (token?.access_token === refused && !token.refused) {
    token.refused = true;
    toldOfRefusal();
  }
  return false;
}

async function fetched({ access_token: before, refresh_url }) {
  try {
    const reply = await fetch(refresh_url, { cache: "no-store", headers: { Accept: "application/json" } });
    const fresh = await reply.json();
    if (!reply.ok || !fresh.access_token) return false;
    if (token?.access_token === before) hold({ ...fresh, refresh_url });
    return true;
  } catch {
    return false; // the token that is there may still be good, and otherwise its refusal says why
  }
}
