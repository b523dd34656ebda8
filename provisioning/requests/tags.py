"""What is pasted into a website so that its visits are counted, and where that goes. Pure.

https://developers.google.com/tag-platform/gtagjs
https://developers.google.com/tag-platform/security/guides/consent
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEASUREMENT_ID = re.compile(r"G-[A-Z0-9]{1,20}")

_TAG = """\
<!-- Google tag (gtag.js) -->
<script async src="https://www.googletagmanager.com/gtag/js?id={id}"></script>
<script>
  window.dataLayer = window.dataLayer || [];
  function gtag(){{dataLayer.push(arguments);}}
{before}  gtag('js', new Date());
  gtag('config', '{id}');
</script>"""

_DENIED = """\
  gtag('consent', 'default', {
    'analytics_storage': 'denied',
    'ad_storage': 'denied',
    'ad_user_data': 'denied',
    'ad_personalization': 'denied',
    'wait_for_update': 500
  });
"""

CONSENT_GIVEN = """\
gtag('consent', 'update', {
  'analytics_storage': 'granted'
});"""
"""What a consent banner calls once a visitor has agreed to statistics."""


def tag_of(measurement_id: str) -> str:
    """Google's tag, for every page. Raises ValueError for what is no measurement id: it becomes a script."""
    return _tag(measurement_id, before="")


def asking_tag_of(measurement_id: str) -> str:
    """The same with consent mode: nothing is stored with a visitor before CONSENT_GIVEN was called."""
    return _tag(measurement_id, before=_DENIED)


def _tag(measurement_id: str, *, before: str) -> str:
    if not MEASUREMENT_ID.fullmatch(measurement_id):
        raise ValueError("not a measurement id")
    return _TAG.format(id=measurement_id, before=before)


@dataclass(frozen=True)
class Guide:
    """Where it goes in one system: a few steps."""

    name: str | Promise
    steps: tuple[str | Promise, ...]


GUIDES = (
    Guide(
        "WordPress",
        (
            _("In the administration choose Plugins, Add New, and install “WPCode”."),
            _("Open Code Snippets, Header & Footer."),
            _("Paste the tag above into “Header”, and save."),
            _("If another plugin puts a Google tag in already, give it this ID instead: two count twice."),
        ),
    ),
    Guide(
        "Shopify",
        (
            _("Install the app “Google & YouTube” from Shopify’s App Store."),
            _("Connect it with the Google account named below."),
            _("Under Google Analytics choose the property with this ID. Purchases are counted, too."),
        ),
    ),
    Guide(
        "Wix",
        (
            _("In your site’s dashboard open Marketing Integrations and choose Google Analytics, Connect."),
            _("Paste this ID, and save. Wix asks for a plan with a domain of your own."),
        ),
    ),
    Guide(
        "Google Tag Manager",
        (
            _("Choose Tags, New, and as its type “Google tag”."),
            _("Paste this ID as the tag ID."),
            _("As trigger take “Initialization – All Pages”. Save, then Submit."),
            _("Do not paste the tag above as well: visits would be counted twice."),
        ),
    ),
)
