"""What the sandbox's pages have in common."""

from __future__ import annotations

from html import escape

from sandbox.wire import Response

CONTENT_TYPE = "text/html; charset=UTF-8"
HEADERS = {"X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"}

_STYLE = """
:root { color-scheme: light dark; --page: #eef1f6; --card: #fff; --ink: #1d2129; --soft: #5a6272;
  --line: #d5dae3;  --act: #1a56c4; --on-act: #fff; --hover: #f3f6fb; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --page: #12151b; --card: #1c2029; --ink: #e7eaf0;
  --soft: #a3abba;  --line: #363d4a; --act: #9dbdf9; --on-act: #0d2349; --hover: #252a35; --bad: #f2b8b5; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center;
  background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { width: 100%; max-width: 60rem; margin: auto; padding: 2rem 1.5rem; background: var(--card);
  overflow-wrap: anywhere; }
.brand { margin: 0 0 1.5rem; color: var(--soft); font-size: .875rem; }
.brand b { color: var(--act); }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; font-weight: 500; line-height: 1.25; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1rem; font-weight: 600; }
p { margin: 0 0 1rem; }
.soft { color: var(--soft); font-size: .875rem; }
.bad { color: var(--bad); }
ul.rows { list-style: none; margin: 0 0 1rem; padding: 0; border-top: 1px solid var(--line); }
ul.rows > li { border-bottom: 1px solid var(--line); }
.row { display: flex; gap: .75rem; align-items: center; width: 100%; padding: .75rem .5rem; border: 0;
  background: none; color: inherit; font: inherit; text-align: start; text-decoration: none; }
label.row, button.row, a.row { cursor: pointer; }
label.row:hover, button.row:hover, a.row:hover { background: var(--hover); }
.row span { flex: 1; min-width: 0; }
.row small { display: block; color: var(--soft); font-size: .875rem; }
.face { flex: none; width: 2rem; height: 2rem; border-radius: 50%; background: var(--act);
  color: var(--on-act); display: grid; place-items: center; font-weight: 600; }
.face.none { background: none; color: var(--soft); border: 1px solid var(--line); }
input[type=checkbox] { flex: none; width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--act); }
.field { display: block; margin: 0 0 1rem; }
.field input { display: block; width: 100%; margin-top: .25rem; padding: .625rem .75rem; font: inherit;
  color: inherit; background: transparent; border: 1px solid var(--soft); border-radius: .25rem; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; justify-content: flex-end; margin-top: 1.5rem; }
.button { padding: .5rem 1.25rem; border: 1px solid var(--line); border-radius: 1.25rem; background: none;
  color: var(--act); font: inherit; font-weight: 500; text-decoration: none; cursor: pointer; }
.button.main { background: var(--act); border-color: var(--act); color: var(--on-act); }
a { color: var(--act); }
:focus-visible { outline: 2px solid var(--act); outline-offset: 2px; }
code { font: .875rem/1.5 ui-monospace, monospace; }
details { margin: 0 0 1rem; }
summary { cursor: pointer; color: var(--act); margin-bottom: .75rem; }
@media (min-width: 52rem) {
  main { border-radius: 1rem; padding: 2.5rem; }
  .columns { display: grid; grid-template-columns: 1fr 1.2fr; gap: 3rem; }
}
@media (max-width: 51.99rem) { main { margin: 0; flex: 1; } .columns > * + * { margin-top: 1.5rem; } }
"""


def document(title: str, head: str, body: str) -> bytes:
    """A page of two columns: what it is about, and what there is to do. `head` and `body` are HTML."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n<style>{_STYLE}</style>\n'
        '<main>\n<p class="brand"><b>Sandbox</b> · stands in for Google</p>\n'
        f'<div class="columns">\n<div>{head}</div>\n<div>{body}</div>\n</div>\n</main>\n</html>\n'
    ).encode()


def page(title: str, head: str, body: str, status: int = 200) -> Response:
    return Response(status, document(title, head, body), CONTENT_TYPE, HEADERS)


def see_other(address: str, headers: dict[str, str] | None = None) -> Response:
    """On to another address, as after a form."""
    return Response(303, b"", CONTENT_TYPE, {"Location": address} | (headers or {}))


def heading(title: str, text: str = "") -> str:
    return f"<h1>{escape(title)}</h1>" + (f"<p>{escape(text)}</p>" if text else "")


def face(name: str) -> str:
    return f'<i class="face" aria-hidden="true" style="font-style:normal">{escape(name[:1].upper())}</i>'
