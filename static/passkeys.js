// Shows the button for a passkey where the browser knows passkeys, and says so when one did not work; allauth's
// script does the rest.
const challenge = document.getElementById("passkey-data");
const options = challenge ? JSON.parse(challenge.textContent).request_options : null;
const without = options && !(options.publicKey.allowCredentials || []).length;
for (const button of document.querySelectorAll("#use-passkey, #add-passkey")) {
  button.hidden = !window.PublicKeyCredential || Boolean(without);
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey-trouble").hidden = false;
});
