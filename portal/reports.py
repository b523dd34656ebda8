"""What Django's error reports may show, on the page that DEBUG brings up as in mails and logs."""

import re
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

# Frames whose variables are shown. Everything below them, libraries included, may hold keys and tokens.
SHOWN = ("portal", "accounts", "dashboards", "django.template", "django.urls", "django.db.models")


class ReportFilter(SafeExceptionReporterFilter):
    """Django's, which DEBUG does not switch off, and which knows where secrets pass."""

    # Addresses of databases and the like hold their passwords.
    hidden_settings = re.compile(
        f"{SafeExceptionReporterFilter.hidden_settings.pattern}|(DATABASE|CACHE|EMAIL)_URL|LOCATION",
        flags=re.IGNORECASE,
    )

    def is_active(self, request: HttpRequest | None) -> bool:
        """Always."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> Any:
        """Without what by its name is a secret."""
        posted = super().get_post_parameters(request)
        return {name: self._cleansed(name, value) for name, value in posted.items()}

    def _cleansed(self, name: str, value: Any) -> Any:
        return self.cleansed_substitute if self.hidden_settings.search(name) else value

    def get_traceback_frame_variables(self, request: HttpRequest, tb_frame: FrameType) -> Any:
        """Only those of the frames named above."""
        module = tb_frame.f_globals.get("__name__", "")
        if module.startswith(SHOWN):
            return super().get_traceback_frame_variables(request, tb_frame)
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]
