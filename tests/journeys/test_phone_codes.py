"""Numbers on the web for who proves a phone: the code that goes there, and what is said to who types one."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import LargeBinary, Text, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from app import models
from app.domain.paces import Pace
from tests.given import Agency, Asker, Given, Json, Mall, code_of, must_refuse, must_show
from tests.given.visitors import PHONE

OTHER = "0812-3456-7891"
DIGITS = ("81234567890", b"81234567890".hex())
"""Of the phone, as text and within bytes."""


async def needing_phones(given: Given, at: str | None = None) -> tuple[Mall, Agency]:
    """A mall with an agency whose first service gives numbers on the web to proven phones only."""
    mall = await given.mall(at=at) if at else await given.mall()
    agency = await mall.agency(services=2)
    await mall.manager.edits(f"/services/{agency.service}", {"web_needs_phone": True})
    return mall, agency


def from_address(given: Given, mall: Mall, number: int) -> Asker:
    """The mall's public at another address."""
    return Asker(given.from_address(f"192.0.2.{number}").http, mall.path)


def others(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 10**6:06}"


async def kept(mall: Mall) -> list[Json]:
    """All that is kept of messages and of codes that were sent."""
    async with mall.database.reading(mall.ref) as reading:
        tables = (models.Message.__table__, models.PhoneConfirmation.__table__)
        of_mall = [select(each).where(each.c.mall_id == mall.ref.id).order_by(*each.primary_key) for each in tables]
        found = [await reading.session.execute(each) for each in of_mall]
        return [dict(row) for rows in found for row in rows.mappings()]


async def test_who_proves_a_phone_gets_a_number_and_who_does_not_gets_none(given: Given) -> None:
    mall, agency = await needing_phones(given)
    must_refuse(await mall.public.issue(agency.service), 422, "phone_required", pointer="/phone")
    must_refuse(await mall.public.issue(agency.service, phone_code="123456"), 422, "phone_required")
    must_refuse(await mall.public.issue(agency.service, phone=PHONE), 422, "phone_not_proven", pointer="/phone")
    code = await mall.code(agency)
    wrong = await mall.public.issue(agency.service, phone=PHONE, phone_code=others(code))
    must_refuse(wrong, 422, "phone_code_invalid", pointer="/phone_code")
    must_refuse(await mall.public.issue(agency.service, phone=OTHER, phone_code=code), 422, "phone_code_invalid")
    ticket = await mall.public.takes(agency.service, phone="+62 812 3456 7890", phone_code=code)
    must_show(ticket, given_before=False)
    assert ticket["number"].endswith("-001"), "what was refused took no number"
    other = list(agency.services.values())[1]
    await mall.public.takes(other)
    assert (await mall.public.takes(other, phone=PHONE, phone_code=code))["id"] != ticket["id"]
    await mall.kiosk.takes(agency.service)


async def test_who_looks_what_there_is_is_told_where_a_number_needs_a_phone(given: Given) -> None:
    mall, _ = await needing_phones(given)
    for channel, asker in (("web", mall.public), ("kiosk", mall.kiosk), ("partner", mall.public)):
        offers = await asker.all("/availability", channel=channel)
        assert [each["needs_phone"] for each in offers] == [channel == "web", False], channel
        assert all(each["can_issue"] for each in offers)


async def test_who_has_lost_the_claim_code_comes_back_with_the_phone(given: Given) -> None:
    mall, agency = await needing_phones(given)
    first = await mall.public.takes(agency.service, phone=PHONE, phone_code=await mall.code(agency))
    await mall.kiosk.takes(agency.service)
    before = len(await mall.entries())
    code = await mall.code(agency)
    again = await from_address(given, mall, 9).issue(agency.service, phone=PHONE, phone_code=code)
    assert again.status_code == 200
    must_show(again.json(), **{name: first[name] for name in ("id", "number", "claim_code")}, given_before=True)
    assert again.headers["Location"].endswith(f"/claims/{first['claim_code']}")
    assert len(await mall.entries()) == before
    await mall.public.does(f"/claims/{first['claim_code']}/cancellation")
    assert (await mall.public.takes(agency.service, phone=PHONE, phone_code=code))["id"] != first["id"]


