// The rows of a filter made pleasant: rows come and go, dimensions are offered, a preview stays on the page.
// Without this file the same form works with spare rows and a preview button at its end.
(() => {
  const builder = document.querySelector("[data-filter-builder]");
  if (!builder) return;
  const said = builder.dataset;
  const rows = builder.querySelector(".filter-rows");
  const text = builder.querySelector(`details input[name="${said.name}"]`);
  const kept = builder.querySelector(".filter-kept");
  const all = () => [...rows.querySelectorAll(".filter-row")];
  const typed = (row) => row.querySelector("input[list]").value || row.querySelector("textarea").value;

  const button = (words, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  };

  const clear = (row) => {
    row.querySelector("input[list]").value = row.querySelector("textarea").value = "";
    row.querySelectorAll("select").forEach((select) => { select.selectedIndex = 0; });
    return row;
  };

  // The first row is joined to nothing, and stays.
  const removable = (row) => {
    const remove = button("×", () => {
      if (row === all()[0]) clear(row); else row.remove();
      changed();
    });
    remove.className = "filter-remove";
    remove.title = said.remove;
    remove.setAttribute("aria-label", said.remove);
    row.append(remove);
    return row;
  };

  // Rows and text say the same thing: whoever changes one leaves the other alone until it is saved.
  const changed = () => { if (text) text.disabled = true; };
  rows.addEventListener("input", changed);
  text?.addEventListener("input", () => { rows.disabled = true; });

  const blank = all().at(-1).cloneNode(true);
  all().slice(1).filter((row) => !typed(row)).forEach((row) => row.remove());
  all().forEach(removable);
  const acts = document.createElement("p");
  acts.className = "filter-acts";
  acts.append(button(said.add, () => {
    const row = removable(clear(blank.cloneNode(true)));
    rows.append(row);
    row.querySelector("input[list]").focus();
  }));
  rows.after(acts);

  if (said.fields) {
    fetch(said.fields, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
      .then((found) => (found.error ? Promise.reject(found) : found))
      .then((found) => {
        builder.querySelector("datalist").replaceChildren(
          ...found.dimensions.map(([name, label]) => Object.assign(new Option(label, name)))
        );
      })
      .catch(() => {});
  }

  if (said.preview) {
    const form = builder.closest("form");
    const plain = form.querySelector("[name=_preview]");
    plain?.closest(".submit-row")?.remove();
    acts.append(button(said.preview, async (event) => {
      const asked = new FormData(form);
      asked.set("_preview", "1");
      kept.textContent = said.asking;
      event.target.disabled = true;
      try {
        const answer = await fetch(form.action || location.href, { method: "POST", body: asked });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const wrong = page.querySelector(".field-filter .errorlist");
        kept.textContent = (wrong || page.querySelector(".filter-kept"))?.textContent.trim() ?? "";
      } catch {
        kept.textContent = "";
      }
      event.target.disabled = false;
    }));
  }
})();
