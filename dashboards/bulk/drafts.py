"""Many views at once: properties → lines that name a client and a view for each, corrected by a person, saved
together.

A line makes something new and never changes a view that is there: what exists is recognised and left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django import forms
from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant, slug_validator
from dashboards.bulk import loading, naming, table
from dashboards.bulk.loading import OVERVIEW, BadLines, Loaded
from dashboards.bulk.table import MAX_NAME, MAX_SLUG, Problem, Row, Table
from dashboards.models import View
from provisioning import assignments
from provisioning.models import Credential, ReachableProperty


@dataclass
class Draft:
    """One line of the preview: a property, and what shall be made of it unless it is not `wanted`."""

    property_id: str
    tenant_name: str
    tenant: str
    view_name: str
    view: str
    dashboard: str = OVERVIEW
    wanted: bool = True
    reached: ReachableProperty | None = None
    known_client: bool = False
    shown_by: str = ""  # the name of a view of this client's that shows the property already
    problems: list[str] = field(default_factory=list)


def drafted(credential: Credential, properties: Sequence[ReachableProperty]) -> list[Draft]:
    """A line for each property: its account as the client, itself as the view. A few queries, however many
    there are.
    """
    clients = _Clients(credential, properties)
    owners = [(each, clients.of(each)) for each in properties]
    views = _Views({tenant.slug for _each, tenant in owners})
    return [_draft(each, tenant, tenant.slug in clients.by_slug, views) for each, tenant in owners]


def recognise(drafts: Sequence[Draft]) -> None:
    """Notes which clients and views of these lines are there, as they were typed."""
    slugs = {each.tenant for each in drafts}
    known, views = set(Tenant.objects.filter(slug__in=slugs).values_list("slug", flat=True)), _Views(slugs)
    for each in drafts:
        each.known_client = each.tenant in known
        each.shown_by = views.showing(each.tenant, each.property_id)


def _draft(each: ReachableProperty, tenant: Tenant, is_known: bool, views: _Views) -> Draft:
    shown_by = views.showing(tenant.slug, each.property_id)
    return Draft(
        property_id=each.property_id,
        tenant_name=tenant.name,
        tenant=tenant.slug,
        view_name=each.name[:MAX_NAME],
        view=views.address_for(tenant.slug, each),
        wanted=not shown_by,
        reached=each,
        known_client=is_known,
        shown_by=shown_by,
    )


class _Clients:
    """Whose each property is: who it is assigned to, else who is called as its account, else somebody new."""

    def __init__(self, credential: Credential, properties: Sequence[ReachableProperty]) -> None:
        self._only = credential.tenant
        numbers = [each.property_id for each in properties]
        self._assigned = assignments.by_property(credential, numbers)
        tenants = list(Tenant.objects.order_by("-created_at"))
        self.by_slug = {each.slug: each for each in tenants}
        self._by_name = {_key(each.name): each for each in tenants}

    def of(self, each: ReachableProperty) -> Tenant:
        """The client of a property; one that is new has an address that is free."""
        assigned = self._assigned.get(each.property_id, [])
        if self._only or len(assigned) == 1:
            return self._only or assigned[0]
        name = (each.account_name or each.name)[:MAX_NAME]
        if _key(name) not in self._by_name:
            self._by_name[_key(name)] = Tenant(name=name, slug=self._free(name))
        return self._by_name[_key(name)]

    def _free(self, name: str) -> str:
        taken = {*self.by_slug, *(each.slug for each in self._by_name.values())}
        return naming.free(naming.address_of(name, "client"), taken)


class _Views:
    """The views that these clients have, and the addresses given out here."""

    def __init__(self, tenants: Collection[str]) -> None:
        self._showing: dict[tuple[str, str], str] = {}
        self._taken: dict[str, set[str]] = defaultdict(set)
        rows = View.objects.filter(tenant__slug__in=tenants).order_by("-created_at")
        for tenant, property_id, name, slug in rows.values_list(
            "tenant__slug", "property_id", "name", "slug"
        ):
            self._showing[tenant, property_id] = name
            self._taken[tenant].add(slug)

    def showing(self, tenant: str, property_id: str) -> str:
        """The name of the client's view of a property; empty where there is none."""
        return self._showing.get((tenant, property_id), "")

    def address_for(self, tenant: str, each: ReachableProperty) -> str:
        """An address that no view of the client has."""
        slug = naming.free(naming.address_of(each.name, f"property-{each.property_id}"), self._taken[tenant])
        self._taken[tenant].add(slug)
        return slug


