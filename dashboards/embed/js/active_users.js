// The component ActiveUsers: how many there are now, asked again and again.

import { auth } from "./auth.js";
import { element, place, words } from "./page.js";
import { ask } from "./transport.js";

const LEAST_SECONDS = 5;

function put(component) {
  const { container, template } = component.get();
  component.container = place(container);
  if (template) {
    component.container.innerHTML = template; // the page's own markup
  } else {
    const box = element("div", "ActiveUsers", `${words.activeUsers} `);
    box.append(element("b", "ActiveUsers-value"));
    component.container.replaceChildren(box);
  }
  show(component);
}

function show(component) {
  const value = component.container.querySelector("b");
  if (value) value.textContent = String(component.activeUsers);
}

function found(component, count) {
  const delta = count - component.activeUsers;
  component.activeUsers = count;
  show(component);
  component.emit("success", { activeUsers: count });
  if (!delta) return;
  component.emit("change", { activeUsers: count, delta });
  component.emit(delta > 0 ? "increase" : "decrease", { activeUsers: count, delta });
}

// Nobody is asked for a page that nobody sees.
async function poll(component, round) {
  if (!document.hidden) {
    const { status, body } = await ask("realtime", { ids: component.get().ids, metrics: "rt:activeUsers" });
    if (round !== component.polling_) return;
    if (status === 200) found(component, body.totalResults ? Number(body.rows[0][0]) : 0);
    else component.emit("error", body);
  }
  component.timer_ = setTimeout(() => poll(component, round), component.get().pollingInterval * 1000);
}

export const activeUsers = {
  initialize() {
    this.activeUsers = 0;
    this.polling_ = null;
  },

  execute() {
    const { pollingInterval = LEAST_SECONDS } = this.get();
    if (!(pollingInterval >= LEAST_SECONDS)) throw new Error("Frequency must be 5 seconds or more.");
    this.set({ pollingInterval });
    if (this.polling_) this.stop();
    put(this);
    const round = {};
    this.polling_ = round;
    if (auth.isAuthorized()) poll(this, round);
    else auth.once("signIn", () => round === this.polling_ && poll(this, round));
    return this;
  },

  stop() {
    clearTimeout(this.timer_);
    this.polling_ = null;
    this.emit("stop", { activeUsers: this.activeUsers });
    return this;
  },
};
