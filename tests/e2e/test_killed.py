"""A process killed at any of its calls to Google: in the end one account, one property and one stream."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.installation import ROOT, installed


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_each_outgoing_call(tmp_path: Path, when: str):
    with installed(tmp_path, workers=1) as made:
        made.add_key("310000001")
        ended = subprocess.run(
            [sys.executable, "-m", "tests.e2e.dying", made.google, when],
            cwd=ROOT,
            env=made.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr[-3000:]
        outcomes = json.loads(ended.stdout.splitlines()[-1])
        *killed, whole = outcomes
        assert [each["state"] for each in outcomes] == ["live"] * len(outcomes)
        assert {each["typed"] for each in outcomes} == {"Bluebell Bakery"}
        assert [each["killed"] for each in outcomes] == [True] * len(killed) + [False]
        assert {each["stood_at"] for each in killed} >= {"authorise", "ticket", "property", "stream", "share"}
        made_at_google = Counter(
            (each["path"].rpartition("/")[2])
            for each in made.requests()
            if each["method"] == "POST" and each["status"] in (200, 302, 303)
        )
        for kind in ("properties", "dataStreams", "accessBindings"):
            assert (kind, made_at_google[kind]) == (kind, len(outcomes))
        assert made_at_google["terms"] == len(outcomes), "an account was accepted twice"
