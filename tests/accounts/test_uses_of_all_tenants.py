"""The list of places that look past the tenants: a new one is a decision, not a slip."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "provisioning", "dashboards", "portal")

USES = {
    ("accounts/access.py", "finding which tenants a person may see"),
    ("accounts/access.py", "finding the invitation of a link"),
    ("accounts/middleware.py", "the agency owner in the admin"),
    ("accounts/tasks.py", "what was chosen in the admin is deleted"),
    ("accounts/tasks.py", "invitations that were chosen in the admin are sent again"),
    ("portal/management/commands/dumpdata.py", "a person at the server dumps the data"),
    ("accounts/management/commands/add_member.py", "a person at the server adds a member"),
    (
        "provisioning/management/commands/add_service_account.py",
        "a person at the server adds a service account",
    ),
    (
        "provisioning/management/commands/rotate_keys.py",
        "a person at the server re-encrypts every secret",
    ),
    ("provisioning/key_marks.py", "the keys are compared with what they sealed"),
    ("provisioning/key_marks.py", "a person at the server gives up a key"),
    ("provisioning/access.py", "finding the provisioning request of an address"),
    ("provisioning/access.py", "finding the provisioning request of a link"),
    ("provisioning/upkeep.py", "tick takes up requests that wait for us"),
    ("provisioning/upkeep.py", "tick reminds customers who stopped half-way"),
    ("provisioning/upkeep.py", "tick tells staff of requests that are live, or stall"),
    ("provisioning/upkeep.py", "tick looks for the first visitors of new properties"),
    ("provisioning/upkeep.py", "tick forgets consents that nobody took up"),
    ("provisioning/views/arrival.py", "finding what a session brought from Google"),
    ("provisioning/oauth_state.py", "finding the consent that a return from Google names"),
    ("provisioning/views/callbacks.py", "finding the ticket that a return from Google's terms names"),
    (
        "provisioning/management/commands/connect_google.py",
        "a person at the server connects a Google account",
    ),
    ("provisioning/outbox/flows.py", "a mail was sent late or not at all: what it was about says so"),
    ("provisioning/grant_mails.py", "the views that hang on the agency's own Google account"),
    (
        "provisioning/views/connected.py",
        "the agency's owner connects a Google account of the agency's own",
    ),
    ("provisioning/grants.py", "revoking at Google would end every grant of one Google account"),
    ("portal/metrics/page.py", "monitoring counts the rows of the installation"),
    ("portal/setup/machine.py", "the set-up page counts the secrets that no key opens"),
    ("portal/setup/redirects.py", "the set-up page says when Google last sent somebody back"),
    ("dashboards/management/commands/add_embed_key.py", "a person at the server makes an embed key"),
    ("dashboards/management/commands/load_views.py", "a person at the server loads views"),
    ("dashboards/management/commands/doctor.py", "a person at the server asks the doctor"),
    ("dashboards/upkeep.py", "tick refreshes the views that people read"),
    ("dashboards/upkeep.py", "tick prunes old snapshots"),
    ("dashboards/embed/authorising.py", "finding what a person agreed to in a window"),
    ("dashboards/embed/handout.py", "counting whose figures a token of Google's would read"),
    (
        "dashboards/embed/issuing.py",
        "finding the client of an embed key, and its views that a server names",
    ),
    ("dashboards/embed/keys.py", "finding the embed key that a server shows"),
    ("dashboards/embed/sharing.py", "finding the link to share that somebody opened"),
    ("dashboards/lists/listing.py", "the agency owner's list of all views"),
    ("dashboards/lists/queue.py", "tick queues the nightly reports"),
}


def _uses(path: Path) -> set[tuple[str, str]]:
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return {
        (str(path.relative_to(ROOT)), ast.literal_eval(call.keywords[0].value))
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "all_tenants"
    }


def test_every_use_of_all_tenants_is_known():
    found = set().union(*(_uses(path) for app in APPS for path in (ROOT / app).rglob("*.py")))
    assert found == USES
