"""A visitor's phone: one person has one ticket at a service."""

import pytest
from sqlalchemy import func, select

from app import models
from tests.given import Given, Mall, must_refuse

PHONE = "0812-3456-7890"


async def marks(mall: Mall) -> int:
    """How many tickets still say that they are of a phone."""
    ticket = models.Ticket
    async with mall.database.reading(mall.ref) as reading:
        statement = select(func.count(ticket.phone_mark)).where(ticket.mall_id == mall.ref.id)
        return await reading.session.scalar(statement) or 0


async def test_one_person_has_one_ticket_at_a_service_however_the_phone_is_written(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    passport, card = agency.services.values()
    officer = await mall.officer(agency)
    first = await mall.kiosk.takes(passport, phone=PHONE)
    for asker in (mall.kiosk, officer):
        for written in ("+62 812 3456 7890", "6281234567890", "(0812) 3456.7890"):
            again = await asker.issue(passport, phone=written)
            must_refuse(again, 409, "already_waiting", ticket_id=first["id"], number=first["number"])
    await mall.kiosk.takes(card, phone=PHONE)
    await mall.kiosk.takes(passport, phone="0812-3456-7891")
    await mall.kiosk.takes(passport)
    await officer.does(f"/tickets/{first['id']}/cancellation", {})
    await mall.kiosk.takes(passport, phone=PHONE)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("0812-KENARI-99", "phone_invalid"),
        ("0812 99", "phone_invalid"),
        ("0812345678901234", "phone_invalid"),
        ("(0541) 987654", "phone_invalid"),
        ("٠٨١٢٣٤٥٦٧٨٩٠", "phone_invalid"),
        ("--", "phone_invalid"),
        ("+65 9123 4567", "phone_foreign"),
        ("0065 9123 4567", "phone_foreign"),
    ],
)
async def test_a_phone_that_is_none_is_named_and_nothing_is_stored(given: Given, written: str, code: str) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    before = len(await mall.entries())
    answer = await mall.kiosk.issue(agency.service, phone=written)
    must_refuse(answer, 422, code, pointer="/phone")
    assert written not in answer.text
    assert len(await mall.entries()) == before
    assert (await mall.kiosk.takes(agency.service))["number"].endswith("-001")


async def test_who_has_no_credentials_learns_nothing_of_a_phone(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    await mall.kiosk.takes(agency.service, phone=PHONE)
    answers = [await mall.public.issue(agency.service, phone=each) for each in (PHONE, "0812-3456-7891", "none")]
    for answer, code in zip(answers, ("phone_not_proven", "phone_not_proven", "phone_invalid"), strict=True):
        must_refuse(answer, 422, code, pointer="/phone")
    await mall.public.takes(agency.service)


async def test_a_phone_is_kept_nowhere_and_its_mark_is_forgotten_with_the_day(given: Given) -> None:
    mall = await given.mall(at="2027-03-05T10:00")
    agency = await mall.agency()
    await mall.kiosk.takes(agency.service, phone=PHONE)
    assert await marks(mall) == 1
    mall.set_time("2027-03-06T10:00")
    await mall.kiosk.takes(agency.service, phone=PHONE)
    assert await marks(mall) == 1, "yesterday's is gone"
