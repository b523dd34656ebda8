"""Whether the admin's lists are as quick among ten thousand clients as among ten, each with five views, and
ask the database the same number of questions.

    python -m bench.admin_lists [--few 10] [--many 10000] [--rounds 7] [--database postgres://…/name]

With a database, its name gets `_few` and `_many`; both must be there, and empty.
"""

import argparse
import statistics
import time
from contextlib import ExitStack

from bench.harness import Reader, ratio, rounds, say, site
from tests.installation import Installation

# What PostgreSQL does by itself before long, and `tick` does for SQLite.
STATISTICS = "from django.db import connection; connection.cursor().execute('ANALYZE')"
OWNER = "olivia@northlight.example"
LISTS = {
    "clients": "accounts/tenant/",
    "views": "dashboards/view/",
    "views, second page": "dashboards/view/?p=2",
    "views, a state": "dashboards/view/?state__exact=new",
    "views, a client": "dashboards/view/?client=client-3",
    "views by name": "dashboards/view/?o=1",
    "views by client": "dashboards/view/?o=2",
    "views, a search": "dashboards/view/?q=view",
    "views, a search for one": "dashboards/view/?q=310000103",
    "views, a search for two words": "dashboards/view/?q=view+client",
    "views, a search for none": "dashboards/view/?q=nothing",
    "clients by name": "accounts/tenant/?o=1",
    "clients, a search": "accounts/tenant/?q=client",
    "clients to choose": "autocomplete/?app_label=dashboards&model_name=view&field_name=tenant&term=client",
    "views to choose": "autocomplete/?app_label=dashboards&model_name=snapshot&field_name=view&term=view",
    "the form of a new client's account": "provisioning/credential/add/",
    "the choice of a property": "dashboards/view/choose/",
    "service accounts": "provisioning/credential/",
    "dashboards": "dashboards/dashboard/",
    "quotas": "dashboards/propertyuse/",
    "people": "accounts/user/",
}


def main() -> None:
    """Two installations side by side, the same lists in each, as the agency's owner sees them."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--few", type=int, default=10)
    options.add_argument("--many", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--database", default="", help="instead of SQLite")
    chosen = options.parse_args()
    with ExitStack() as stack:
        sides = [
            _made(stack, clients, f"{chosen.database}_{name}" if chosen.database else "")
            for clients, name in ((chosen.few, "few"), (chosen.many, "many"))
        ]
        for name, path in LISTS.items():
            _compare(name, f"/admin/{path}", sides, chosen.rounds)


def _made(stack: ExitStack, clients: int, database: str) -> tuple[Installation, Reader]:
    made = stack.enter_context(site(workers=1, database=database))
    made.add_person(OWNER, "agency-owner")
    _run(made, f"from bench import crowd; crowd.add(tenants={clients - 1}, views=5)")
    _run(made, STATISTICS if database else "from portal import upkeep; upkeep.refresh_statistics()")
    return made, Reader(made.port).sign_in(OWNER)


def _run(made: Installation, code: str) -> str:
    return made.manage("shell", "-v", "0", "-c", code)


def _compare(name: str, path: str, sides: list[tuple[Installation, Reader]], count: int) -> None:
    few, many = rounds(count, *[lambda one=reader: _milliseconds(one, path) for _, reader in sides])
    say(f"{name}, few clients", statistics.median(few), unit=" ms")
    say(f"{name}, many clients", statistics.median(many), unit=" ms")
    say(f"{name}, ratio", ratio(many, few), most=1.5, unit="x")
    asked = [_queries(made, path) for made, _ in sides]
    say(f"{name}, queries more", asked[1] - asked[0], most=0)


def _milliseconds(reader: Reader, path: str) -> float:
    started = time.monotonic()
    status, _ = reader.get(path)
    assert status == 200, f"{path} answers {status}"
    return 1000 * (time.monotonic() - started)


def _queries(made: Installation, path: str) -> int:
    said = _run(made, f"from bench import queries; queries.show({OWNER!r}, {path!r})")
    return int(said.splitlines()[-1])


if __name__ == "__main__":
    main()
