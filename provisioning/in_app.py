"""Browsers inside other apps, in which Google refuses to ask for consent (`disallowed_useragent`). Pure.

https://developers.googleblog.com/upcoming-security-changes-to-googles-oauth-20-authorization-endpoint-in-embedded-webviews/
"""

from __future__ import annotations

import re

_MARKS = re.compile(
    r"; wv\)"  # Android's WebView
    r"|FBAN|FBAV|FB_IAB|Instagram|Barcelona|LinkedInApp|Twitter|Pinterest|Snapchat|TikTok|musical_ly"
    r"|MicroMessenger|\bLine/|KAKAOTALK|NAVER\(|WhatsApp|Telegram|Slack_|\bGSA/"
    r"|Outlook-(?:iOS|Android)|BytedanceWebview",
)
_APPLE = re.compile(r"iPhone|iPad|iPod")
_BROWSERS_OF_APPLE = re.compile(r"Safari/|CriOS/|FxiOS/|EdgiOS/|OPT/")


def is_in_app(user_agent: str) -> bool:
    """Whether a page opened by a browser that calls itself this can hardly go on to Google's consent.

    On an iPhone whatever does not call itself a browser is an app.
    """
    if _MARKS.search(user_agent):
        return True
    return bool(_APPLE.search(user_agent)) and not _BROWSERS_OF_APPLE.search(user_agent)
