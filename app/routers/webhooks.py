"""Webhooks: events sent to an agency's system, or to the mall's."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.actions import webhooks as actions
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.deliveries import AttemptOutcome, EventTypeUnknown, ReplayTooLong
from app.domain.errors import SecretAlreadyShown, UnknownReference
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.domain.webhooks import (
    OVERLAP_HOURS,
    Backlog,
    TooManyWebhooks,
    WebhookAddressNotAllowed,
    WebhookStatus,
    address_of,
)
from app.queries import webhooks as queries
from app.schemas.base import Page
from app.schemas.webhooks import (
    Webhook,
    WebhookChanges,
    WebhookDelivery,
    WebhookEnabling,
    WebhookReplay,
    WebhookRequest,
    WebhookSecretRotation,
    WebhookWithSecret,
)
from app.security.webhooks import NewSecret
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import Command, IfMatch, Write, creates
from app.web.paging import ListPage, OfAgency, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}/webhooks", tags=["webhooks"])
Reader = Annotated[Caller, needs(Permission.READ_WEBHOOKS)]
Manager = Annotated[Caller, needs(Permission.CHANGE_WEBHOOKS)]
Creation = Annotated[Write, creates("/v1/malls/{mall}/webhooks/{id}")]


@router.get("")
async def list_webhooks(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("id")],
    agency: OfAgency,
    status: Annotated[list[WebhookStatus] | None, Query()] = None,
) -> Page[Webhook]:
    """List webhooks and how far each is, retired ones too. An agency's manager sees those of their own agency."""
    async with context.database.reading(mall) as reading:
        found = await queries.webhooks(reading, caller, page.asked, of=agency, statuses=status or ())
        return page.of(Webhook, found)


@router.post(
    "",
    status_code=201,
    responses=refuses(
        UnknownReference,
        WebhookAddressNotAllowed,
        EventTypeUnknown,
        TooManyWebhooks,
        AgencyRetired,
        SecretAlreadyShown,
    ),
)
async def register_webhook(
    mall: CurrentMall, body: WebhookRequest, caller: Manager, context: Context, command: Creation
) -> WebhookWithSecret:
    """Register where an agency's events are sent, or the mall's. Its secret is shown once, in this answer.

    Events of the chosen types are sent from now on, each in the envelope that `GET /events` shows, one after another
    in the journal's order and at least once: the `webhook-id` tells a repeat. They are signed as Standard Webhooks
    says (`webhook-signature` over id, timestamp and body). An event that is not answered with 2xx within 15 seconds
    is sent again, after 5 seconds at first and 3 hours at most, or as long as `Retry-After` asks within these; the next
    one waits for it. One that a living receiver refuses for 6 hours is given up. A receiver that answers 410, or takes
    nothing for 3 days, disables its webhook (`webhook.disabled`).
    """
    address_of(body.url, loopback=context.webhooks_to_loopback)
    secret = NewSecret.made(context.server_key)
    return await command(mall, caller, WebhookWithSecret, actions.register, **body.model_dump(), secret=secret)


