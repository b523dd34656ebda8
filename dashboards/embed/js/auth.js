// gapi.analytics.auth: there is one.

import { derive } from "./component.js";
import { element, place, whenParsed, words } from "./page.js";
import { revive } from "./reviving.js";
import { keep, kept, putButton, signIn, unkeep } from "./sign_in.js";
import { forget, held, hold, isGood, whenRefused } from "./token.js";

const SCOPE = "https://www.googleapis.com/auth/analytics.readonly";
const NOBODY = { name: "", email: "", imageUrl: "" }; // sites learn nothing of the person

function authorised(token) {
  hold(token);
  setTimeout(() => auth.emit("signIn").emit("success", auth.getAuthResponse()));
  revive();
}

// Whoever signs in is not named: the site gets to know views, not persons.
function showSignedIn() {
  const { container, userInfoLabel } = auth.get();
  if (!container) return;
  const label = element("span", "gapi-analytics-auth-styles-userinfo", userInfoLabel === "" ? "" : words.signedIn);
  whenParsed(() => place(container).replaceChildren(label));
}

function showButton() {
  const { container } = auth.get();
  if (container) whenParsed(() => putButton(place(container), pressed));
}

async function pressed() {
  const answer = await signIn();
  if (answer?.access_token) {
    keep(answer);
    showSignedIn();
    authorised(answer);
  } else if (answer) {
    auth.emit("error", answer);
  }
}

function askAgain() {
  unkeep();
  showButton();
  setTimeout(() => auth.emit("needsAuthorization"));
}

function authoriseHere() {
  const before = held()?.refused ? null : kept();
  if (!before) return askAgain();
  showSignedIn();
  return authorised(before);
}

const Auth = derive({
  authorize(options) {
    this.set({ serverAuth: null }).set(options);
    const { serverAuth } = this.get();
    if (serverAuth) authorised(serverAuth);
    else authoriseHere();
    return this;
  },

  setToken(given) {
    if (given?.access_token) authorised(given);
    else forget();
  },

  isAuthorized: isGood,

  signOut() {
    forget();
    unkeep();
    if (!this.get().serverAuth) showButton();
    setTimeout(() => this.emit("signOut"));
  },

  getAuthResponse() {
    if (!held()) return null;
    const { access_token, expires_at } = held();
    const left = expires_at && { expires_in: Math.max(0, Math.round((expires_at - Date.now()) / 1000)), expires_at };
    return { access_token, token_type: "Bearer", scope: SCOPE, ...left };
  },

  getUserProfile: () => (held() ? { ...NOBODY } : null),
});

export const auth = new Auth();

whenRefused(() => auth.get().serverAuth || askAgain()); // a page's server has its own way to a new one
