"""What a page holds that leads on: its forms as a browser would send them, its links, its elements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

UNSENT = {"submit", "button", "image", "reset", "file"}
Pairs = list[tuple[str, str]]


@dataclass
class Form:
    """A form: where it goes, what it sends when nothing is touched, its buttons, and what may be chosen."""

    action: str
    method: str
    fields: Pairs = field(default_factory=list)
    buttons: Pairs = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)  # field -> app.model.field of Django's autocomplete
    types: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Each field once, in the form's order; those without a choice made so far included."""
        return list(dict.fromkeys([name for name, _ in self.fields] + list(self.choices)))


class Page(HTMLParser):
    """Reads a page as it stands."""

    def __init__(self, text: str, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._loose = Form(path, "get")  # what stands outside of forms, or names its form by id
        self._by_id: dict[str, Form] = {}
        self._form: Form | None = None
        self._select: tuple[Form, str, bool] | None = None
        self._area: tuple[Form, str] | None = None
        self._text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if tag == "form":
            self._open(found)
        elif tag == "a" and found.get("href"):
            self.links.append(urljoin(self.path, found["href"]))
        elif tag in {"input", "button"}:
            self._input(tag, found)
        elif tag == "select":
            self._open_select(found)
        elif tag == "option" and self._select:
            self._option(found)
        elif tag == "textarea" and found.get("name"):
            self._area, self._text = (self._owner(found), found["name"]), ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area:
            form, name = self._area
            form.fields.append((name, self._text.removeprefix("\n")))
            self._area = None

    def _open(self, found: dict[str, str]) -> None:
        action = urljoin(self.path, found.get("action") or self.path)
        self._form = Form(action, found.get("method", "get").lower())
        self.forms.append(self._form)
        if found.get("id"):
            self._by_id[found["id"]] = self._form

    def _owner(self, found: dict[str, str]) -> Form:
        return self._by_id.get(found.get("form", ""), self._form or self._loose)

    def _input(self, tag: str, found: dict[str, str]) -> None:
        form, name = self._owner(found), found.get("name", "")
        kind = found.get("type", "submit" if tag == "button" else "text").lower()
        if not name:
            return
        form.types[name] = kind
        value = found.get("value", "on" if kind in {"checkbox", "radio"} else "")
        if kind == "submit":
            form.buttons.append((name, value))
        elif kind in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append(value)
            if "checked" in found:
                form.fields.append((name, value))
        elif kind not in UNSENT:
            form.fields.append((name, value))

    def _open_select(self, found: dict[str, str]) -> None:
        form, name = self._owner(found), found.get("name", "")
        if not name:
            return
        self._select = (form, name, "multiple" in found)
        form.choices.setdefault(name, [])
        if found.get("data-model-name"):
            parts = (found["data-app-label"], found["data-model-name"], found["data-field-name"])
            form.models[name] = ".".join(parts)

    def _option(self, found: dict[str, str]) -> None:
        assert self._select
        form, name, is_multiple = self._select
        value = found.get("value", "")
        is_first = not form.choices[name]
        form.choices[name].append(value)
        if "selected" in found:
            if not is_multiple:
                form.fields[:] = [each for each in form.fields if each[0] != name]
            form.fields.append((name, value))
        elif is_first and not is_multiple:
            form.fields.append((name, value))


def questions(page: Page) -> Iterator[tuple[str, Pairs]]:
    """The links of a page that ask something, as path and parameters; only those that stay here."""
    for link in dict.fromkeys(page.links):
        parts = urlsplit(link)
        if parts.query and not parts.netloc and not parts.scheme:
            yield parts.path, parse_qsl(parts.query, keep_blank_values=True)
