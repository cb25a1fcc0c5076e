"""Numbers that a kiosk gives while it is cut off: reserved before, reported afterwards, or lost with the day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app import access, models
from app.actions import issuing
from app.actions import queue as moving
from app.actions.intervals import waiting
from app.domain.errors import UnknownReference
from app.domain.events import Event
from app.domain.members import Membership
from app.domain.number_blocks import BLOCK_LIFE, BlockOpen, GivenNumber, NumberOutcome, OtherSeries, must_follow
from app.domain.roles import Permission
from app.domain.services import Channel, refusal
from app.journal import Journal
from app.queries import issuing as issuing_queries
from app.queries import number_blocks as queries
from app.queries.issuing import IssuingInputs
from app.queries.number_blocks import WholeBlockView


async def reserve(journal: Journal, *, number_series_id: UUID, size: int) -> WholeBlockView:
    """Take the next numbers of a series out of it, all at once, for the kiosk that asks."""
    journal.caller.must(Permission.RESERVE_NUMBERS, journal.mall_id)
    device = await journal.session.get_one(models.Device, (journal.mall_id, journal.caller.id))
    series = await journal.get(models.NumberSeries, number_series_id)
    if series is None:
        raise UnknownReference(thing="number_series", member="number_series_id")
    if open_ := await queries.open_block(journal, device.id, series.id):
        raise BlockOpen(block_id=open_.id)
    counted = await queries.last_number(journal, series.id)
    if counted is None:
        counted = models.SeriesDay(
            mall_id=journal.mall_id, series_id=series.id, service_day=journal.today, last_number=0
        )
        journal.session.add(counted)
    block = models.NumberBlock(
        mall_id=journal.mall_id,
        series_id=series.id,
        device_id=device.id,
        service_day=journal.today,
        first_ordinal=counted.last_number + 1,
        last_ordinal=counted.last_number + size,
        reserved_at=journal.at,
    )
    counted.last_number = block.last_ordinal
    journal.session.add(block)
    await journal.session.flush()
    journal.session.add_all(
        models.BlockNumber(mall_id=journal.mall_id, block_id=block.id, ordinal=each, ticket_id=models.new_id())
        for each in block.ordinals
    )
    journal.record(Event.NUMBER_BLOCK_RESERVED, block)
    await journal.session.flush()
    return await queries.whole(journal, block)


async def report(
    journal: Journal, server_key: bytes, block_id: UUID, *, numbers: Sequence[Mapping[str, Any]]
) -> WholeBlockView:
    """Make tickets of what the kiosk gave: they stand, also where a rule forbade them that it could not know."""
    journal.caller.must(Permission.RESERVE_NUMBERS, journal.mall_id)
    block = await queries.visible_block(journal, journal.caller, block_id)
    BLOCK_LIFE.must_allow(block.status, "report")
    series = await access.row(journal, models.NumberSeries, block.series_id, "number_series")
    given = [GivenNumber(**each) for each in numbers]
    must_follow(given, series.prefix, block.ordinals, block.reserved_at, journal.at)
    services: dict[UUID, _Service] = {}
    tickets = []
    for at, number in enumerate(await queries.numbers_of(journal, block)):
        each = given[at] if at < len(given) else None
        if each is None or each.service_id is None:
            number.outcome = NumberOutcome.VOID if each else NumberOutcome.UNUSED
            continue
        number.outcome = NumberOutcome.ISSUED
        if each.service_id not in services:
            services[each.service_id] = await _service(journal, each.service_id, block.series_id, at)
        service = services[each.service_id]
        tickets.append(
            issuing.issue_number(
                journal,
                server_key,
                service.facts,
                number=issuing.Number(number.ticket_id, number.ordinal, each.issued_at),
                service_id=each.service_id,
                channel=Channel.KIOSK,
                priority_class=each.priority_class,
                access_needs=each.access_needs,
                language=each.language,
                broken_rule=service.broken_rule(each.service_id, each.issued_at),
            )
        )
    await _write(journal, tickets)
    block.report(journal.at)
    broken = [each.id for each in tickets if each.broken_rule]
    journal.record(Event.NUMBER_BLOCK_REPORTED, block, issued=len(tickets), given=len(given), broken=broken)
    for agency_id in sorted({each.agency_id for each in tickets}):
        await moving.near(journal, agency_id)
    await journal.session.flush()
    return await queries.whole(journal, block)


@dataclass
class _Service:
    """What decides about the tickets of one service, and how many the report has given of it so far."""

    facts: IssuingInputs
    not_in_force: Membership | None
    issued: Counter[str]

    def broken_rule(self, service_id: UUID, at: datetime) -> str | None:
        """The code with which a ticket of that instant would have been refused; counts it."""
        offer = replace(self.facts.offer(service_id, self.not_in_force, at), issued=self.issued)
        refused = refusal(offer, Channel.KIOSK)
        self.issued[Channel.KIOSK] += 1
        return refused.code if refused else None


async def _service(journal: Journal, service_id: UUID, series_id: UUID, at: int) -> _Service:
    """A service of the report. Raises UnknownReference or OtherSeries at the number that names it first."""
    member = f"numbers/{at}/service_id"
    facts = await issuing_queries.issuing_inputs(journal, service_id, None, None)
    if facts is None:
        raise UnknownReference(thing="service", member=member)
    if facts.series_id != series_id:
        raise OtherSeries(member=member, number_series_id=facts.series_id)
    return _Service(facts, await issuing.not_in_force(journal, facts), Counter(facts.issued))


async def _write(journal: Journal, tickets: Sequence[models.Ticket]) -> None:
    """Write them with their visits and the intervals in which they wait, in the order of their foreign keys."""
    visits = [models.Visit(mall_id=each.mall_id, id=each.visit_id, service_day=each.service_day) for each in tickets]
    for rows in (visits, tickets, [waiting(each, each.issued_at) for each in tickets]):
        journal.session.add_all(rows)
        await journal.session.flush()


async def expire(journal: Journal, day: date) -> None:
    """The day is over: what was not reported can be reported no more."""
    number = models.BlockNumber
    for block in await queries.open_blocks(journal, day):
        block.expire(journal.at)
        await journal.session.execute(
            update(number)
            .where(number.mall_id == journal.mall_id, number.block_id == block.id)
            .values(outcome=NumberOutcome.UNUSED)
            .execution_options(synchronize_session=False)
        )
        journal.record(Event.NUMBER_BLOCK_EXPIRED, block, day=day)
