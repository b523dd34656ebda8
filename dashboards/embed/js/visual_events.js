// google.visualization.events: listeners on whatever object.

import { call } from "./component.js";

const listeners = new WeakMap(); // object → [{name, handler}]

const of = (source) => listeners.get(source) ?? [];

function add(source, name, handler, once) {
  const listener = { source, name, handler, once };
  listeners.set(source, [...of(source), listener]);
  return listener;
}

export const events = {
  addListener: (source, name, handler) => add(source, name, handler, false),
  addOneTimeListener: (source, name, handler) => add(source, name, handler, true),
  removeListener: (listener) => {
    if (listener) listeners.set(listener.source, of(listener.source).filter((each) => each !== listener));
  },
  removeAllListeners: (source) => listeners.delete(source),
  trigger: (source, name, details) => {
    for (const listener of of(source).filter((each) => each.name === name)) {
      if (listener.once) events.removeListener(listener);
      call(listener.handler, source, [details]);
    }
  },
};
