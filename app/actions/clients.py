"""Partner clients, and their secrets."""

from collections.abc import Collection, Container, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from app import access, models
from app.actions import accounts
from app.domain.clients import must_be_addable, must_be_usable
from app.domain.errors import Forbidden, UnknownReference
from app.domain.events import Event
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import OF_THE_MALL, Permission, Role, Scope
from app.journal import Journal
from app.queries.clients import ClientWithSecret
from app.security.secrets import SHOWN_SIGNS, fingerprint, new_machine_key

KEY_PREFIX = "mpc"


async def register(journal: Journal, *, agency_id: UUID, name: str, scopes: Sequence[Scope]) -> ClientWithSecret:
    """Register an agency's system, with its secret: it is shown here once and kept as a hash."""
    await accounts.look_again(journal)
    own = journal.caller.agencies(Permission.CHANGE_CLIENTS, journal.mall_id)
    if own is not None and agency_id not in own:
        raise UnknownReference(thing="agency", member="agency_id")
    agency = await access.agency_named(journal, agency_id)
    must_be_usable(scopes)
    _must_reach_over(journal, scopes)
    secret = new_machine_key(KEY_PREFIX, journal.mall_id)
    client = models.Client(
        mall_id=journal.mall_id,
        agency_id=agency.id,
        name=name,
        scopes=list(scopes),
        secret_prefix=secret[:SHOWN_SIGNS],
        secret_hash=fingerprint(secret),
        created_at=journal.at,
    )
    journal.session.add(client)
    journal.record(Event.CLIENT_REGISTERED, client)
    return ClientWithSecret(client, secret)


async def change(
    journal: Journal, client_id: UUID, versions: Container[int], changes: Mapping[str, Any]
) -> models.Client:
    """Change what a client is called and may do. Its tokens go on, with the scopes that are left to it."""
    client = await _client(journal, client_id)
    access.must_match_version(client, versions)
    if client.revoked_at:
        raise IllegalTransition(thing="client", state="revoked", verb="change")
    scopes = changes.get("scopes", ())
    must_be_usable(scopes)
    _must_reach_over(journal, scopes)
    must_be_addable(client.scopes, scopes)
    journal.record_edit(Event.CLIENT_CHANGED, client, client.change(changes))
    return client


async def rotate_secret(journal: Journal, client_id: UUID, *, overlap_hours: int) -> ClientWithSecret:
    """Give a client another secret. The one before goes on working for the overlap; without one it ends now."""
    client = await _client(journal, client_id)
    _must_reach_over(journal, client.scopes, member=None)
    secret = new_machine_key(KEY_PREFIX, journal.mall_id)
    until = journal.at + timedelta(hours=overlap_hours) if overlap_hours else None
    client.rotate(secret[:SHOWN_SIGNS], fingerprint(secret), until)
    journal.record(Event.CLIENT_SECRET_ROTATED, client, old_secret_until=until)
    return ClientWithSecret(client, secret)


async def revoke(journal: Journal, client_id: UUID) -> models.Client:
    """End a client's secrets and tokens for good."""
    client = await _client(journal, client_id)
    client.revoke(journal.at)
    journal.record(Event.CLIENT_REVOKED, client)
    return client


def _must_reach_over(journal: Journal, scopes: Collection[str], member: str | None = "scopes") -> None:
    """A scope that reaches over the whole mall is its manager's to give, and so is its client's secret."""
    if not journal.caller.plays(Role.MALL_MANAGER, journal.mall_id) and not set(OF_THE_MALL).isdisjoint(scopes):
        raise Forbidden(required=(Role.MALL_MANAGER,), member=member)


async def _client(journal: Journal, client_id: UUID) -> models.Client:
    """A client that is the caller's to change. Raises NotThere."""
    await accounts.look_again(journal)
    return await access.own(journal, journal.caller, Permission.CHANGE_CLIENTS, models.Client, client_id, "client")
