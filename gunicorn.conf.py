"""What gunicorn is told wherever the portal is served; it reads this file by itself."""

from typing import Any

from gunicorn.glogging import Logger

from portal.log_masks import masked

# Filters stand in addresses: a long one shall get the portal's own sentence, and one that is good its page.
# The proxy in front has its own limit.
limit_request_line = 0

# Without queries and referrers: Google's returns carry codes there, embedded pages their tokens.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms "%(a)s"'


class Log(Logger):
    """gunicorn's, without the tokens that links carry in their paths."""

    def atoms(self, *args: Any) -> dict[str, Any]:
        """As gunicorn's; the path masked."""
        found: dict[str, Any] = super().atoms(*args)
        return found | {"U": masked(str(found["U"]))}


logger_class = Log
