// The language that numbers and dates are written in: the page's own.

export function language() {
  try {
    return Intl.getCanonicalLocales(document.documentElement.lang)[0] ?? "en";
  } catch {
    return "en"; // what the page says is no language
  }
}
