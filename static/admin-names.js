// Gives the admin's own search boxes (select2) the name of their label, which they lack for screen readers.
// They are made when jQuery is ready; this comes right after.
window.django?.jQuery?.(() => {
  document.querySelectorAll("select.admin-autocomplete").forEach((select) => {
    const name = select.labels[0]?.textContent.replace(":", "").trim() || select.getAttribute("aria-label");
    const box = select.nextElementSibling;
    if (!name || !box) return;
    box.querySelectorAll("[role=combobox], [role=textbox]").forEach((part) => part.setAttribute("aria-label", name));
  });
});
