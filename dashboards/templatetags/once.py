"""`{% once "name" %}…{% endonce %}` renders a part of a page once; see dashboards/rendered.py.

Nothing inside may depend on the reader or the request beyond what the page's key holds: no token against
forged requests, no name of a person, no message.
"""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


class _Once(template.Node):
    """Keeps its text in the context's `parts`; in a context without them it renders each time."""

    def __init__(self, name: FilterExpression, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        parts = context.get("parts")
        if parts is None:
            return self.nodelist.render(context)
        name = self.name.resolve(context)
        if name not in parts:
            parts[name] = str(self.nodelist.render(context))
        return mark_safe(parts[name])  # noqa: S308 - what this very template rendered


@register.tag
def once(parser: Parser, token: Token) -> _Once:
    """The tag takes the part's name."""
    try:
        _, name = token.split_contents()
    except ValueError as error:
        raise template.TemplateSyntaxError("once takes the name of its part") from error
    nodelist = parser.parse(["endonce"])
    parser.delete_first_token()
    return _Once(parser.compile_filter(name), nodelist)
