"""Absences: which no-shows of a person a service counts, what follows on the web, and who pardons them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app import models
from tests.given import Agency, Asker, Given, Json, Mall, code_of, must_refuse, must_show
from tests.given.visitors import PHONE

OTHER = "0812-3456-7891"
MARK = models.Ticket.absence_mark
"""By what the database still knows who was absent."""


@dataclass
class Desk:
    """Where visitors are called in vain."""

    mall: Mall
    agency: Agency
    service: str
    officer: Asker
    counter: str
    codes: dict[str, str] = field(default_factory=dict)
    """By phone: the code that proves it for some minutes."""

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

    async def asks_the_web(self, phone: str = PHONE, service: str = "", language: str = "en") -> httpx.Response:
        """The owner of the phone, who proves that, asks the web for a number."""
        said = {"Accept-Language": language, "Idempotency-Key": str(uuid4())}
        wanted = {"service_id": service or self.service, "phone": phone, "phone_code": await self.code(phone)}
        return await self.mall.public.post("/tickets", wanted, headers=said)

    async def code(self, phone: str = PHONE) -> str:
        """The code of a phone."""
        if phone not in self.codes:
            self.codes[phone] = await self.mall.code(self.agency, phone)
        return self.codes[phone]

    def later(self, local: str) -> None:
        """It is later."""
        self.mall.set_time(local)
        self.codes.clear()

    async def next_day(self, days: int = 1) -> None:
        """So many days later the officer opens again."""
        self.mall.pass_time(timedelta(days=days))
        await self.officer.does(f"/counters/{self.counter}/opening")


async def test_three_absences_keep_a_phone_from_the_web_for_seven_days_of_the_mall(given: Given) -> None:
    desk = await Desk.of(given, at="2027-03-05T10:00")
    await desk.misses(3)
    refused = await desk.asks_the_web()
    blocked: dict[str, Any] = {"no_shows": 3, "next_numbers_on": "2027-03-12"}
    must_refuse(refused, 409, "web_blocked_after_no_shows", pointer="/phone", **blocked)
    desk.later("2027-03-11T23:55")
    must_refuse(await desk.asks_the_web(), 409, "web_blocked_after_no_shows", **blocked)
    desk.later("2027-03-12T00:01")
    assert (await desk.asks_the_web()).status_code == 201


async def test_kiosk_and_desk_are_open_to_who_is_kept_from_the_web_and_it_is_said_so(given: Given) -> None:
    desk = await Desk.of(given, at="2027-03-05T10:00")
    await desk.misses(3)
    said = [(await desk.asks_the_web(language=each)).json()["detail"] for each in ("id", "en")]
    assert said[0] == (
        "Pemilik nomor ponsel ini 3 kali tidak hadir di layanan ini. Lewat web nomor diberikan lagi mulai 2027-03-12. "
        "Anjungan dan petugas di mal tetap memberikan nomor."
    )
    assert said[1].endswith("Kiosks and desks in the mall give one all the same.")
    for asker in (desk.mall.kiosk, desk.officer):
        ticket = await asker.takes(desk.service, phone=PHONE)
        must_refuse(await desk.asks_the_web(), 409, "already_waiting", number=ticket["number"])
        await desk.officer.handles(ticket, "cancellation")


async def test_fewer_absences_other_phones_and_other_services_are_not_kept_from_the_web(given: Given) -> None:
    desk = await Desk.of(given)
    other = await desk.mall.service(desk.agency, "KK", no_shows_before_block=3)
    await desk.misses(2)
    await desk.officer.handles((await desk.asks_the_web()).json(), "cancellation")
    await desk.misses()
    assert code_of(await desk.asks_the_web()) == (409, "web_blocked_after_no_shows")
    assert (await desk.asks_the_web(service=other)).status_code == 201
    assert (await desk.asks_the_web(OTHER)).status_code == 201


async def test_absences_with_numbers_of_the_web_count_and_a_planned_visit_is_refused_as_well(given: Given) -> None:
    desk = await Desk.of(given, no_shows_before_block=1)
    other = await desk.mall.service(desk.agency, "KK")
    absent = (await desk.asks_the_web()).json()
    await desk.officer.calls(desk.counter, absent)
    await desk.officer.handles(absent, "no-show")
    refused = await desk.mall.public.plan(other, desk.service, phone=PHONE, phone_code=await desk.code())
    must_refuse(refused, 409, "web_blocked_after_no_shows", no_shows=1)
    assert await desk.officer.all("/tickets", status="waiting") == []


async def test_a_pardon_and_a_no_show_that_is_taken_back_open_the_web_at_once(given: Given) -> None:
    desk = await Desk.of(given)
    mistaken = await desk.misses(3)
    assert code_of(await desk.asks_the_web()) == (409, "web_blocked_after_no_shows")
    await desk.officer.handles(mistaken, "reopening", "cancellation")
    await desk.officer.handles((await desk.asks_the_web()).json(), "cancellation")
    await desk.misses()
    assert code_of(await desk.asks_the_web()) == (409, "web_blocked_after_no_shows")
    assert await desk.pardons(phone=PHONE) == 3
    assert (await desk.asks_the_web()).status_code == 201


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
    assert await desk.mall.tickets_with(MARK) == 1
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
    assert await desk.mall.tickets_with(MARK) == 2
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
    assert await desk.mall.tickets_with(MARK) == 3
    await desk.next_day()
    assert await desk.mall.tickets_with(MARK) == 1


async def test_who_gives_the_policy_up_has_absences_forgotten_with_the_day(given: Given) -> None:
    desk = await Desk.of(given)
    await desk.misses(2)
    await desk.mall.manager.edits(f"/services/{desk.service}", {"no_shows_before_block": None})
    assert await desk.mall.tickets_with(MARK) == 2
    await desk.next_day()
    assert await desk.mall.tickets_with(MARK) == 0


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