async def test_a_phone_that_a_stranger_typed_at_the_kiosk_opens_no_ticket(given: Given) -> None:
    mall, agency = await needing_phones(given)
    strangers = await mall.kiosk.takes(agency.service, phone=PHONE)
    code = await mall.code(agency)
    refused = await mall.public.issue(agency.service, phone=PHONE, phone_code=code)
    must_refuse(refused, 409, "already_waiting", ticket_id=strangers["id"], number=strangers["number"])
    assert strangers["claim_code"] not in refused.text
    await mall.public.does(f"/claims/{strangers['claim_code']}/cancellation")
    await mall.public.takes(agency.service, phone=PHONE, phone_code=code)


async def test_a_ticket_that_was_reopened_is_still_its_phones(given: Given) -> None:
    mall, agency = await needing_phones(given)
    officer, counter = await mall.open_counter(agency)
    code = await mall.code(agency)
    first = await mall.public.takes(agency.service, phone=PHONE, phone_code=code)
    await officer.handles(await officer.calls(counter), "start", "completion", "reopening")
    again = await mall.public.issue(agency.service, phone=PHONE, phone_code=code)
    assert again.status_code == 200
    must_show(again.json(), id=first["id"], claim_code=first["claim_code"], given_before=True)


async def test_a_code_lives_ten_minutes_and_five_tries_and_the_newest_counts(given: Given) -> None:
    mall, agency = await needing_phones(given)
    old = await mall.code(agency)
    code = await mall.code(agency)
    if old != code:
        must_refuse(await mall.public.issue(agency.service, phone=PHONE, phone_code=old), 422, "phone_code_invalid")
    for _ in range(3):
        await mall.public.issue(agency.service, phone=PHONE, phone_code=others(code))
    taken = await mall.public.takes(agency.service, phone=PHONE, phone_code=code)
    for _ in range(2):
        await mall.public.issue(agency.service, phone=PHONE, phone_code=others(code))
    dead = await mall.public.issue(agency.service, phone=PHONE, phone_code=code)
    must_refuse(dead, 422, "phone_code_invalid")
    code = await mall.code(agency)
    mall.pass_time(timedelta(minutes=9))
    assert (await mall.public.issue(agency.service, phone=PHONE, phone_code=code)).json()["id"] == taken["id"]
    mall.pass_time(timedelta(minutes=2))
    must_refuse(await mall.public.issue(agency.service, phone=PHONE, phone_code=code), 422, "phone_code_invalid")


async def test_the_same_is_said_of_every_phone_and_too_many_codes_are_refused(given: Given) -> None:
    mall, agency = await needing_phones(given)
    await mall.public.takes(agency.service, phone=PHONE, phone_code=await mall.code(agency))
    known, unknown = await mall.asks_for_code(), await mall.asks_for_code(OTHER)
    assert known.keys() == unknown.keys() == {"expires_at", "next_allowed_at"}
    await mall.asks_for_code()
    again = await mall.public.post("/phone-confirmations", {"phone": PHONE})
    must_refuse(again, 429, "rate_limited")
    assert 1000 < int(again.headers["Retry-After"]) <= 1200
    for number in range(2, 8):
        await mall.asks_for_code(f"0812-3456-780{number}")
    must_refuse(await mall.public.post("/phone-confirmations", {"phone": "0812-3456-7809"}), 429, "rate_limited")


