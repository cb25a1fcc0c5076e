"""Planning a visit: a ticket for each of its services, all in one act or none."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app import models
from app.actions import issuing
from app.domain.events import Event
from app.domain.issuing import WebVisitor, channel_for
from app.domain.roles import Permission
from app.domain.services import Channel
from app.domain.visitors import phone_of
from app.errors import Conflict, Invalid
from app.journal import Journal
from app.queries import visits as queries
from app.queries.visits import VisitView


async def plan(
    journal: Journal,
    server_key: bytes,
    /,
    *,
    service_ids: Sequence[UUID],
    in_order: bool,
    channel: Channel | None,
    **wanted: Any,  # noqa: ANN401  # as `issuing.issue` takes them
) -> VisitView:
    """Issue them all now, so that each keeps its place and counts in its quota. A refusal names the service."""
    journal.caller.must(Permission.ISSUE_TICKETS, journal.mall_id)
    _must_be_a_phone(**wanted)
    wanted["channel"] = channel_for(journal.caller, journal.mall_id, channel)
    visit = models.Visit(mall_id=journal.mall_id, service_day=journal.today, in_order=in_order)
    journal.session.add(visit)
    tickets = []
    for step, service_id in enumerate(service_ids, 1):
        wanted |= {"service_id": service_id, "visit_id": visit.id, "visit_step": step}
        try:
            issued = await issuing.issue(journal, server_key, **wanted)
        except (Conflict, Invalid) as refused:
            raise refused.at_member(f"service_ids/{step - 1}") from None
        tickets.append(issued.row)
    journal.record(Event.VISIT_PLANNED, visit, ticket_ids=[each.id for each in tickets])
    return await queries.planned(journal, visit, tickets)


def _must_be_a_phone(*, phone: str | None, visitor: WebVisitor | None, **_: object) -> None:
    """Refuse a phone before any service is named as what is wrong."""
    if visitor:
        visitor.must_own_phone()
    elif phone is not None:
        phone_of(phone)
