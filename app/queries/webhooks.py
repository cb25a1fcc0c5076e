"""Webhooks, for those who manage them and for those who send."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import access, models
from app.access import visible
from app.domain.callers import Caller
from app.domain.roles import Permission
from app.domain.webhooks import WebhookStatus
from app.journal import Reading
from app.queries.paging import AgencyFilter, Page, PageRequest, page

_THERE = models.Webhook.retired_at.is_(None)
_IS: Mapping[WebhookStatus, ColumnElement[bool]] = {
    WebhookStatus.ACTIVE: and_(_THERE, models.Webhook.disabled_at.is_(None)),
    WebhookStatus.DISABLED: and_(_THERE, models.Webhook.disabled_at.is_not(None)),
    WebhookStatus.RETIRED: models.Webhook.retired_at.is_not(None),
}
"""How the rows of a status are known."""


@dataclass(frozen=True)
class WebhookView:
    """A webhook with how far it is, and with a new secret where one is shown."""

    row: models.Webhook
    place: models.WebhookPlace
    signing_secret: str | None = None

    @property
    def sequence(self) -> int:
        """The last entry that it is done with."""
        return self.place.next_sequence - 1

    @property
    def attempts(self) -> int:
        """How often the event at hand was sent in vain."""
        return self.place.attempts

    @property
    def failing_since(self) -> object:
        """Since when nothing was taken."""
        return self.place.failing_since

    @property
    def next_attempt_at(self) -> object:
        """When the event at hand is sent again."""
        return self.place.next_attempt_at

    @property
    def last_accepted_at(self) -> object:
        """When an event was last taken."""
        return self.place.last_accepted_at

    @property
    def replaying(self) -> bool:
        """Whether a span is sent again now."""
        return self.place.replay_next is not None


async def webhooks(
    reading: Reading,
    caller: Caller,
    asked: PageRequest,
    *,
    of: AgencyFilter,
    statuses: Collection[WebhookStatus],
) -> Page[WebhookView]:
    """The webhooks that the caller may read."""
    hook = models.Webhook
    shown = [_IS[status] for status in statuses or WebhookStatus]
    statement = reading.select(hook).where(
        or_(*shown),
        *visible(caller, Permission.READ_WEBHOOKS, reading, hook.agency_id),
        *of.conditions(reading.mall_id, hook.agency_id),
    )
    found = await page(reading.session, statement, {"id": hook.id}, asked)
    place = models.WebhookPlace
    rows = await reading.session.scalars(
        reading.select(place).where(place.webhook_id.in_([each.id for each in found.data]))
    )
    places = {each.webhook_id: each for each in rows}
    return found.showing([WebhookView(each, places[each.id]) for each in found.data])


async def one(reading: Reading, caller: Caller, webhook_id: UUID) -> WebhookView:
    """A webhook that the caller may read. Raises NotThere."""
    found = await access.own(reading, caller, Permission.READ_WEBHOOKS, models.Webhook, webhook_id, "webhook")
    return WebhookView(found, await place_of(reading, webhook_id))


async def place_of(reading: Reading, webhook_id: UUID) -> models.WebhookPlace:
    """How far one is."""
    return await reading.session.get_one(models.WebhookPlace, (reading.mall_id, webhook_id))


async def known(reading: Reading, agency_id: UUID | None) -> int:
    """How many an agency has, or the mall itself, that have not ended."""
    hook = models.Webhook
    owned = hook.agency_id.is_(None) if agency_id is None else hook.agency_id == agency_id
    counted = select(func.count()).where(hook.mall_id == reading.mall_id, owned, hook.retired_at.is_(None))
    return await reading.session.scalar(counted) or 0


async def deliveries(
    reading: Reading, caller: Caller, webhook_id: UUID, asked: PageRequest, *, outcomes: Sequence[str]
) -> Page[models.WebhookDelivery]:
    """What became of the attempts to send it events. Raises NotThere."""
    await access.own(reading, caller, Permission.READ_WEBHOOKS, models.Webhook, webhook_id, "webhook")
    delivery = models.WebhookDelivery
    statement = reading.select(delivery).where(delivery.webhook_id == webhook_id)
    if outcomes:
        statement = statement.where(delivery.outcome.in_(outcomes))
    return await page(reading.session, statement, {"id": delivery.id}, asked)


async def active_malls(session: AsyncSession, mall_ids: Sequence[int]) -> dict[int, bool]:
    """Which of these malls have a webhook that is sent events."""
    hook = models.Webhook
    active = (hook.disabled_at.is_(None), hook.retired_at.is_(None))
    found = await session.scalars(select(hook.mall_id).where(hook.mall_id.in_(mall_ids), *active).distinct())
    return dict.fromkeys(found, True)


async def active(session: AsyncSession, mall_id: int) -> list[WebhookView]:
    """The webhooks of a mall that are sent events, and how far each is."""
    hook, place = models.Webhook, models.WebhookPlace
    rows = await session.execute(
        select(hook, place)
        .join(place, (place.mall_id == hook.mall_id) & (place.webhook_id == hook.id))
        .where(hook.mall_id == mall_id, hook.disabled_at.is_(None), hook.retired_at.is_(None))
    )
    return [WebhookView(*row) for row in rows]