async def test_a_phone_gets_six_codes_an_hour_whoever_asks_and_nobody_is_told(given: Given) -> None:
    mall, agency = await needing_phones(given)
    askers = [from_address(given, mall, number) for number in range(1, 5)]
    answers = [await mall.asks_for_code(who=asker) for asker in askers for _ in range(2)]
    assert len(answers) == 8
    messages = await (await mall.gateway(agency)).all("/messages")
    assert len(messages) == 6


async def test_asking_again_under_the_same_key_counts_for_nothing(given: Given) -> None:
    mall, agency = await needing_phones(given)
    wanted, key = {"phone": PHONE}, {"Idempotency-Key": str(uuid4())}
    first, *others = [await mall.public.post("/phone-confirmations", wanted, headers=key) for _ in range(8)]
    assert {each.text for each in others} == {first.text}
    assert {each.headers.get("Idempotency-Replayed") for each in others} == {"true"}
    other = await mall.public.post("/phone-confirmations", {"phone": OTHER}, headers=key)
    must_refuse(other, 422, "idempotency_key_reused")
    for _ in range(2):
        await mall.asks_for_code()
    must_refuse(await mall.public.post("/phone-confirmations", wanted), 429, "rate_limited")
    assert len(await (await mall.gateway(agency)).all("/messages")) == 3


async def test_an_address_and_a_phone_are_counted_over_all_malls(given: Given) -> None:
    malls = [await needing_phones(given) for _ in range(2)]
    for mall, _ in malls:
        await mall.asks_for_code(who=from_address(given, mall, 1))
    await malls[0][0].asks_for_code(who=from_address(given, malls[0][0], 1))
    too_many = await from_address(given, malls[1][0], 1).post("/phone-confirmations", {"phone": PHONE})
    must_refuse(too_many, 429, "rate_limited")
    for number in (2, 3, 4, 5):
        await malls[1][0].asks_for_code(who=from_address(given, malls[1][0], number))
    sent = [len(await (await mall.gateway(agency)).all("/messages")) for mall, agency in malls]
    assert sent == [2, 4]


