// What every component is: options and events. Pages build their own on it through createComponent.

const OPTIONS = Symbol("options");
const HANDLERS = Symbol("handlers");

// Objects written as {…}, of whatever frame; elements and instances of classes are not.
function isPlain(value) {
  if (value === null || typeof value !== "object") return false;
  const above = Object.getPrototypeOf(value);
  return above === null || Object.getPrototypeOf(above) === null;
}

function copied(value, before) {
  if (isPlain(value)) return merge(isPlain(before) ? before : {}, value);
  return Array.isArray(value) ? value.slice() : value;
}

// Puts `from` into `into`, objects within objects too, so that no two components share any.
export function merge(into, from) {
  for (const [name, value] of Object.entries(from ?? {})) {
    if (name !== "__proto__") into[name] = copied(value, Object.hasOwn(into, name) ? into[name] : undefined);
  }
  return into;
}

// Calls a page's own function; what it throws is reported as the page's error and stops nothing else.
export function call(what, self, given) {
  try {
    what.apply(self, given);
  } catch (error) {
    setTimeout(() => { throw error; });
  }
}

// Options are set before `initialize` runs, by whatever `set` the component has.
export function Component(...given) {
  this.set(given[0]);
  if (typeof this.initialize === "function") this.initialize(...given);
}

Object.assign(Component.prototype, {
  set(options) {
    merge(this.get(), options);
    return this;
  },

  get() {
    return (this[OPTIONS] ??= {}); // the options themselves: ViewSelector2 takes away what is set no more
  },

  execute() {
    return this;
  },

  on(event, handler) {
    ((this[HANDLERS] ??= {})[event] ??= []).push({ handler });
    return this;
  },

  once(event, handler) {
    ((this[HANDLERS] ??= {})[event] ??= []).push({ handler, once: true });
    return this;
  },

  off(event, handler) {
    const all = (this[HANDLERS] ??= {});
    if (event === undefined) this[HANDLERS] = {};
    else all[event] = handler === undefined ? [] : (all[event] ?? []).filter((each) => each.handler !== handler);
    return this;
  },

  emit(event, ...given) {
    for (const each of [...(this[HANDLERS]?.[event] ?? [])]) {
      if (each.once) this[HANDLERS][event] = this[HANDLERS][event].filter((other) => other !== each);
      call(each.handler, this, given);
    }
    return this;
  },
});

// Whether anybody would hear of `event`.
export const isHeard = (component, event) => Boolean(component[HANDLERS]?.[event]?.length);

// A constructor of components that have `methods`, getters included.
export function derive(methods) {
  function Derived(...given) {
    Component.apply(this, given);
  }
  Derived.prototype = Object.create(Component.prototype, Object.getOwnPropertyDescriptors(methods ?? {}));
  return Derived;
}
