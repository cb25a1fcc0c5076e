"""A retry never does twice: the key belongs to the caller and the operation, and the first answer is the answer."""

from datetime import timedelta
from uuid import uuid4

import httpx
from sqlalchemy import func, select

from app import models
from app.domain.roles import Role
from app.web.idempotency import EXAMPLE, NOBODYS
from app.workers.cleanup import clean_up
from tests.given import Given, Mall, code_of, forgotten, must_refuse


async def test_a_repeat_is_answered_with_the_first_answer_and_issues_nothing(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    first = await mall.kiosk.issue(agency.service, "kiosk-1-0001")
    again = await mall.kiosk.issue(agency.service, "kiosk-1-0001")
    assert first.status_code == 201
    assert again.status_code == 201
    assert again.json() == first.json()
    assert again.json()["claim_code"]
    assert again.headers["Location"] == first.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(await mall.manager.all("/tickets")) == 1

    async with mall.database.reading(mall.ref) as reading:
        kept = (
            await reading.session.scalars(
                select(models.IdempotencyKey.answer).where(models.IdempotencyKey.mall_id == mall.ref.id)
            )
        ).all()
    assert len(kept) == 1
    assert first.json()["claim_code"] not in kept[0]


async def test_a_key_demands_the_same_request_of_the_same_caller(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    key = str(uuid4())
    first = await mall.kiosk.issue(one, key)
    must_refuse(await mall.kiosk.issue(two, key), 422, "idempotency_key_reused")
    must_refuse(await mall.kiosk.issue(one, key, language="en"), 422, "idempotency_key_reused")
    spaced = f'{{ "channel": "kiosk",  "service_id": "{one}" }}'
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    same = await mall.kiosk.ask("POST", "/tickets", content=spaced, headers=headers)
    assert same.json() == first.json()  # the same request, written another way

    others = [await asker.issue(one, key) for asker in (mall.manager, mall.public)]
    assert [each.status_code for each in others] == [201, 201]
    assert len({each.json()["id"] for each in [first, *others]}) == 3
    opened = await mall.manager.post(f"/counters/{agency.counter}/opening", headers={"Idempotency-Key": key})
    assert opened.status_code == 200  # another operation, another key


async def test_a_refusal_is_not_kept_and_a_key_is_forgotten_after_a_day(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency(signed=False)
    must_refuse(await mall.kiosk.issue(agency.service, "again"), 409, "membership_not_in_force")
    await mall.agreement(agency)
    first = await mall.kiosk.issue(agency.service, "again")
    assert first.status_code == 201
    mall.pass_time(timedelta(hours=23, minutes=59))
    assert (await mall.kiosk.issue(agency.service, "again")).json()["id"] == first.json()["id"]
    mall.pass_time(timedelta(minutes=2))
    later = await mall.kiosk.issue(agency.service, "again")
    assert later.status_code == 201
    assert later.json()["id"] != first.json()["id"]


async def test_issuing_demands_a_key_and_without_credentials_a_uuid(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    body = {"service_id": agency.service, "channel": "kiosk"}
    must_refuse(await mall.kiosk.post("/tickets", body), 400, "idempotency_key_required")
    for bad in ("", "x" * 256, "tab\there"):
        answer = await mall.kiosk.post("/tickets", body, headers={"Idempotency-Key": bad})
        assert code_of(answer) == (422, "idempotency_key_invalid"), bad
    for everybodys in ("no-uuid", *map(str, NOBODYS), str(EXAMPLE).upper(), "{" + str(EXAMPLE) + "}"):
        must_refuse(await mall.public.issue(agency.service, everybodys), 422, "idempotency_key_invalid")
    assert await mall.manager.all("/tickets") == []


async def test_a_visitor_without_credentials_repeats_under_a_uuid_however_it_is_written(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    key = uuid4()
    first, again = await mall.public.issue(agency.service, str(key)), await mall.public.issue(agency.service, key.hex)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    given_up = f"/claims/{first.json()['claim_code']}/cancellation"
    for _ in range(2):
        answer = await mall.public.post(given_up, headers={"Idempotency-Key": str(key)})
        assert answer.status_code == 200
        assert answer.json()["status"] == "cancelled"


async def test_every_other_post_accepts_a_key(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    body = {"code": "TAX", "name": {"id": "Pajak", "en": "Tax"}, "category": "state_company"}
    headers = {"Idempotency-Key": "an agency"}
    first, again = [await mall.manager.post("/agencies", body, headers=headers) for _ in range(2)]
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"

    officer, counter = await mall.open_counter(agency)
    await mall.kiosk.takes(agency.service)
    await mall.kiosk.takes(agency.service)
    calls = [await officer.post(f"/counters/{counter}/calls", headers={"Idempotency-Key": "a call"}) for _ in range(2)]
    assert calls[0].json() == calls[1].json()
    step = f"/tickets/{calls[0].json()['id']}/start"
    started = [await officer.post(step, headers={"Idempotency-Key": "a start"}) for _ in range(2)]
    assert [each.status_code for each in started] == [200, 200]
    assert len([each for each in await mall.entries() if each["type"] == "ticket.started"]) == 1


async def test_what_was_kept_for_repeats_is_swept_out_when_its_day_is_over(given: Given) -> None:
    old, new = await given.mall(), await given.mall()
    for mall in (old, new):
        await mall.kiosk.issue((await mall.agency()).service, "once")
    old.pass_time(timedelta(hours=25))

    async def kept(mall: Mall) -> int:
        async with mall.database.reading(mall.ref) as reading:
            key = models.IdempotencyKey
            return await reading.session.scalar(select(func.count()).where(key.mall_id == mall.ref.id)) or 0

    before = await kept(new)
    assert await kept(old) > 0
    await clean_up(old.database)
    assert await kept(old) == 0
    assert await kept(new) == before > 0


async def test_who_has_lost_a_role_does_not_get_its_answers_again(given: Given, forgetful: httpx.AsyncClient) -> None:
    mall = await given.mall()
    one, two = await mall.agency(), await mall.agency(code="TAX")
    officer, counter = await mall.open_counter(one)
    await mall.kiosk.takes(one.service)
    there = await officer.known_at(forgetful)
    call = {"Idempotency-Key": str(uuid4())}
    called = await there.does(f"/counters/{counter}/calls", headers=call)
    assert (await there.does(f"/counters/{counter}/calls", headers=call)) == called
    [grant] = (await mall.manager.sees(f"/staff/{officer.id}"))["grants"]
    await mall.grant(officer, Role.OFFICER, two)
    await mall.manager.does(f"/staff/{officer.id}/grants/{grant['id']}/revocation")
    await forgotten()
    must_refuse(await there.get(f"/tickets/{called['id']}"), 404, "not_found")
    must_refuse(await there.post(f"/counters/{counter}/calls", headers=call), 422, "idempotency_key_reused")
