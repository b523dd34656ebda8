// Our own steps go on by themselves while the page is open; without this, the button does the same.
const form = document.querySelector("form[data-advance]");
if (form) {
  form.querySelector("button").disabled = true;
  const goOn = async () => {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (answer?.ok) location.reload();
    else setTimeout(goOn, 5000);
  };
  setTimeout(goOn, 1000);
}
