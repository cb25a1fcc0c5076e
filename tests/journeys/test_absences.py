"""Absences: which no-shows of a person a service counts, and who pardons them."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import func, select

from app import models
from tests.given import Agency, Asker, Given, Json, Mall, code_of, must_refuse, must_show

PHONE, OTHER = "0812-3456-7890", "0812-3456-7891"


class Desk(NamedTuple):
    """Where visitors are called in vain."""

    mall: Mall
    agency: Agency
    service: str
    officer: Asker
    counter: str

    @classmethod
    async def of(cls, given: Given, at: str | None = None, **policy: Any) -> "Desk":
        """The desk of a service with a policy: three absences, seven days."""
        mall = await given.mall(at=at) if at else await given.mall()
        agency = await mall.agency(services=0)
        service = await mall.service(agency, "KTP", no_show_calls=1, **{"no_shows_before_block": 3, **policy})
        return cls(mall, agency, service, *await mall.open_counter(agency))

    async def misses(self, times: int = 1, phone: str | None = PHONE, service: str = "") -> Json:
        """Somebody takes a number with a phone and does not come, so many times; the last ticket."""
        ticket: Json = {}
        for _ in range(times):
            ticket = await self.mall.kiosk.takes(service or self.service, phone=phone)
            await self.officer.calls(self.counter, ticket)
            await self.officer.handles(ticket, "no-show")
        return ticket

    async def pardons(self, service: str = "", **whose: str) -> int:
        """How many absences the officer pardons."""
        told = await self.officer.does(f"/services/{service or self.service}/pardon", whose)
        return int(told["no_shows"])

    async def next_day(self, days: int = 1) -> None:
        """So many days later the officer opens again."""
        self.mall.pass_time(timedelta(days=days))
        await self.officer.does(f"/counters/{self.counter}/opening")


async def kept(mall: Mall) -> int:
    """How many absences the database still knows somebody by."""
    ticket = models.Ticket
    async with mall.database.reading(mall.ref) as reading:
        statement = select(func.count(ticket.absence_mark)).where(ticket.mall_id == mall.ref.id)
        return await reading.session.scalar(statement) or 0


async def test_an_officer_pardons_a_persons_absences_by_the_phone_however_it_is_written(given: Given) -> None:
    desk = await Desk.of(given)
    await desk.misses(2)
    await desk.misses(1, OTHER)
    assert await desk.pardons(phone="+62 812 3456 7890") == 2
    assert await desk.pardons(phone=PHONE) == 0
    assert await desk.pardons(phone=OTHER) == 1


async def test_a_ticket_of_the_person_stands_for_the_phone(given: Given) -> None:
    desk = await Desk.of(given)
    absent = await desk.misses(2)
    await desk.next_day()
    await desk.misses()
    assert await desk.pardons(ticket_id=absent["id"]) == 3, "one of an earlier day knows its phone while it counts"
    await desk.misses()
    waiting = await desk.mall.kiosk.takes(desk.service, phone=PHONE)
    assert await desk.pardons(ticket_id=waiting["id"]) == 1
    nobodys = await desk.mall.kiosk.takes(desk.service)
    assert await desk.pardons(ticket_id=nobodys["id"]) == 0


@pytest.mark.parametrize("taken_back", ["return", "reopening"])
async def test_a_no_show_that_is_taken_back_never_counted(given: Given, taken_back: str) -> None:
    desk = await Desk.of(given)
    await desk.misses()
    mistaken = await desk.misses()
    await desk.officer.handles(mistaken, taken_back)
    assert await kept(desk.mall) == 1
    await desk.officer.calls(desk.counter, mistaken)
    await desk.officer.handles(mistaken, "no-show")
    assert await desk.pardons(phone=PHONE) == 2, "it was one after all"


async def test_a_service_counts_its_own_absences_with_a_phone_and_none_without_a_policy(given: Given) -> None:
    desk = await Desk.of(given)
    free = await desk.mall.service(desk.agency, "KK", no_show_calls=1)
    other = await desk.mall.service(desk.agency, "KIA", no_show_calls=1, no_shows_before_block=1)
    await desk.misses(phone=None)
    await desk.misses(service=free)
    await desk.misses(service=other)
    await desk.misses()
    assert await kept(desk.mall) == 2
    assert [await desk.pardons(each, phone=PHONE) for each in (free, other, desk.service)] == [0, 1, 1]


async def test_where_it_was_transferred_somebody_is_absent(given: Given) -> None:
    desk = await Desk.of(given)
    other = await desk.mall.service(desk.agency, "KK", no_show_calls=1)
    ticket = await desk.mall.kiosk.takes(other, phone=PHONE)
    await desk.officer.does(f"/tickets/{ticket['id']}/transfer", {"service_id": desk.service})
    await desk.officer.calls(desk.counter, ticket)
    await desk.officer.handles(ticket, "no-show")
    assert [await desk.pardons(each, phone=PHONE) for each in (other, desk.service)] == [0, 1]


async def test_absences_are_forgotten_when_no_block_can_follow_from_them(given: Given) -> None:
    desk = await Desk.of(given, at="2027-03-05T10:00", no_show_block_days=3)
    await desk.misses(2)
    await desk.next_day(5)
    await desk.misses()
    assert await kept(desk.mall) == 3
    await desk.next_day()
    assert await kept(desk.mall) == 1


async def test_who_gives_the_policy_up_has_absences_forgotten_with_the_day(given: Given) -> None:
    desk = await Desk.of(given)
    await desk.misses(2)
    await desk.mall.manager.edits(f"/services/{desk.service}", {"no_shows_before_block": None})
    assert await kept(desk.mall) == 2
    await desk.next_day()
    assert await kept(desk.mall) == 0


async def test_what_is_recorded_of_a_pardon_names_nobody(given: Given) -> None:
    desk = await Desk.of(given)
    await desk.misses(2)
    ticket = await desk.misses()
    await desk.pardons(phone=PHONE)
    by_phone = (await desk.mall.entries())[-1]
    await desk.pardons(ticket_id=ticket["id"])
    by_ticket = (await desk.mall.entries())[-1]
    for entry, count in ((by_phone, 3), (by_ticket, 0)):
        must_show(entry, type="service.absences_pardoned", agency_id=desk.agency.id)
        must_show(entry["subject"], id=desk.service)
        must_show(entry["data"], no_shows=count)
        for secret in ("81234567890", ticket["id"], ticket["number"]):
            assert secret not in str(entry)


async def test_a_pardon_names_one_person_and_is_not_for_everybody(given: Given) -> None:
    desk = await Desk.of(given)
    path = f"/services/{desk.service}/pardon"
    ticket = await desk.misses()
    for wrong in ({}, {"phone": PHONE, "ticket_id": ticket["id"]}, {"phone": None}):
        assert code_of(await desk.officer.post(path, wrong)) == (422, "invalid_request")
    must_refuse(await desk.officer.post(path, {"phone": "0541-1234"}), 422, "phone_invalid", pointer="/phone")
    other = await desk.mall.agency("OTHER")
    stranger, foreign = await desk.mall.officer(other), await desk.mall.kiosk.takes(other.service, phone=PHONE)
    must_refuse(await stranger.post(path, {"phone": PHONE}), 404, "not_found")
    must_refuse(await desk.officer.post(path, {"ticket_id": foreign["id"]}), 404, "not_found")
    manager = await desk.mall.agency_manager(desk.agency)
    must_show(await manager.does(path, {"phone": PHONE}), service_id=desk.service, no_shows=1)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("no_shows_before_block", each) for each in (0, 21, True, "3")]
    + [("no_show_block_days", each) for each in (0, 91, None)],
)
async def test_a_policy_has_bounds(given: Given, name: str, wrong: object) -> None:
    desk = await Desk.of(given)
    answer = await desk.mall.manager.edits(f"/services/{desk.service}", {name: wrong})
    must_refuse(answer, 422, "invalid_request", pointer=f"/{name}")
    must_show(await desk.mall.public.sees(f"/services/{desk.service}"), no_shows_before_block=3, no_show_block_days=7)
