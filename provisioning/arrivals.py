"""What Google gave to somebody of whom it is not known yet who they are here: kept sealed, for an hour."""

from __future__ import annotations

import datetime
import json
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from google_api.identity import Identity
from google_api.oauth import Tokens
from provisioning import credentials
from provisioning.models import Arrival, Consent, IssuedToken, ProvisioningRequest

GOOD_FOR = datetime.timedelta(hours=1)


def hold(*, request: ProvisioningRequest, consent: Consent, tokens: Tokens, person: Identity) -> Arrival:
    """Keeps what Google gave, sealed, until it is known who came."""
    row = uuid.uuid4()
    return Arrival.objects.create(
        id=row,
        tenant=request.tenant,
        request=request,
        consent=consent,
        subject=person.subject,
        email=person.email.lower(),
        is_email_verified=person.email_verified,
        name=person.name[:150],
        sealed_tokens=credentials.seal_tokens(_as_text(tokens), row),
        expires_at=timezone.now() + GOOD_FOR,
    )


def tokens_of(arrival: Arrival) -> Tokens:
    """What Google gave. Raises SecretUnreadable."""
    return _from_text(credentials.open_tokens(arrival))


def identity_of(arrival: Arrival) -> Identity:
    """Whose it is."""
    return Identity(arrival.subject, arrival.email, arrival.is_email_verified, arrival.name, "")


def forget_old() -> int:
    """Forgets what nobody came for; returns how many. Google may still count their refresh tokens."""
    old = Arrival.objects.filter(expires_at__lt=timezone.now())
    with transaction.atomic():
        gone = list(old.select_for_update(of=("self",)))
        unused = [each for each in gone if each.sealed_tokens]
        client = settings.GOOGLE_CLIENT_ID
        IssuedToken.objects.bulk_create(
            IssuedToken(subject=each.subject, client_id=client) for each in unused
        )
        Arrival.objects.filter(pk__in=[each.pk for each in gone]).delete()
    return len(gone)


def _as_text(tokens: Tokens) -> str:
    end = tokens.refresh_token_expires_at
    return json.dumps(
        {
            "access_token": tokens.access_token,
            "access_token_expires_at": tokens.access_token_expires_at.isoformat(),
            "refresh_token": tokens.refresh_token,
            "refresh_token_expires_at": end.isoformat() if end else None,
            "scopes": sorted(tokens.scopes),
        }
    )


def _from_text(text: str) -> Tokens:
    kept = json.loads(text)
    end = kept["refresh_token_expires_at"]
    return Tokens(
        access_token=kept["access_token"],
        access_token_expires_at=datetime.datetime.fromisoformat(kept["access_token_expires_at"]),
        refresh_token=kept["refresh_token"],
        refresh_token_expires_at=datetime.datetime.fromisoformat(end) if end else None,
        scopes=frozenset(kept["scopes"]),
        id_token="",
    )
