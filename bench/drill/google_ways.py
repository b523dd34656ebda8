"""Operations of somebody who gets Analytics: back from Google's consent and terms, and our own steps."""

from __future__ import annotations

from accounts.models import Membership, Tenant, User
from accounts.tenancy import all_tenants
from bench.drill.operation import Operation
from bench.drill.person import Person, Seen, address
from google_api import admin, admin_writes, errors
from google_api.http import Api
from provisioning import credentials
from provisioning.models import Credential, ProvisioningRequest
from provisioning.requests.steps import OURS, Step, next_step
from tests.consenting import Visitor, parameters
from tests.provisioning.journey import DETAILS, Journey, leads_to

LIVE = ProvisioningRequest.State.LIVE
TYPED = ("account_name", "property_name", "view_name", "time_zone", "currency")


class Elsewhere:
    """What a journey needs of Google: where its pages are."""

    def __init__(self, url: str) -> None:
        self.url = url


class Way(Operation):
    """A customer who has begun."""

    def prepare(self) -> None:
        """Somebody new, at the form."""
        email = address()
        slug = email.partition("@")[0]
        with all_tenants(reason="the drill's set-up"):
            user = User.objects.create_user(email)
            tenant = Tenant.objects.create(slug=slug, name=slug)
            Membership.objects.create(user=user, tenant=tenant, role="owner")
        visitor = Visitor(self.place.made.google)
        self.journey = Journey(Elsewhere(visitor.url), visitor, None, email)  # type: ignore[arg-type]
        self.journey.client = self.person = Person(self.url, user)  # type: ignore[assignment]
        form = {"email": email, "ticket": "x"}
        visitor.session.post(f"{visitor.url}/analytics/web/sign-in", data=form, timeout=10)
        self.journey.start()

    def comes_back(self, address: str) -> Seen:
        """What is read after Google sent the person back; on the way to Google again, the page of ours."""
        path = address.removeprefix(self.url).partition("?")[0]
        return self._read(self.person.sees("GET", path, params=parameters(address)))

    def _read(self, seen: Seen) -> Seen:
        return seen

    def step(self) -> Step:
        """What comes next."""
        with all_tenants(reason="the drill looks"):
            return next_step(self.journey.row())

    def goes_on(self) -> bool:
        """One step more, as the request's page leads; whether it is live."""
        step = self.step()
        if step is Step.DONE:
            return True
        if step is Step.AUTHORISE:
            self.journey.consent(leads_to(self.journey.do("authorise")))
        elif step in OURS:
            self.journey.do("advance")
        else:
            answer = self.journey.do("terms")
            if answer.status_code == 200:
                self.journey.back(self.journey.terms(leads_to(answer)))
        return self.step() is Step.DONE

    def heals(self) -> bool:
        return self.goes_on()

    def lost(self) -> str:
        row = self.journey.row()
        typed = [name for name in TYPED if getattr(row, name) != DETAILS[name]]
        return ", ".join([*(f"typed: {name}" for name in typed), *self._doubles(row)])

    def _doubles(self, row: ProvisioningRequest) -> list[str]:
        """What is there at Google more or less than once."""
        if row.state != LIVE or row.grant is None:
            return []
        try:
            return [f"{count} {what}" for what, count in self._counted(row, row.grant) if count != 1]
        except errors.GoogleError as error:
            return [f"cannot be counted: {error}"]

    def _counted(self, row: ProvisioningRequest, grant: Credential) -> list[tuple[str, int]]:
        with all_tenants(reason="the drill looks"):
            api = Api(self.place.made.google, credentials.access_token(grant))
            bound = admin_writes.list_access_bindings(api, row.property_id)
            there = [
                each for each in admin.list_properties(api, f"accounts/{row.account_id}") if not each.deleted
            ]
            return [
                ("accounts", len(list(admin.list_account_summaries(api)))),
                ("properties", len(there)),
                ("streams", len(list(admin_writes.list_web_streams(api, row.property_id)))),
                ("guests", sum(each.user == row.shared_with for each in bound)),
                ("grants", Credential.objects.filter(tenant=row.tenant).count()),
            ]


class ConsentCallback(Way):
    """Back from Google's consent, which is exchanged for a grant."""

    name = "OAuth callback"
    action = "consents again where asked"

    def prepare(self) -> None:
        """As far as Google's way back."""
        super().prepare()
        self.address = self.journey.visitor.consent(self.journey.tell(), self.journey.email)

    def act(self) -> Seen:
        return self.comes_back(self.address)


class TermsCallback(Way):
    """Back from Google's terms, after which our own steps follow at once."""

    name = "terms callback"
    action = "presses “Go on”, or tick does"

    def prepare(self) -> None:
        """As far as Google's way back."""
        super().prepare()
        self.address = self.journey.terms(self.journey.until_terms())

    def act(self) -> Seen:
        return self.comes_back(self.address)


class OwnSteps(TermsCallback):
    """Property, stream, share and view, one after the other."""

    name = "provisioning step"

    def prepare(self) -> None:
        """The account is known, and nothing is made in it."""
        super().prepare()
        _hold(self.journey, until="9999-12-31T00:00:00Z")
        self.journey.back(self.address)
        _hold(self.journey, until=None)

    def act(self) -> Seen:
        return self.person.sees("POST", f"/provisioning/{self.journey.pk}/advance/")


def _hold(journey: Journey, *, until: str | None) -> None:
    """Keeps everybody from the request's own steps."""
    with all_tenants(reason="the drill's set-up"):
        ProvisioningRequest.objects.filter(pk=journey.pk).update(working_until=until)