@router.get("/{webhook_id}")
async def get_webhook(
    mall: CurrentMall, webhook_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> Webhook:
    """Read a webhook: where it goes, how far it is, and how its receiver answers.

    Its secret is never shown again: rotate it where it is lost.
    """
    async with context.database.reading(mall) as reading:
        return conditional(Webhook.model_validate(await queries.one(reading, caller, webhook_id)))


@router.patch("/{webhook_id}", responses=refuses(WebhookAddressNotAllowed, EventTypeUnknown, IllegalTransition))
async def change_webhook(
    mall: CurrentMall, webhook_id: UUID, body: WebhookChanges, caller: Manager, context: Context, edit: IfMatch
) -> Webhook:
    """Change the name, the address and the event types of a webhook. What was not sent yet goes by the new ones."""
    changes = body.given()
    if "url" in changes:
        address_of(changes["url"], loopback=context.webhooks_to_loopback)
    return await edit(mall, caller, Webhook, actions.change, webhook_id, edit.versions, changes)


@router.post("/{webhook_id}/secret-rotation", responses=refuses(IllegalTransition, SecretAlreadyShown))
async def rotate_webhook_secret(
    mall: CurrentMall,
    webhook_id: UUID,
    caller: Manager,
    context: Context,
    command: Command,
    body: WebhookSecretRotation | None = None,
) -> WebhookWithSecret:
    """Give a webhook a new secret. It is shown once, in this answer.

    For `overlap_hours`, a day if left out, each delivery carries two signatures, the new secret's and the current
    one's; an older one stops now. With an overlap of 0 (the secret has leaked) the current one stops now.
    """
    hours, secret = body.overlap_hours if body else OVERLAP_HOURS, NewSecret.made(context.server_key)
    return await command(
        mall, caller, WebhookWithSecret, actions.rotate_secret, webhook_id, overlap_hours=hours, secret=secret
    )


@router.post("/{webhook_id}/disabling", responses=refuses(IllegalTransition))
async def disable_webhook(mall: CurrentMall, webhook_id: UUID, caller: Manager, command: Command) -> Webhook:
    """Send a webhook nothing more until it is enabled; its events wait.

    What is being sent may still arrive. One that is not active answers `illegal_transition`.
    """
    return await command(mall, caller, Webhook, actions.disable, webhook_id)


@router.post("/{webhook_id}/enabling", responses=refuses(IllegalTransition))
async def enable_webhook(
    mall: CurrentMall, webhook_id: UUID, caller: Manager, command: Command, body: WebhookEnabling | None = None
) -> Webhook:
    """Send a disabled webhook events again: those that wait first, or only what happens from now on (`skip`).

    Whatever its receiver did before is forgotten: its three days begin anew. One that is not disabled answers
    `illegal_transition`; one that was retired is registered anew.
    """
    backlog = body.backlog if body else Backlog.SEND
    return await command(mall, caller, Webhook, actions.enable, webhook_id, backlog=backlog)


@router.post("/{webhook_id}/retirement", responses=refuses(IllegalTransition))
async def retire_webhook(mall: CurrentMall, webhook_id: UUID, caller: Manager, command: Command) -> Webhook:
    """Retire a webhook for good. It is sent nothing more, and its place among the twenty is free.

    It cannot be taken back; what became of its deliveries can be read for as long as that is kept.
    """
    return await command(mall, caller, Webhook, actions.retire, webhook_id)


@router.post("/{webhook_id}/ping", responses=refuses(IllegalTransition))
async def ping_webhook(mall: CurrentMall, webhook_id: UUID, caller: Manager, command: Command) -> Webhook:
    """Test a webhook: an event of the type `id.mpp.webhook.pinged.v1` is sent to it, whatever types it has chosen.

    It goes the way of all others, behind those that wait; what came of it stands in the deliveries.
    """
    return await command(mall, caller, Webhook, actions.ping, webhook_id)


@router.post("/{webhook_id}/replay", responses=refuses(IllegalTransition, ReplayTooLong))
async def replay_webhook(
    mall: CurrentMall, webhook_id: UUID, body: WebhookReplay, caller: Manager, command: Command
) -> Webhook:
    """Send a webhook the events of a span of the journal again, dead letters among them, before what is new.

    They have the ids that they had. A replay that is asked for while another goes on takes its place.
    """
    return await command(mall, caller, Webhook, actions.replay, webhook_id, **body.model_dump())


@router.get("/{webhook_id}/deliveries")
async def list_webhook_deliveries(
    mall: CurrentMall,
    webhook_id: UUID,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("id")],
    outcome: Annotated[
        list[AttemptOutcome] | None,
        Query(description="Only attempts with this outcome; repeat it for several. `given_up`: the dead letters"),
    ] = None,
) -> Page[WebhookDelivery]:
    """List the attempts to send a webhook events: what was sent and what was answered. `sort=-id`: the newest first."""
    async with context.database.reading(mall) as reading:
        found = await queries.deliveries(reading, caller, webhook_id, page.asked, outcomes=outcome or ())
        return page.of(WebhookDelivery, found)
