"""Partner clients."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app import access, models
from app.access import visible
from app.domain.callers import Caller, CallerKind
from app.domain.roles import Permission, RoleBinding, Scope
from app.journal import Reading
from app.queries.paging import AgencyFilter, Page, PageRequest, page
from app.security.secrets import fingerprint, mall_of_key
from app.security.tokens import ClientBearer


async def clients(
    reading: Reading, caller: Caller, asked: PageRequest, *, of: AgencyFilter, revoked: bool
) -> Page[models.Client]:
    """The clients that the caller may read: those that work, or those that were revoked."""
    client = models.Client
    statement = reading.select(client).where(
        client.revoked_at.is_not(None) == revoked,
        *visible(caller, Permission.READ_CLIENTS, reading, client.agency_id),
        *of.conditions(reading.mall_id, client.agency_id),
    )
    return await page(reading.session, statement, {"id": client.id}, asked)


async def one(reading: Reading, caller: Caller, client_id: UUID) -> models.Client:
    """A client that the caller may read. Raises NotThere."""
    return await access.own(reading, caller, Permission.READ_CLIENTS, models.Client, client_id, "client")


@dataclass(frozen=True)
class ClientWithSecret:
    """A client with its new secret, which is shown once."""

    row: models.Client
    client_secret: str


async def proven(session: AsyncSession, client_id: str, secret: str, at: datetime) -> models.Client | None:
    """The client whose secret this is: the newest, or the one before while it may still be used."""
    mall_id = mall_of_key(secret)
    try:
        id_ = UUID(client_id)
    except ValueError:
        return None
    client = await session.get(models.Client, (mall_id, id_)) if mall_id is not None else None
    if client is None or client.revoked_at:
        return None
    shown = fingerprint(secret)
    if compare_digest(client.secret_hash, shown):
        return client
    old = client.old_secret_hash if client.old_secret_until and client.old_secret_until > at else None
    return client if old and compare_digest(old, shown) else None


async def bearer(session: AsyncSession, token: ClientBearer) -> Caller | None:
    """The client that bears an access token, with the scopes that the token and the client both have."""
    client = await session.get(models.Client, (token.mall_id, token.client_id))
    if client is None or client.revoked_at or client.token_version != token.token_version:
        return None
    scopes = [scope for scope in Scope if scope in token.scopes and scope in client.scopes]
    return Caller(
        CallerKind.CLIENT, client.id, tuple(RoleBinding(scope, client.mall_id, client.agency_id) for scope in scopes)
    )


async def was_used(session: AsyncSession, client: models.Client, at: datetime) -> None:
    """Keep when a client last got a token."""
    await session.execute(
        update(models.Client)
        .where(models.Client.mall_id == client.mall_id, models.Client.id == client.id)
        .values(last_used_at=at)
    )
