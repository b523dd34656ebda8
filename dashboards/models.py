"""Views, dashboards with their widgets, and the snapshots that pages are drawn from."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Concat, Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, slug_validator
from accounts.tenancy import (
    AgencyOrTenantModel,
    OutsideTenantScope,
    ScopedQuerySet,
    TenantManager,
    TenantModel,
)
from dashboards import countries, filters
from dashboards.models_embed import (  # the same app's models, in a file of their own
    EmbedAgreement,
    EmbedCutoff,
    EmbedKey,
    ShareLink,
    new_embed_id,
    validate_origins,
    validate_ua_map,
)
from dashboards.planner import Kind, WidgetSpec
from google_api import errors
from provisioning.models import Credential

__all__ = [
    "Dashboard",
    "EmbedAgreement",
    "EmbedCutoff",
    "EmbedKey",
    "PropertyUse",
    "RequestSlots",
    "ShareLink",
    "Snapshot",
    "Summary",
    "View",
    "ViewQuerySet",
    "Widget",
]


def validate_filter(text: str) -> None:
    """Raises ValidationError with the sentence that says what is wrong with a filter."""
    try:
        filters.parse(text)
    except filters.FilterError as error:
        raise ValidationError(str(error)) from error


def validate_time_zone(name: str) -> None:
    """Raises ValidationError for what is no IANA zone."""
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone such as Europe/Rome."), params={"name": name})


class Dashboard(AgencyOrTenantModel):
    """A named, ordered list of widgets; one serves many views, and editing it changes them all."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.CharField(_("address"), max_length=50, validators=[slug_validator])
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("dashboard")
        verbose_name_plural = _("dashboards")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slug"], name="dashboard_address"),
            models.UniqueConstraint(
                fields=["slug"], condition=models.Q(tenant=None), name="dashboard_address_of_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Widget(AgencyOrTenantModel):
    """One picture or table of a dashboard."""

    class Kind(models.TextChoices):
        """How it is shown."""

        FIGURE = "figure", _("figure")
        LINE = "line", _("line")
        BAR = "bar", _("bars")
        TABLE = "table", _("table")
        DONUT = "donut", _("donut")
        MAP = "map", _("map")

    dashboard = models.ForeignKey(
        Dashboard, on_delete=models.CASCADE, related_name="widgets", verbose_name=_("dashboard")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = models.CharField(_("title"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    metrics = models.JSONField(_("metrics"))
    dimensions = models.JSONField(_("dimensions"), default=list, blank=True)
    order_by = models.CharField(_("order by"), max_length=100, blank=True)
    descending = models.BooleanField(_("largest first"), default=True)
    limit = models.PositiveSmallIntegerField(_("rows"), default=10)
    group = models.CharField(
        _("card"), max_length=100, blank=True, help_text=_("Widgets with the same name here share a card.")
    )

    class Meta:
        verbose_name = _("widget")
        verbose_name_plural = _("widgets")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's; raises ValueError for a widget that no report could answer."""
        self.spec()
        super().save(*args, **kwargs)

    def check_tenant(self) -> None:
        """Also: a client's widget stands on no shared dashboard, where every client would see it."""
        super().check_tenant()
        if self.dashboard.tenant_id != self.tenant_id:
            raise OutsideTenantScope("a widget belongs to whom its dashboard belongs to")

    @property
    def has_rows(self) -> bool:
        """Whether there is more to it than the page shows: figures and lines are there as a whole."""
        return self.kind not in (self.Kind.FIGURE, self.Kind.LINE) and bool(self.dimensions)

    def spec(self) -> WidgetSpec:
        """The widget as the planner takes it. Raises ValueError for what no report could answer."""
        return WidgetSpec(
            id=str(self.pk),
            title=self.title,
            kind=cast(Kind, self.kind),
            metrics=tuple(self.metrics),
            dimensions=self._asked_dimensions,
            order_by=self.order_by,
            descending=self.descending,
            limit=self.limit,
            group=self.group,
        )

    @property
    def _asked_dimensions(self) -> tuple[str, ...]:
        dimensions = tuple(self.dimensions)
        is_atlas = self.kind == self.Kind.MAP and dimensions == countries.COUNTRY
        return countries.MAPPED if is_atlas else dimensions


class ViewQuerySet(ScopedQuerySet):
    """Reads on views, named for the pages that need them."""

    def for_page(self) -> ViewQuerySet:
        """With what every page about a view shows."""
        return self.select_related("tenant", "dashboard", "agency_credential", "tenant_credential")

    def chosen_for(self, memberships: models.QuerySet[Membership]) -> ViewQuerySet:
        """The views that name one of these memberships."""
        return self.filter(shown_to__in=memberships)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """As Django's; each view with its summary."""
        with transaction.atomic():
            made = super().bulk_create(objs, *args, **kwargs)
            Summary.objects.bulk_create([Summary(tenant_id=view.tenant_id, view=view) for view in made])
        return made


class View(TenantModel):
    """One GA4 property seen through an optional saved filter, in the property's zone and currency."""

    class State(models.TextChoices):
        """Whether its figures come, as far as the last try tells."""

        NEW = "new", _("not asked yet")
        WORKS = "works", _("works")
        FAILING = "failing", _("failing")

    slug = models.CharField(_("address"), max_length=50, validators=[slug_validator])
    name = models.CharField(_("name"), max_length=150)
    property_id = models.CharField(
        _("property"),
        max_length=20,
        validators=[RegexValidator(r"^[0-9]{1,19}\Z", _("A property's id is a number."))],
    )
    property_name = models.CharField(_("property's name"), max_length=200, blank=True)
    account_name = models.CharField(_("account"), max_length=200, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    currency = models.CharField(_("currency"), max_length=3)
    filter = models.CharField(
        _("filter"),
        max_length=2000,
        blank=True,
        validators=[validate_filter],
        help_text=_(
            "Shows only part of the property, e.g. hostName==shop.example;country!=Italy. "
            "== equals, != differs, =^ begins with, =@ contains, =~ regular expression; “;” and, “,” or."
        ),
    )
    dashboard = models.ForeignKey(
        Dashboard, on_delete=models.RESTRICT, related_name="+", verbose_name=_("opens with")
    )
    more_dashboards = models.ManyToManyField(
        Dashboard, related_name="+", blank=True, verbose_name=_("also offers")
    )
    agency_credential = models.ForeignKey(
        Credential,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agency's service account"),
    )
    tenant_credential = models.ForeignKey(
        Credential,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("client's own service account"),
    )
    shown_to = models.ManyToManyField(
        Membership,
        related_name="+",
        blank=True,
        verbose_name=_("also shown to"),
        help_text=_("Viewers who see chosen views only."),
    )
    embed_id = models.BigIntegerField(
        _("number in embedded pages"), unique=True, default=new_embed_id, editable=False
    )
    ua_view_id = models.CharField(
        _("old view id"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{1,20}\Z", _("A view id of Universal Analytics is a number."))],
        help_text=_("Of Universal Analytics: pages that ask for ga:12345678 get this view."),
    )
    origins = models.JSONField(
        _("sites that may embed it"), default=list, blank=True, validators=[validate_origins]
    )
    ua_map = models.JSONField(_("old names"), default=dict, blank=True, validators=[validate_ua_map])
    embed_valid_from = models.DateTimeField(null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.NEW, editable=False
    )
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_error_code = models.CharField(max_length=50, blank=True, editable=False)
    last_error_at = models.DateTimeField(null=True, editable=False)
    last_opened_at = models.DateTimeField(null=True, editable=False, db_index=True)
    refresh_queued_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    # What the admin searches: one column to read of each row.
    search_text: Any = models.GeneratedField(
        expression=Lower(
            Concat("name", Value(" "), "slug", Value(" "), "property_id", Value(" "), "property_name")
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects: ClassVar[Any] = TenantManager.from_queryset(ViewQuerySet)()

    class Meta:
        verbose_name = _("view")
        verbose_name_plural = _("views")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slug"], name="view_address"),
            models.UniqueConstraint(fields=["tenant", "id"], name="view_of_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "ua_view_id"],
                condition=~models.Q(ua_view_id=""),
                name="old_view_id_once",
                violation_error_message=_("Another view of this client has this old view id."),
            ),
            models.CheckConstraint(
                condition=models.Q(agency_credential=None) ^ models.Q(tenant_credential=None),
                name="view_has_one_credential",
                violation_error_message=_(
                    "Choose the agency's service account or the client's own, not both."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["search_text", "tenant", "id"], name="view_by_text"),
            models.Index(fields=["state"], name="view_by_state"),
            models.Index(fields=["name"], name="view_by_name"),
            models.Index(fields=["property_id"], name="view_by_property"),
            models.Index(fields=["last_success_at"], name="view_by_success"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's; a new view begins with an empty summary, so that lists have it at once."""
        is_new = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if is_new:
                Summary.objects.create(tenant_id=self.tenant_id, view=self)

    @property
    def credential(self) -> Credential:
        """What its data is fetched with."""
        return self.tenant_credential or self.agency_credential  # type: ignore[return-value]

    @property
    def today(self) -> datetime.date:
        """Today in the property's time zone."""
        return timezone.now().astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def last_error(self) -> str:
        """The last error in words, in the reader's language; empty when the last try worked."""
        return gettext(errors.sentence_for(self.last_error_code)) if self.last_error_code else ""

    def clean(self) -> None:
        """Says in words what check_tenant would refuse."""
        for column in self._misplaced_credentials():
            raise ValidationError({column: _("This service account belongs in the other column.")})

    def check_tenant(self) -> None:
        """Also: the agency's column holds the agency's credentials only, the tenant's its own only."""
        super().check_tenant()
        if self._misplaced_credentials():
            raise OutsideTenantScope("a tenant's credential stands in the agency's column, or the reverse")

    def _misplaced_credentials(self) -> list[str]:
        columns = {"agency_credential": self.agency_credential, "tenant_credential": self.tenant_credential}
        return [
            name
            for name, credential in columns.items()
            if credential is not None and (credential.tenant_id is None) != (name == "agency_credential")
        ]


class Snapshot(TenantModel):
    """The stored answer to one report query of one view: the cache, and what is shown when Google is down.

    `lease` names the process that is asking Google; it counts until `leased_until`.
    """

    view = models.ForeignKey(View, on_delete=models.CASCADE, related_name="snapshots")
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    fetched_at = models.DateTimeField(null=True)
    fresh_until = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=50, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        constraints = [models.UniqueConstraint(fields=["view", "fingerprint"], name="question_once_per_view")]

    def __str__(self) -> str:
        return self.fingerprint[:12]


class Summary(TenantModel):
    """What lists show of a view: its visits of 28 complete days, read from Google once a night.

    The numbers are sessions. Rows are sorted in the database by what stands here, so nothing of it is
    null. `next_at` says when the next night's report is due, and holds off others while one is fetched.
    """

    class Standing(models.IntegerChoices):
        """What a person should think of a view's figures; who needs somebody most comes first."""

        STOPPED = 0, _("stopped")
        FAILING = 1, _("failing")
        FELL = 2, _("fell")
        USUAL = 3, _("as usual")
        EMPTY = 4, _("no data yet")
        GATHERING = 5, _("gathering")

    view = models.OneToOneField(View, on_delete=models.CASCADE, related_name="summary")
    standing = models.PositiveSmallIntegerField(choices=Standing.choices, default=Standing.GATHERING)
    visits = models.BigIntegerField(default=0)
    visits_before = models.BigIntegerField(default=0)
    moved = models.BigIntegerField(default=0)
    daily = models.JSONField(default=list)
    until = models.DateField(null=True)
    last_data_on = models.DateField(null=True)
    fetched_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=50, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(default=timezone.now, db_index=True)
    queued_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")
        indexes = [
            models.Index(fields=["tenant", "standing"], name="summary_of_tenant"),
            models.Index(fields=["standing", "moved", "id"], name="summary_by_need"),
            models.Index(fields=["moved", "id"], name="summary_by_change"),
            models.Index(fields=["-visits", "id"], name="summary_by_visits"),
        ]

    def __str__(self) -> str:
        return f"{self.view_id}: {self.get_standing_display()}"


class PropertyUse(models.Model):
    """What Google last said of a property's quota, and the lock by which processes share its ten
    concurrent requests. Properties are Google's, not a tenant's: the same one may feed several.
    """

    property_id = models.CharField(_("property"), max_length=20, primary_key=True)
    quota_left = models.FloatField(_("quota left"), null=True, help_text=_("The scarcest bucket, 0 to 1."))
    quota: Any = models.JSONField(_("quota"), null=True)
    quota_read_at = models.DateTimeField(_("as of"), null=True)

    class Meta:
        verbose_name = _("property's quota")
        verbose_name_plural = _("properties' quotas")

    def __str__(self) -> str:
        return self.property_id


class RequestSlots(models.Model):
    """Some of a property's concurrent requests, held while a call to Google runs."""

    property_use = models.ForeignKey(PropertyUse, on_delete=models.CASCADE, related_name="slots")
    count = models.PositiveSmallIntegerField()
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("requests under way")
        verbose_name_plural = _("requests under way")

    def __str__(self) -> str:
        return f"{self.property_use_id}: {self.count}"
