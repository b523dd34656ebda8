"""Why an authorization ends on Google's own page, and the program hears nothing."""

from __future__ import annotations

from html import escape

from sandbox.errors import Refusal
from sandbox.pages.layout import CONTENT_TYPE, HEADERS, document, heading

_INVALID = (
    "Access blocked: This app’s request is invalid",
    "You can’t sign in because this app sent an invalid request. You can try again later, or contact the "
    "developer about this issue.",
)
_ERROR = "Access blocked: Authorization Error"
# code -> (status, title, sentence). `{app}` is the client's name.
REASONS: dict[str, tuple[int, str, str]] = {
    "redirect_uri_mismatch": (400, *_INVALID),
    "invalid_request": (400, *_INVALID),
    "invalid_scope": (400, *_INVALID),
    "invalid_client": (401, _ERROR, "The OAuth client was not found."),
    "deleted_client": (401, _ERROR, "The OAuth client was deleted."),
    "disabled_client": (401, _ERROR, "The OAuth client was disabled."),
    "admin_policy_enforced": (
        400,
        "Access blocked: your institution’s admin has restricted {app}",
        "The administrator of your Google Workspace account does not let this app have what it asks for. "
        "Ask your administrator.",
    ),
    "org_internal": (
        403,
        "Access blocked: {app} can only be used within its organization",
        "Sign in with an account of that organization, or ask its administrator.",
    ),
    "disallowed_useragent": (
        403,
        "Access blocked: {app} does not comply with the policy on secure browsers",
        "You can’t sign in from this screen, because it is a browser inside another app. Open the link in "
        "your device’s own browser.",
    ),
    "access_denied": (
        403,
        "Access blocked: {app} has not completed the Google verification process",
        "The app is being tested, and can only be used by testers whom its developer has approved. If you "
        "think you should have access, contact the developer.",
    ),
    "rate_limit_exceeded": (
        403,
        "{app} has reached its sign-in rate limit for now",
        "Google limits how quickly an app may gain new users. Try again later.",
    ),
}


class Blocked(Refusal):
    """Google's error page of that code."""

    content_type = CONTENT_TYPE

    def __init__(self, code: str, app: str = "", detail: str = "") -> None:
        super().__init__(REASONS[code][0], HEADERS)
        self.code = code
        self.app = app or "This app"
        self.detail = detail

    @classmethod
    def bad_request(cls, detail: str, app: str = "") -> Blocked:
        return cls("invalid_request", app, detail)

    def body(self) -> bytes:
        status, title, sentence = REASONS[self.code]
        detail = f"<h2>Request details</h2><p><code>{escape(self.detail)}</code></p>" if self.detail else ""
        body = f"<p>{escape(sentence)}</p>{detail}<p class='soft'>Error {status}: {escape(self.code)}</p>"
        title = title.replace("{app}", self.app)
        return document(title, heading(title), body)
