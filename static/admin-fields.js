// Offers the names of metrics and dimensions behind each comma, as the chosen view's property has them.
// Without this file the first name of a field is offered still, and names can be typed.
(() => {
  const lists = { metrics: document.querySelector("#known-metrics"), dimensions: document.querySelector("#known-dimensions") };
  if (!lists.metrics) return;
  const named = (list) => [...list.options].map((option) => [option.value, option.textContent]);
  const known = { metrics: named(lists.metrics), dimensions: named(lists.dimensions) };

  const offer = (field) => {
    const kind = field.dataset.names;
    const before = field.value.slice(0, field.value.lastIndexOf(",") + 1);
    const start = before && `${before} `;
    lists[kind].replaceChildren(...known[kind].map(([name, label]) => new Option(label, start + name)));
  };
  ["focusin", "input"].forEach((event) => document.addEventListener(event, ({ target }) => {
    if (target.dataset?.names) offer(target);
  }));

  const load = (view) => view && fetch(`${lists.metrics.dataset.url}?view=${encodeURIComponent(view)}`)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
    .then((found) => (found.error ? Promise.reject(found) : Object.assign(known, found)))
    .catch(() => {});
  const chosen = document.querySelector("#id_check_with");
  if (!chosen) return;
  load(chosen.value);
  window.django?.jQuery?.(chosen).on("change", () => load(chosen.value));
})();
