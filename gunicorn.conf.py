"""What gunicorn is told wherever the portal is served; it reads this file by itself."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from gunicorn.glogging import Logger

from portal import environment
from portal.log_masks import masked
from portal.logs import formatter

_root = Path(__file__).resolve().parent
_env = environment.environment(_root)


def _chosen_format() -> str:
    """The log's; of a wrong setting the portal's own start says in one line which it is."""
    try:
        formats = environment.log_formats(debug=environment.flag(_env, "DEBUG", default=False))
        return environment.choice(_env, "LOG_FORMAT", formats)
    except ImproperlyConfigured:
        return "line"


_format = _chosen_format()

# Filters stand in addresses: a long one shall get the portal's own sentence, and one that is good its page.
# The proxy in front has its own limit.
limit_request_line = 0

# The portal writes a line for each request by itself; whoever wants gunicorn's too names an access log.
# Without queries and referrers: Google's returns carry codes there, embedded pages their tokens.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms "%(a)s"'


class Log(Logger):
    """gunicorn's, in the portal's format, without the tokens that links carry in their paths."""

    def setup(self, cfg: Any) -> None:
        """As gunicorn's; where the portal's log is JSON, so is this."""
        super().setup(cfg)
        if _format == "json":
            for handler in (*self.error_log.handlers, *self.access_log.handlers):
                handler.setFormatter(formatter(_format))

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """As gunicorn's; in JSON with its parts apart."""
        if _format != "json" or not self.access_log_enabled:
            super().access(resp, req, environ, request_time)
            return
        found = self.atoms_wrapper_class(self.atoms(resp, req, environ, request_time))
        facts = {
            "request_id": found["{x-request-id}o"],
            "method": found["m"],
            "path": found["U"],
            "status": int(found["s"]),
            "ms": found["M"],
            "bytes": found["b"],
            "from": found["h"],
            "agent": found["a"],
        }
        self.access_log.info("%(m)s %(U)s %(s)s", found, extra={"facts": facts})

    def atoms(self, *args: Any) -> dict[str, Any]:
        """As gunicorn's; the path masked."""
        found: dict[str, Any] = super().atoms(*args)
        return found | {"U": masked(str(found["U"]))}


logger_class = Log


def on_starting(server: Any) -> None:
    """The folder in which the worker processes count; they inherit it."""
    from portal.metrics import sharing

    sharing.share(_env.str("METRICS_DIR", default=str(_root / "var" / "metrics")), "web")
