// A button beside each text to be copied to the letter. Browsers inside apps often have no clipboard of their own:
// there the text is marked and copied the old way, or stays marked for the hand.
const mark = (text) => {
  const range = document.createRange();
  range.selectNodeContents(text);
  const marked = getSelection();
  marked.removeAllRanges();
  marked.addRange(range);
};
const copied = async (text) => {
  try {
    await navigator.clipboard.writeText(text.textContent.trim());
    return true;
  } catch {
    mark(text);
    return document.execCommand("copy");
  }
};
for (const text of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ghost";
  button.textContent = text.dataset.copy;
  button.addEventListener("click", async () => {
    if (await copied(text)) button.textContent = text.dataset.copied;
  });
  text.after(button);
}
