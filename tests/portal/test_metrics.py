"""What Prometheus is told, to whom, and that several processes add up."""

import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client.parser import text_string_to_metric_families

from accounts.tenancy import all_tenants
from dashboards import asked, snapshots
from dashboards.models import PropertyUse
from dashboards.readings import ReportState
from google_api.watching import Call
from portal.metrics import counters, sharing
from portal.metrics.upstream import kind_of
from portal.tasks import beat
from provisioning.models import Credential
from tests import factories
from tests.conftest import Cast

FOREIGN = {"REMOTE_ADDR": "203.0.113.7"}


def figures(client: Client | None = None, **headers: str) -> dict[tuple, float]:
    answer = (client or Client()).get("/metrics", headers=headers)
    assert answer.status_code == 200
    return read(answer.content.decode())


def read(text: str) -> dict[tuple, float]:
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def counted(name: str, **labels: str) -> float:
    return figures().get((name, *sorted({**labels, "process": "alone"}.items())), 0)


# Who


@pytest.mark.django_db
def test_without_a_token_only_this_machine_may_ask(settings):
    settings.METRICS_TOKEN = ""
    here = Client().get("/metrics")
    assert (here.status_code, here["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert Client(**FOREIGN).get("/metrics").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_came_by_a_proxy_is_not_from_here(settings, header: str):
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer wrong", "marked-token", "Bearer märked", "Basic marked-token"]
)
def test_with_a_token_nobody_asks_without_it(settings, given: str):
    settings.METRICS_TOKEN = "marked-token"
    assert (
        Client(**FOREIGN).get("/metrics", headers={"Authorization": "Bearer marked-token"}).status_code == 200
    )
    assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404


@pytest.mark.django_db
def test_it_is_asked_without_tls(settings):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/metrics").status_code == 200


# What


def test_requests_are_counted_by_name_and_never_by_path(cast: Cast):
    client = Client()
    client.force_login(cast.charlie)
    labels = {"route": "dashboards:dashboard", "method": "GET", "status": "4xx"}
    before = counted("belvedere_http_requests_total", **labels)
    client.get("/clients/acme/views/site/")
    client.get("/nobody/knows/this-path/")
    client.generic("BREW", "/healthz")
    assert counted("belvedere_http_requests_total", **labels) == before + 1
    assert counted("belvedere_http_requests_total", route="none", method="GET", status="4xx") >= 1
    assert counted("belvedere_http_requests_total", route="healthz", method="other", status="4xx") >= 1
    assert counted("belvedere_http_request_seconds_count", route="dashboards:dashboard") >= 1
    text = Client().get("/metrics").content.decode()
    assert [each for each in ("acme", "this-path", "BREW", "charlie") if each in text] == []


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/v1beta/properties/310000001:batchRunReports", "data.batchRunReports"),
        ("POST", "/v1beta/properties/310000001:runReport", "data.runReport"),
        ("POST", "/v1beta/properties/1:runRealtimeReport", "data.runRealtimeReport"),
        ("GET", "/v1beta/properties/0/metadata", "data.metadata"),
        ("GET", "/v1beta/accountSummaries", "admin.read"),
        ("POST", "/v1beta/accounts:provisionAccountTicket", "admin.write"),
        ("PATCH", "/v1alpha/properties/1/x", "admin.write"),
        ("GET", "/analytics/v3/management/accounts", "v3.read"),
        ("POST", "/analytics/v3/provisioning/createAccountTicket", "v3.write"),
        ("POST", "/token", "token"),
        ("POST", "/revoke", "revoke"),
        ("GET", "/oauth2/v3/certs", "certs"),
        ("GET", "/v1/userinfo", "userinfo"),
        ("GET", "/something/else", "other"),
    ],
)
def test_calls_to_google_are_counted_by_what_they_ask(method: str, path: str, kind: str):
    assert kind_of(method, path) == kind


@pytest.mark.django_db
def test_a_call_is_counted_with_its_outcome():
    labels = {"kind": "data.runReport", "outcome": "quota_exhausted"}
    before = counted("belvedere_google_calls_total", **labels)
    counters.count_call(Call("POST", "/v1beta/properties/1:runReport", "quota_exhausted", 0.2))
    assert counted("belvedere_google_calls_total", **labels) == before + 1


@pytest.mark.django_db
def test_reports_are_counted_as_they_were_served():
    now = timezone.now()
    states = [
        ReportState(fetched_at=now),
        *[ReportState(fetched_at=now, stale=True)] * 2,
        ReportState(waiting=True),
        ReportState(error="forbidden"),
    ]
    name = "belvedere_snapshots_served_total"
    before = {state: counted(name, state=state) for state in ("fresh", "stale", "cold")}
    snapshots.note_served(dict(enumerate(states)))
    after = {state: counted(name, state=state) for state in before}
    assert Counter(after) - Counter(before) == Counter(fresh=1, stale=2, cold=2)


