// Who was refused for a token that had ended, and asks again once the page has authorised anew.

const refused = new Set();

export const asksAnew = (component) => refused.delete(component);

// Notes a failure of `component`, which is told of it besides.
export function note(component, body) {
  if (body.error.code === 401) refused.add(component);
}

// Later: a page that executes its charts itself upon authorising is not to have them twice.
export const revive = () => setTimeout(() => {
  for (const component of [...refused]) component.execute();
});
