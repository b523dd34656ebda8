// Menus close when one looks elsewhere.

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details:is(.menu, .why)[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details:is(.menu, .why)")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details:is(.menu, .why)[open]");
  closeMenus();
  open?.querySelector("summary").focus();
});