def test_opening_a_page_counts_its_reports_once(cast: Cast):
    client = Client()
    client.force_login(cast.alice)
    before = counted("belvedere_snapshots_served_total", state="cold")
    page = client.get("/clients/acme/views/site/")
    assert page.status_code == 200
    with all_tenants(reason="a test looks"):
        reports = len(asked.read(cast.view, QueryDict()).plan.reports)
    assert counted("belvedere_snapshots_served_total", state="cold") == before + reports


def test_how_things_stand_is_read_from_the_database(cast: Cast):
    factories.CredentialFactory(
        tenant=cast.tenant, kind="grant", subject="1", client_id="web", state="refused"
    )
    PropertyUse.objects.create(property_id="1", quota_left=0.1, quota_read_at=timezone.now())
    PropertyUse.objects.create(
        property_id="2", quota_left=0.01, quota_read_at=timezone.now() - timedelta(hours=2)
    )
    beat.enqueue()
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=10))
    found = figures()
    assert found[("belvedere_credentials", ("kind", "grant"), ("state", "refused"))] == 1
    assert found[("belvedere_credentials", ("kind", "grant"), ("state", "failing"))] == 0
    assert (found[("belvedere_quota_left_worst",)], found[("belvedere_quota_low_properties",)]) == (0.1, 1)
    assert (found[("belvedere_queue_ready",)], found[("belvedere_queue_running",)]) == (1, 0)
    assert 600 <= found[("belvedere_queue_oldest_seconds",)] < 700
    assert ("belvedere_tick_age_seconds",) not in found
    assert found[("belvedere_views", ("state", "new"))] == 2


def test_it_asks_as_much_of_the_database_for_many_rows(cast: Cast, django_assert_max_num_queries):
    for _ in range(5):
        factories.ViewFactory(tenant=cast.tenant)
        factories.CredentialFactory(tenant=cast.tenant, state=Credential.State.FAILING)
    with django_assert_max_num_queries(12):
        Client().get("/metrics")


# Processes

COUNT = """
import sys
from portal.metrics import sharing
sharing.share(sys.argv[1], sys.argv[2])
from portal.metrics import counters
counters.count_request("healthz", "GET", 200, 0.02)
counters.count_task("a.task", "SUCCESSFUL")
print("counted", flush=True)
sys.stdin.read()
"""


def process(folder, kind: str) -> subprocess.Popen:
    arguments = [sys.executable, "-c", COUNT, str(folder), kind]
    started = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    assert started.stdout.readline() == "counted\n"
    return started


def end(*processes: subprocess.Popen) -> None:
    for each in processes:
        each.communicate("")
        assert each.returncode == 0


def of_all(monkeypatch, folder, capsys) -> dict[tuple, float]:
    monkeypatch.setenv(sharing.WHERE, str(folder / "alone"))
    call_command("metrics")
    found = read(capsys.readouterr().out)
    return {key: value for key, value in found.items() if key[0].endswith("_total")}


@pytest.mark.django_db
def test_processes_add_up_by_kind_the_dead_too(monkeypatch, tmp_path, capsys):
    first, second, worker = process(tmp_path, "web"), process(tmp_path, "web"), process(tmp_path, "worker")
    end(first)

    def requests(kind: str) -> tuple:
        labels = (("method", "GET"), ("process", kind), ("route", "healthz"), ("status", "2xx"))
        return ("belvedere_http_requests_total", *labels)

    found = of_all(monkeypatch, tmp_path, capsys)
    assert (found[requests("web")], found[requests("worker")]) == (2, 1)
    third = process(tmp_path, "web")  # while the second lives, nothing is forgotten
    assert of_all(monkeypatch, tmp_path, capsys)[requests("web")] == 3
    end(second, third)
    fourth = process(tmp_path, "web")  # the first of a new start
    again = of_all(monkeypatch, tmp_path, capsys)
    assert (again[requests("web")], again[requests("worker")]) == (1, 1)
    end(fourth, worker)


def test_a_folder_that_cannot_be_written_stops_nobody(monkeypatch, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    monkeypatch.delenv(sharing.WHERE, raising=False)
    sharing.share(str(tmp_path / "file"), "web")
    assert sharing.WHERE not in sharing.os.environ
    assert "METRICS_DIR cannot be used" in caplog.text
