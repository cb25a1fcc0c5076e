"""Partner clients: agencies' own systems."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.actions import clients as actions
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.clients import OVERLAP_HOURS, ScopeNotAvailable
from app.domain.errors import SecretAlreadyShown, UnknownReference
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.queries import clients as queries
from app.schemas.base import Page
from app.schemas.clients import ClientChanges, ClientRequest, PartnerClient, PartnerClientWithSecret, SecretRotation
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import Command, IfMatch, Write, creates
from app.web.paging import ListPage, OfAgency, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}/clients", tags=["clients"])
Reader = Annotated[Caller, needs(Permission.READ_CLIENTS)]
Manager = Annotated[Caller, needs(Permission.CHANGE_CLIENTS)]
Creation = Annotated[Write, creates("/v1/malls/{mall}/clients/{id}")]


@router.get("")
async def list_clients(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("id")],
    agency: OfAgency,
    revoked: Annotated[bool, Query(description="True: the revoked ones; false: all others")] = False,
) -> Page[PartnerClient]:
    """List partner clients with their scopes. An agency's manager sees those of their own agency."""
    async with context.database.reading(mall) as reading:
        found = await queries.clients(reading, caller, page.asked, of=agency, revoked=revoked)
        return page.of(PartnerClient, found)


@router.post(
    "",
    status_code=201,
    responses=refuses(UnknownReference, ScopeNotAvailable, AgencyRetired, SecretAlreadyShown),
)
async def register_client(
    mall: CurrentMall, body: ClientRequest, caller: Manager, command: Creation
) -> PartnerClientWithSecret:
    """Register an agency's system as a partner client. Its secret is shown once, in this answer.

    With its id and secret the system gets access tokens from `POST /v1/oauth/token` (client credentials).
    """
    return await command(mall, caller, PartnerClientWithSecret, actions.register, **body.model_dump())


@router.get("/{client_id}")
async def get_client(
    mall: CurrentMall, client_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> PartnerClient:
    """Read a partner client.

    Secrets are never shown again: `secret_prefix` tells which one is meant, `old_secret_until` until when the one
    before it works. An agency's manager reads those of their own agency.
    """
    async with context.database.reading(mall) as reading:
        return conditional(PartnerClient.model_validate(await queries.one(reading, caller, client_id)))


@router.patch("/{client_id}", responses=refuses(ScopeNotAvailable, IllegalTransition))
async def change_client(
    mall: CurrentMall, client_id: UUID, body: ClientChanges, caller: Manager, edit: IfMatch
) -> PartnerClient:
    """Change the name and the scopes of a partner client.

    A scope that is removed stops working within five seconds, also in tokens already issued; one that is added comes
    with the next token. One that reaches over the whole mall (`messages:send`) is not added (`scope_not_available`):
    an agency's people may hold the client's secret. Register a new client with it.
    """
    return await edit(mall, caller, PartnerClient, actions.change, client_id, edit.versions, body.given())


@router.post("/{client_id}/secret-rotation", responses=refuses(IllegalTransition, SecretAlreadyShown))
async def rotate_client_secret(
    mall: CurrentMall, client_id: UUID, caller: Manager, command: Command, body: SecretRotation | None = None
) -> PartnerClientWithSecret:
    """Give a partner client a new secret. It is shown once, in this answer.

    The current secret keeps working for `overlap_hours`, a day if left out; an older one stops now. With an overlap of
    0 (the secret has leaked) the current one stops now, and the client's tokens stop within five seconds.
    """
    hours = body.overlap_hours if body else OVERLAP_HOURS
    return await command(mall, caller, PartnerClientWithSecret, actions.rotate_secret, client_id, overlap_hours=hours)


@router.post("/{client_id}/revocation", responses=refuses(IllegalTransition))
async def revoke_client(mall: CurrentMall, client_id: UUID, caller: Manager, command: Command) -> PartnerClient:
    """Revoke a partner client for good: its secrets stop now, its tokens within five seconds.

    It cannot be taken back; a client that is needed again is registered anew. The tickets that it issued stay. One that
    is revoked already answers `illegal_transition`.
    """
    return await command(mall, caller, PartnerClient, actions.revoke, client_id)