async def test_a_mall_sends_so_many_codes_and_nobody_is_told(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    mall, agency = await needing_phones(given)
    monkeypatch.setattr("app.auth.visitors.CODES_OF_MALL", Pace(2, timedelta(minutes=10)))
    answers = [await mall.asks_for_code(f"0812-3456-780{number}") for number in range(4)]
    assert len({frozenset(each) for each in answers}) == 1
    assert len(await (await mall.gateway(agency)).all("/messages")) == 2
    other, agency = await needing_phones(given)
    await other.code(agency)


@pytest.mark.parametrize(
    ("written", "code"),
    [("0812-KENARI-99", "phone_invalid"), ("0812 99", "phone_invalid"), ("+65 9123 4567", "phone_foreign")],
)
async def test_a_phone_that_is_none_is_sent_nothing_and_kept_nowhere(given: Given, written: str, code: str) -> None:
    mall, agency = await needing_phones(given)
    answer = await mall.public.post("/phone-confirmations", {"phone": written})
    must_refuse(answer, 422, code, pointer="/phone")
    assert written not in answer.text
    must_refuse(await mall.public.issue(agency.service, phone=written, phone_code="123456"), 422, code)
    assert await kept(mall) == []


async def test_the_gateway_fetches_messages_in_order_and_what_it_reports_is_erased(given: Given) -> None:
    mall, agency = await needing_phones(given)
    for number, language in enumerate(("id", "en", "id"), 1):
        await mall.asks_for_code(f"0812 3456 780{number}", language=language)
    gateway = await mall.gateway(agency)
    page = await gateway.sees("/messages", limit=2)
    first, second = page["data"]
    must_show(first, kind="phone_code", phone="+6281234567801", language="id")
    assert "your code is" in second["text"]
    assert "kode Anda" in (await gateway.sees("/messages", cursor=page["next_cursor"]))["data"][0]["text"]
    reported = await gateway.does(f"/messages/{first['id']}/delivery", {"outcome": "delivered"})
    assert await gateway.does(f"/messages/{first['id']}/delivery", {"outcome": "failed"}) == reported
    await gateway.does(f"/messages/{second['id']}/delivery", {"outcome": "failed"})
    sealed = [row["sealed_phone"] for row in await kept(mall) if "outcome" in row]
    assert [each is None for each in sealed] == [True, True, False]
    assert len(await gateway.all("/messages")) == 1
    mall.pass_time(timedelta(minutes=11))
    assert await gateway.all("/messages") == []


async def test_a_phone_stands_nowhere_as_it_is_written(given: Given) -> None:
    mall, agency = await needing_phones(given)
    await mall.public.takes(agency.service, phone=PHONE, phone_code=await mall.code(agency))
    await mall.public.issue(agency.service, phone=PHONE, phone_code="000000")
    for table in models.Base.metadata.sorted_tables:
        rows = [table.c.mall_id == mall.ref.id] if "mall_id" in table.c else []
        for column in (each for each in table.c if isinstance(each.type, (Text, JSONB, LargeBinary))):
            said = or_(*(func.strpos(cast(column, Text), each) > 0 for each in DIGITS))
            async with mall.database.reading(mall.ref) as reading:
                assert await reading.session.scalar(select(func.count()).where(said, *rows)) == 0, str(column)


async def test_what_nobody_fetched_is_erased_with_the_day(given: Given) -> None:
    mall, agency = await needing_phones(given, at="2027-03-05T23:55")
    await mall.asks_for_code()
    assert len(await kept(mall)) == 2
    mall.set_time("2027-03-06T00:01")
    await mall.kiosk.takes(agency.service)
    assert await kept(mall) == []


async def test_only_the_malls_manager_gives_the_scope_that_reads_phones(given: Given) -> None:
    mall, agency = await needing_phones(given)
    manager = await mall.agency_manager(agency)
    wanted = {"agency_id": agency.id, "name": "Gerbang SMS", "scopes": ["messages:send"]}
    must_refuse(await manager.post("/clients", wanted), 403, "forbidden", member="scopes")
    client = await mall.client(agency, "messages:send")
    assert code_of(await manager.post(f"/clients/{client['id']}/secret-rotation")) == (403, "forbidden")
    plain = await mall.client(agency)
    must_refuse(await manager.edits(f"/clients/{plain['id']}", {"scopes": ["messages:send"]}), 403, "forbidden")
    added = await mall.manager.edits(f"/clients/{plain['id']}", {"scopes": ["messages:send"]})
    must_refuse(added, 422, "scope_not_available", pointer="/scopes", scope="messages:send")
    both = {"scopes": ["messages:send", "tickets:read"]}
    assert (await mall.manager.edits(f"/clients/{client['id']}", both)).is_success
    assert (await manager.edits(f"/clients/{client['id']}", {"name": "Gerbang WA"})).is_success
    assert (await mall.manager.post(f"/clients/{client['id']}/secret-rotation")).is_success
    await manager.does(f"/clients/{client['id']}/revocation")


async def test_a_visit_on_the_web_proves_its_phone_too(given: Given) -> None:
    mall, agency = await needing_phones(given)
    services = list(agency.services.values())
    must_refuse(await mall.public.plan(*services), 422, "phone_required", pointer="/service_ids/0")
    code = await mall.code(agency)
    wrong = await mall.public.plan(*services, phone=PHONE, phone_code=others(code))
    must_refuse(wrong, 422, "phone_code_invalid", pointer="/phone_code")
    must_refuse(await mall.kiosk.plan(*services, phone="0812-KENARI"), 422, "phone_invalid", pointer="/phone")
    visit = await mall.public.plans(*services, phone=PHONE, phone_code=code)
    again = await mall.public.plan(*services, phone=PHONE, phone_code=code)
    must_refuse(again, 409, "already_waiting", ticket_id=visit["tickets"][0]["id"])