def _key(name: str) -> str:
    return name.strip().casefold()


# ---- saving


class LineForm(forms.Form):
    """Checks one line by itself."""

    tenant_name = forms.CharField(label=_("Client"), max_length=MAX_NAME)
    tenant = forms.CharField(label=_("Client's address"), max_length=MAX_SLUG, validators=[slug_validator])
    view_name = forms.CharField(label=_("View"), max_length=MAX_NAME)
    view = forms.CharField(label=_("View's address"), max_length=MAX_SLUG, validators=[slug_validator])
    dashboard = forms.CharField(label=_("Opens with"), max_length=MAX_SLUG)

    def sentences(self) -> list[str]:
        """What is wrong, each with the column in front."""
        return [f"{self[name].label}: {text}" for name, texts in self.errors.items() for text in texts]


def save(credential: Credential, drafts: Sequence[Draft]) -> Loaded | None:
    """Makes what the wanted lines say, all or nothing; None when some are wrong, which then say why.

    Runs in a scope of all tenants.
    """
    try:
        return _save(credential, drafts)
    except IntegrityError:  # somebody has saved meanwhile: the second look finds what
        return _save(credential, drafts)


def _save(credential: Credential, drafts: Sequence[Draft]) -> Loaded | None:
    lines = {number: each for number, each in enumerate(drafts, 1) if each.wanted}
    there = _There(lines.values())
    rows = [_row(number, each, credential, there) for number, each in lines.items()]
    problems = [*_alone(lines), *there.problems(lines), *table.between(rows)]
    try:
        return loading.load(Table(tuple(rows), tuple(problems)))
    except BadLines as error:
        _note(lines, error.problems, first=problems)
        return None


def _note(lines: Mapping[int, Draft], found: Iterable[Problem], *, first: Sequence[Problem]) -> None:
    """Each problem in its line; where `first` has one, what the loader makes of it says nothing new."""
    named = {problem.line for problem in first}
    for problem in found:
        if problem in first or problem.line not in named:
            lines[problem.line].problems.append(problem.sentence)


def _alone(lines: Mapping[int, Draft]) -> Iterator[Problem]:
    """What is wrong with lines by themselves."""
    for number, each in lines.items():
        for sentence in LineForm(data=vars(each)).sentences():
            yield Problem(number, sentence)


def _row(number: int, each: Draft, credential: Credential, there: _There) -> Row:
    """As the loader takes it. An existing client is named by its address alone: nobody is renamed here."""
    return Row(
        line=number,
        tenant=each.tenant,
        tenant_name="" if each.tenant in there.names else each.tenant_name,
        view=each.view,
        view_name=each.view_name,
        property=each.property_id,
        service_account=credential.email,
        filter="",
        dashboard=each.dashboard,
    )


class _There:
    """The clients and views that the lines name and that are there already."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        slugs = {each.tenant for each in drafts}
        self.names = dict(Tenant.objects.filter(slug__in=slugs).values_list("slug", "name"))
        views = View.objects.filter(tenant__slug__in=self.names)
        self.views = set(views.values_list("tenant__slug", "slug"))

    def problems(self, lines: Mapping[int, Draft]) -> Iterator[Problem]:
        """Lines that would change what is there, or give a client's address to another."""
        for number, each in lines.items():
            name = self.names.get(each.tenant)
            if name is not None and _key(name) != _key(each.tenant_name):
                text = gettext("The address %(slug)s is “%(name)s”'s. Choose another, or write that name.")
                yield Problem(number, text % {"slug": each.tenant, "name": name})
            if (each.tenant, each.view) in self.views:
                text = gettext("%(tenant)s has a view with the address %(slug)s already.")
                yield Problem(number, text % {"tenant": name, "slug": each.view})
