"""How many warm queries, tokens, frames and shared dashboards a second, each against a bare JSON view of the
same bytes.

python -m bench.embedding [--rounds 10] [--seconds 0.5]
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bench.harness import Reader, ratio, rounds, say, serve, site, throughput
from tests.installation import Installation

SHOP = "https://shop.example"
BARE = "/bench/bare.json"
LEAST = 0.5  # of the bare answers
Row = tuple[str, "Asker", str, float | None]
OPEN = f"""
import json
from accounts.tenancy import all_tenants
from dashboards.embed import keys, sharing
from dashboards.models import View
with all_tenants(reason="a measurement's client lists its site"):
    view = View.objects.get(slug="site")
    view.origins = [{SHOP!r}]
    view.save(update_fields=["origins"])
    key = keys.make(tenant=view.tenant, name="shop", made_by="bench").token.value
    link = sharing.make(view=view, made_by="bench").token.value
    print(json.dumps({{"key": key, "link": link, "number": view.embed_id, "id": str(view.pk)}}))
"""


@dataclass
class Asker(Reader):
    """Somebody without cookies, who asks one thing in one way. `bare` is asked plainly."""

    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None

    def get(self, path: str) -> tuple[int, bytes]:
        """The answer, compressed."""
        if path == BARE:
            return super().get(path)
        status, body, _ = self.ask(self.method, path, self.body, {"Accept-Encoding": "gzip", **self.headers})
        return status, body

    def text(self, path: str) -> str:
        """The answer as it is."""
        status, body, _ = self.ask(self.method, path, self.body, dict(self.headers))
        assert status == 200, f"{path} answers {status}: {body[:300]!r}"
        return body.decode()

    def twin(self, port: int = 0) -> Asker:
        """The same on a connection of its own."""
        return replace(self, port=port or self.port, _connection=None)


def main() -> None:
    """Each against the bare view, in turns, in one process."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--seconds", type=float, default=0.5, help="of each side in each round")
    chosen = options.parse_args()
    with site() as made:
        known = json.loads(made.manage("shell", "-v", "0", "-c", OPEN).splitlines()[-1])
        for row in _asked(made, known):
            _compare(made, *row, chosen)


def _asked(made: Installation, known: Mapping[str, str]) -> list[Row]:
    wanted = json.dumps({"view": "site", "origin": SHOP})
    server = {"Authorization": f"Bearer {known['key']}", "Content-Type": "application/json"}
    issuing = Asker(made.port, method="POST", headers=server, body=wanted)
    token = json.loads(issuing.text("/embed/token"))["access_token"]
    page = Asker(made.port, headers={"Authorization": f"Bearer {token}", "Origin": SHOP})
    query = (
        f"/embed/query?ids=ga:{known['number']}&metrics=ga:sessions&dimensions=ga:date"
        "&start-date=28daysAgo&end-date=yesterday"
    )
    frame, link = f"/embed/views/{known['id']}/", f"/share/{known['link']}/"
    stranger = Asker(made.port)
    for asker, shown in ((page, frame), (stranger, link)):
        _fetch_all(asker, f"{shown}data.json")
    return [
        ("warm queries", page, query, LEAST),
        ("tokens issued", issuing, "/embed/token", LEAST),
        ("warm frames", page, frame, None),
        ("warm shared dashboards", stranger, link, None),
    ]


def _fetch_all(asker: Asker, path: str) -> None:
    """Asks as a page's script does, until all its figures have come."""
    while not json.loads(asker.text(path))["complete"]:
        pass


def _compare(
    made: Installation, what: str, asker: Asker, path: str, least: float | None, chosen: argparse.Namespace
) -> None:
    name = made.folder / f"{what.replace(' ', '-')}.json"
    text = asker.text(path)
    name.write_text(text if text.startswith("{") else json.dumps({"page": text}))
    port = serve(made, "portal.wsgi", DJANGO_SETTINGS_MODULE="bench.bare.storm", BARE_PAGE=str(name))
    own = asker.twin(port)
    found, bare = rounds(
        chosen.rounds,
        lambda: throughput(own, path, seconds=chosen.seconds),
        lambda: throughput(own, BARE, seconds=chosen.seconds),
    )
    say(f"{what} per second, one process", statistics.median(found))
    say("bare JSON answers of that size per second", statistics.median(bare))
    say(f"{what} against bare answers", ratio(found, bare), least=least, unit="x")


if __name__ == "__main__":
    main()
