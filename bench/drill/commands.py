"""Operations at the server's command line."""

from __future__ import annotations

import subprocess
import sys

from accounts.tenancy import all_tenants
from bench.drill.operation import Operation
from bench.drill.person import Seen
from bench.drill.place import KEYS, NEW_PROPERTIES, Place
from dashboards.models import View
from provisioning import credentials
from provisioning.models import ReachableProperty
from provisioning.sealed_places import keys_in_use
from tests.installation import ROBOT, ROOT

PATIENCE_SECONDS = 120


class Command(Operation):
    """One of manage.py's."""

    runs_in = "command"
    action = "runs it again"

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.process: subprocess.Popen[str] | None = None

    def run(self, *arguments: str, **settings: str) -> Seen:
        """To its end; what stands last on the terminal."""
        self.process = process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.place.made.environment | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            out, err = process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return Seen("hangs", "")
        code = process.returncode
        lines = [each for each in (err or out).splitlines() if each.strip()]
        if "Traceback" in err:
            return Seen(f"exit {code}", f"Traceback … {lines[-1]}")
        said = [each for each in lines if " WARNING " not in each and " INFO " not in each] or ["killed"]
        return Seen(f"exit {code}", " ".join(said[-2:]))

    def heals(self) -> bool:
        return self.act().status == "exit 0"


class RotateKeys(Command):
    """Every secret with the other key."""

    name = "rotate_keys"
    asks_google = False

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.first, self.other = KEYS

    def prepare(self) -> None:
        """The other way round than before."""
        self.first, self.other = self.other, self.first

    def act(self) -> Seen:
        return self.run("rotate_keys", PORTAL_ENCRYPTION_KEYS=f"{self.first},{self.other}")

    def lost(self) -> str:
        with all_tenants(reason="the drill looks"):
            _, unreadable = credentials.count_secrets()
        return f"{unreadable} secrets" if unreadable else ""

    def heals(self) -> bool:
        if not super().heals():
            return False
        with all_tenants(reason="the drill looks"):
            return self.other.partition(":")[0] not in {
                name for name, count in keys_in_use().items() if count
            }


class LoadViews(Command):
    """Two new clients, whose properties the service account's list does not have yet."""

    name = "load_views"

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.numbers = iter(NEW_PROPERTIES)

    def prepare(self) -> None:
        """A file."""
        self.slugs = [f"client-{next(self.numbers)}", f"client-{next(self.numbers)}"]
        lines = ["tenant,tenant_name,view,view_name,property,service_account,filter"]
        lines += [f"{each},{each},site,Site,{each.partition('-')[2]},{ROBOT}," for each in self.slugs]
        self.path = self.place.made.folder / f"{self.slugs[0]}.csv"
        self.path.write_text("\n".join(lines))
        self.half = False
        self._forget_the_list()

    def _forget_the_list(self) -> None:
        with all_tenants(reason="the drill's set-up"):
            numbers = [each.partition("-")[2] for each in self.slugs]
            ReachableProperty.objects.filter(property_id__in=numbers).delete()

    def act(self) -> Seen:
        return self.run("load_views", str(self.path))

    def heals(self) -> bool:
        self.half = self.half or self._there() == 1
        return super().heals() and self._there() == len(self.slugs)

    def lost(self) -> str:
        return "half a file was loaded" if self.half else ""

    def _there(self) -> int:
        with all_tenants(reason="the drill looks"):
            return View.objects.filter(tenant__slug__in=self.slugs).count()
