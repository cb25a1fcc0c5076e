"""Partner clients: agencies' own systems."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.actions import clients as actions
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.clients import OVERLAP_HOURS, ScopeNotAvailable
from app.domain.errors import SecretAlreadyShown, UnknownReference
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.queries import clients as queries
from app.queries.paging import PageRequest
from app.schemas.base import Page
from app.schemas.clients import Client, ClientChanges, ClientRequest, ClientWithSecret, SecretRotation
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, Whose, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}/clients", tags=["clients"])
Reader = Annotated[Caller, needs(Permission.READ_CLIENTS)]
Manager = Annotated[Caller, needs(Permission.CHANGE_CLIENTS)]


@router.get("")
async def list_clients(
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("id")],
    listed: Listed,
    whose: Whose,
    revoked: Annotated[bool, Query(description="Those that were revoked, instead of those that work")] = False,
) -> Page[Client]:
    """List the partner clients with their scopes; an agency's manager sees the own agency's."""
    async with house.database.reading(mall) as reading:
        found = await queries.clients(reading, by, asked, of=whose, revoked=revoked)
        return listed(found, asked, Client)


@router.post(
    "",
    status_code=201,
    responses=refuses(UnknownReference, ScopeNotAvailable, AgencyRetired, SecretAlreadyShown),
)
async def register_client(
    mall: CurrentMall, body: ClientRequest, by: Manager, write: Writes, response: Response
) -> ClientWithSecret:
    """Register an agency's own system. Its secret is in this answer and nowhere else.

    With it and its id the system asks `POST /v1/oauth/token` for access tokens (client credentials).
    """
    client = await write(mall, by, ClientWithSecret, actions.register, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/clients/{client.id}"
    return client


@router.get("/{client_id}")
async def get_client(mall: CurrentMall, client_id: UUID, by: Reader, house: TheHouse, fresh: Tagged) -> Client:
    """Read a partner client."""
    async with house.database.reading(mall) as reading:
        return fresh(Client.model_validate(await queries.one(reading, by, client_id)))


@router.patch("/{client_id}", responses=refuses(ScopeNotAvailable, IllegalTransition))
async def change_client(
    mall: CurrentMall,
    client_id: UUID,
    body: ClientChanges,
    by: Manager,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> Client:
    """Change what a client is called and what it may do.

    A scope taken away is gone from its tokens within five seconds; one that is added comes with its next token.
    """
    return fresh(await write(mall, by, Client, actions.change, client_id, version, body.given()))


@router.post("/{client_id}/secret-rotation", responses=refuses(IllegalTransition, SecretAlreadyShown))
async def rotate_client_secret(
    mall: CurrentMall, client_id: UUID, by: Manager, write: Writes, body: SecretRotation | None = None
) -> ClientWithSecret:
    """Give a client another secret, shown in this answer once.

    The present one goes on working for the overlap, a day unless told otherwise; one that was old already ends now.
    Without an overlap (a secret that leaked), the present one ends now and the client's tokens within five seconds.
    """
    hours = body.overlap_hours if body else OVERLAP_HOURS
    return await write(mall, by, ClientWithSecret, actions.rotate_secret, client_id, overlap_hours=hours)


@router.post("/{client_id}/revocation", responses=refuses(IllegalTransition))
async def revoke_client(mall: CurrentMall, client_id: UUID, by: Manager, write: Writes) -> Client:
    """End a client for good: its secrets now, its tokens within five seconds."""
    return await write(mall, by, Client, actions.revoke, client_id)
