"""Webhooks, and their secrets."""

from collections.abc import Container, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from app import access, models
from app.actions import accounts
from app.domain.deliveries import must_be_replayable, must_be_told
from app.domain.errors import Forbidden, UnknownReference
from app.domain.events import Event
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission, Role
from app.domain.webhooks import Backlog, DisabledBecause, must_be_few
from app.journal import Journal
from app.queries import webhooks as queries
from app.queries.webhooks import WebhookView
from app.security.webhooks import NewSecret


async def register(
    journal: Journal, *, agency_id: UUID | None, name: str, url: str, event_types: Sequence[str], secret: NewSecret
) -> WebhookView:
    """Register where an agency's events go, or the mall's: from now on, with its secret, which is shown here once."""
    await accounts.look_again(journal)
    own = journal.caller.agencies(Permission.CHANGE_WEBHOOKS, journal.mall_id)
    if agency_id is None and own is not None:
        raise Forbidden(required=(Role.MALL_MANAGER,), member="agency_id")
    if agency_id is not None:
        if own is not None and agency_id not in own:
            raise UnknownReference(thing="agency", member="agency_id")
        await access.agency_named(journal, agency_id)
    must_be_told(agency_id, event_types)
    must_be_few(await queries.known(journal, agency_id))
    webhook = models.Webhook(
        mall_id=journal.mall_id,
        agency_id=agency_id,
        name=name,
        url=url,
        event_types=list(event_types),
        sealed_secret=secret.sealed,
        created_at=journal.at,
    )
    journal.session.add(webhook)
    await journal.session.flush()
    sequence = journal.record(Event.WEBHOOK_REGISTERED, webhook)
    place = models.WebhookPlace(mall_id=journal.mall_id, webhook_id=webhook.id, next_sequence=sequence + 1)
    journal.session.add(place)
    return WebhookView(webhook, place, secret.shown)


async def change(
    journal: Journal, webhook_id: UUID, versions: Container[int], changes: Mapping[str, Any]
) -> WebhookView:
    """Change what it is called, where it goes and what it is told. What was not yet sent goes there, too."""
    view = await _webhook(journal, webhook_id)
    access.must_match_version(view.row, versions)
    view.row.must_be_changeable()
    must_be_told(view.row.agency_id, changes.get("event_types", ()))
    journal.record_edit(Event.WEBHOOK_CHANGED, view.row, view.row.change(changes))
    return view


async def rotate_secret(journal: Journal, webhook_id: UUID, *, overlap_hours: int, secret: NewSecret) -> WebhookView:
    """Give it another secret. The one before signs beside it for the overlap; without one it ends now."""
    view = await _webhook(journal, webhook_id)
    until = journal.at + timedelta(hours=overlap_hours) if overlap_hours else None
    view.row.rotate(secret.sealed, until)
    journal.record(Event.WEBHOOK_SECRET_ROTATED, view.row, old_secret_until=until)
    return WebhookView(view.row, view.place, secret.shown)


async def disable(journal: Journal, webhook_id: UUID) -> WebhookView:
    """Send it nothing more. What happens meanwhile waits in the journal."""
    view = await _webhook(journal, webhook_id)
    _disable(journal, view.row, DisabledBecause.ASKED)
    return view


async def disable_failing(journal: Journal, webhook_id: UUID, because: DisabledBecause) -> None:
    """Its receiver is gone, or has failed for days: the program sends it nothing more, if it still does."""
    webhook = await access.row(journal, models.Webhook, webhook_id, "webhook")
    try:
        _disable(journal, webhook, because)
    except IllegalTransition:  # somebody was faster
        return


async def enable(journal: Journal, webhook_id: UUID, *, backlog: Backlog) -> WebhookView:
    """Send it events again: from where it stopped, or only what happens from now on."""
    view = await _webhook(journal, webhook_id)
    view.row.enable()
    view.place.begin_anew()
    sequence = journal.record(Event.WEBHOOK_ENABLED, view.row, backlog=backlog)
    if backlog is Backlog.SKIP:
        view.place.next_sequence = sequence + 1
        view.place.replay_next = view.place.replay_last = None
    return view


async def retire(journal: Journal, webhook_id: UUID) -> WebhookView:
    """End it for good."""
    view = await _webhook(journal, webhook_id)
    view.row.retire(journal.at)
    journal.record(Event.WEBHOOK_RETIRED, view.row)
    return view


async def ping(journal: Journal, webhook_id: UUID) -> WebhookView:
    """Test it: that it was tested is an event, which is sent to it as any other is."""
    view = await _webhook(journal, webhook_id)
    view.row.must_be_active("ping")
    journal.record(Event.WEBHOOK_PINGED, view.row)
    return view


async def replay(journal: Journal, webhook_id: UUID, *, from_sequence: int, to_sequence: int | None) -> WebhookView:
    """Send it these entries' events again, before anything else; up to where it is, unless an end is named."""
    view = await _webhook(journal, webhook_id)
    view.row.must_be_active("replay")
    last = view.sequence if to_sequence is None else to_sequence
    must_be_replayable(from_sequence, last, view.sequence)
    view.place.replay(from_sequence, last)
    journal.record(Event.WEBHOOK_REPLAYED, view.row, from_sequence=from_sequence, to_sequence=last)
    return view


def _disable(journal: Journal, webhook: models.Webhook, because: DisabledBecause) -> None:
    webhook.disable(because, journal.at)
    journal.record(Event.WEBHOOK_DISABLED, webhook, disabled_because=because)


async def _webhook(journal: Journal, webhook_id: UUID) -> WebhookView:
    """A webhook that is the caller's to change. Raises NotThere."""
    await accounts.look_again(journal)
    found = await access.own(journal, journal.caller, Permission.CHANGE_WEBHOOKS, models.Webhook, webhook_id, "webhook")
    return WebhookView(found, await queries.place_of(journal, webhook_id))
