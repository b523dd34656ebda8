"""A key from the command line is printed once, alone, to be piped to where it is kept."""

import io

import pytest
from django.core.management import CommandError, call_command

from dashboards.embed import keys
from tests.conftest import Cast


def add(*args: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("add_embed_key", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_key_stands_alone_on_standard_output(cast: Cast):
    out, err = add("--tenant", "acme", "--name", "Shop")
    found = keys.find(out.strip())
    assert (found.tenant, found.name, found.made_by) == (cast.tenant, "Shop", "at the server")
    assert err.strip() == "Keep it on Acme's server: it is not shown again."


@pytest.mark.parametrize(
    "args", [("--tenant", "none", "--name", "Shop"), ("--tenant", "acme", "--name", " ")]
)
def test_what_is_wrong_is_said(cast: Cast, args):
    with pytest.raises(CommandError):
        add(*args)
