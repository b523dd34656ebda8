"""Forms whose labels are the words alone: no page of ours puts a colon after them."""

from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString


class PlainBoundField(BoundField):
    """Django's, without a colon after its label."""

    def label_tag(
        self,
        contents: str | None = None,
        attrs: Any = None,
        label_suffix: str | None = None,
        tag: str | None = None,
    ) -> SafeString:
        """As Django's; without a suffix unless one is asked for."""
        return super().label_tag(contents, attrs, label_suffix or "", tag)


class Renderer(DjangoTemplates):
    """What every form of the portal, the admin and allauth is drawn with."""

    bound_field_class = PlainBoundField
