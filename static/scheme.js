// A frame whose page is light or dark for itself, whatever the visitor's system is: the sheets' dark parts are made to
// hold always or never. It stands in the head, so that nothing is seen in the other colours first.
(() => {
  const always = document.documentElement.dataset.scheme === "dark" ? "screen" : "not all";
  const settle = (rules) => {
    for (const rule of rules) {
      if (rule instanceof CSSMediaRule && rule.media.mediaText.includes("prefers-color-scheme: dark")) rule.media.mediaText = always;
      if (rule.cssRules) settle(rule.cssRules);
    }
  };
  for (const sheet of document.styleSheets) settle(sheet.cssRules);
  document.documentElement.style.colorScheme = document.documentElement.dataset.scheme;
})();
