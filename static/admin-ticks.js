// One box above a table that ticks all of it. Without this file each box still works by itself.
document.querySelectorAll("table[data-ticks]").forEach((table) => {
  const boxes = [...table.querySelectorAll("tbody td.tick input")];
  const head = table.querySelector("thead .tick");
  if (!head || !boxes.length) return;
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", table.dataset.ticks || "*");
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  table.addEventListener("change", show);
  head.append(all);
  show();
});
