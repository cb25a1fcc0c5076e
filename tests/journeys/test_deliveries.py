"""What a receiver is sent: in order, signed, until it has taken it, whatever it answers."""

import asyncio
import json
from datetime import timedelta

from standardwebhooks import Webhook

from tests.given import CALLED, ISSUED, PINGED, Given, Json, Mall, code_of, must_refuse, must_show
from tests.receiver import Receiver

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def checked(request: Json, secret: str) -> Json:
    """What was sent, after the library of the standard has verified it."""
    Webhook(secret).verify(request["body"], request["headers"])
    return dict(json.loads(request["body"]))


async def until(mall: Mall, webhook: Json, **members: object) -> Json:
    """A webhook when it shows this."""
    for _ in range(200):
        shown: Json = await mall.manager.sees(f"/webhooks/{webhook['id']}")
        if all(shown[name] == value for name, value in members.items()):
            return shown
        await asyncio.sleep(0.1)
    raise AssertionError(shown)


async def attempts(mall: Mall, webhook: Json, wanted: int, **asked: str) -> list[Json]:
    """What became of the attempts, when there were so many."""
    for _ in range(200):
        if len(found := await mall.deliveries(webhook, **asked)) >= wanted:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(found)


async def test_a_receiver_is_sent_what_it_has_chosen_in_order_and_signed(given: Given, partner: Receiver) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    path = f"/ok/{mall.slug}"
    webhook = await mall.webhook(partner.url(path), ISSUED, CALLED, agency=agency)
    numbers = [(await mall.kiosk.takes(agency.service))["number"] for _ in range(5)]
    await mall.kiosk.takes(other.service)
    officer = await mall.officer(agency)
    await officer.does(f"/counters/{agency.counter}/opening")
    called = await officer.calls(agency.counter)
    await officer.handles(called, "start")
    told = await partner.got(path, 6)
    assert [each["data"]["number"] for each in told] == [*numbers, called["number"]]
    assert [each["type"] for each in told] == [ISSUED] * 5 + [CALLED]
    sequences = [each["journalsequence"] for each in told]
    assert sequences == sorted(sequences)
    requests = partner.sent(path)
    assert [checked(each, webhook["signing_secret"]) for each in requests] == told
    assert len({each["headers"]["webhook-id"] for each in requests}) == 6
    assert requests[0]["headers"]["content-type"] == "application/cloudevents+json"
    assert [each["outcome"] for each in await attempts(mall, webhook, 6)] == ["accepted"] * 6


async def test_a_ping_goes_to_the_one_that_is_tested_the_way_of_all_events(given: Given, partner: Receiver) -> None:
    mall = await given.mall()
    path = f"/ok/{mall.slug}"
    webhook, other = [await mall.webhook(partner.url(path + each)) for each in ("", "-other")]
    await mall.manager.does(f"/webhooks/{webhook['id']}/ping")
    [ping] = await partner.got(path)
    must_show(ping, type=PINGED, subject=webhook["id"])
    [delivery] = await attempts(mall, webhook, 1)
    must_show(delivery, event_type=PINGED, outcome="accepted", status_code=204, fault=None, attempt=1, answer=None)
    must_show(delivery, event_id=ping["id"], sequence=ping["journalsequence"])
    assert await mall.deliveries(other) == []
    assert (await until(mall, webhook, sequence=ping["journalsequence"]))["last_accepted_at"]


async def test_two_secrets_sign_while_they_rotate_and_one_afterwards(given: Given, partner: Receiver) -> None:
    mall = await given.mall()
    path = f"/ok/{mall.slug}"
    webhook = await mall.webhook(partner.url(path))
    at = f"/webhooks/{webhook['id']}"
    new = await mall.manager.does(f"{at}/secret-rotation", {"overlap_hours": 2})
    assert new["old_secret_until"]
    await mall.manager.does(f"{at}/ping")
    await partner.got(path)
    [request] = partner.sent(path)
    for secret in (webhook["signing_secret"], new["signing_secret"]):
        assert checked(request, secret)["type"] == PINGED
    assert len(request["headers"]["webhook-signature"].split()) == 2
    mall.pass_time(3 * HOUR)
    await mall.manager.does(f"{at}/ping")
    await partner.got(path, 2)
    request = partner.sent(path)[1]
    assert checked(request, new["signing_secret"])
    assert len(request["headers"]["webhook-signature"].split()) == 1


async def test_what_fails_is_sent_again_later_and_nothing_overtakes_it(given: Given, partner: Receiver) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    path = f"/fails/{mall.slug}"
    webhook = await mall.webhook(partner.url(path), agency=agency)
    first, second = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    await partner.got(path)
    [failed] = await attempts(mall, webhook, 1)
    must_show(failed, outcome="failed", fault="refused", status_code=500, answer="oh", attempt=1)
    shown = await until(mall, webhook, attempts=1)
    assert shown["failing_since"] < shown["next_attempt_at"]
    await partner.answers(path, "ok")
    mall.pass_time(MINUTE)
    told = await partner.got(path, 3)
    assert [each["data"]["number"] for each in told] == [first["number"], first["number"], second["number"]]
    ids = [each["headers"]["webhook-id"] for each in partner.sent(path)]
    assert ids[0] == ids[1] != ids[2]
    await until(mall, webhook, attempts=0, failing_since=None, next_attempt_at=None)


async def test_a_receiver_that_asks_to_wait_is_waited_for(given: Given, partner: Receiver) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    path = f"/later/{mall.slug}"
    webhook = await mall.webhook(partner.url(path), agency=agency)
    await mall.kiosk.takes(agency.service)
    await until(mall, webhook, attempts=1)
    mall.pass_time(59 * MINUTE)
    await asyncio.sleep(1.5)
    assert len(partner.sent(path)) == 1, "it wanted an hour"
    await partner.answers(path, "ok")
    mall.pass_time(MINUTE)
    await partner.got(path, 2)


async def test_a_receiver_that_is_gone_is_sent_nothing_more_and_its_manager_is_told(
    given: Given, partner: Receiver
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    path = f"/gone/{mall.slug}"
    webhook = await mall.webhook(partner.url(path), agency=agency)
    ticket = await mall.kiosk.takes(agency.service)
    shown = await until(mall, webhook, status="disabled", disabled_because="gone")
    assert shown["disabled_at"]
    [entry] = [each for each in await mall.entries() if each["type"] == "webhook.disabled"]
    must_show(entry, agency_id=agency.id, by={"kind": "system", "id": None})
    await partner.answers(path, "ok")
    await mall.manager.does(f"/webhooks/{webhook['id']}/enabling")
    told = await partner.got(path, 2)
    assert [each["data"]["number"] for each in told] == [ticket["number"]] * 2, "nothing was lost meanwhile"


async def test_one_that_takes_nothing_for_days_is_disabled(given: Given, partner: Receiver) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    path = f"/later/{mall.slug}"
    webhook = await mall.webhook(partner.url(path), agency=agency)
    await mall.kiosk.takes(agency.service)
    await until(mall, webhook, attempts=1)
    mall.pass_time(timedelta(days=3))
    await until(mall, webhook, status="disabled", disabled_because="failing")
    await mall.manager.does(f"/webhooks/{webhook['id']}/enabling", {"backlog": "skip"})
    await partner.answers(path, "ok")
    ticket = await mall.kiosk.takes(agency.service)
    told = await partner.got(path, 3)
    assert told[2]["data"]["number"] == ticket["number"], "what waited was skipped"


async def test_an_event_that_is_refused_for_hours_is_a_dead_letter_and_can_be_replayed(
    given: Given, partner: Receiver
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    path = f"/refuses/{mall.slug}"
    webhook = await mall.webhook(partner.url(path), agency=agency)
    ticket = await mall.kiosk.takes(agency.service)
    await until(mall, webhook, attempts=1)
    mall.pass_time(7 * HOUR)
    [dead] = await attempts(mall, webhook, 1, outcome="given_up")
    must_show(dead, status_code=400, answer="no such agency here", fault="refused")
    await partner.answers(path, "ok")
    at = f"/webhooks/{webhook['id']}"
    span = {"from_sequence": dead["sequence"], "to_sequence": dead["sequence"]}
    await mall.manager.does(f"{at}/replay", span)
    assert (await partner.got(path, 3))[2]["data"]["number"] == ticket["number"]
    await until(mall, webhook, replaying=False)
    last = (await mall.manager.sees(at))["sequence"]
    answer = await mall.manager.post(f"{at}/replay", {"from_sequence": 1, "to_sequence": last + 100})
    must_refuse(answer, 422, "replay_too_long", pointer="/to_sequence")


async def test_a_span_is_sent_again_with_the_same_ids_before_what_is_new(given: Given, partner: Receiver) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    path = f"/ok/{mall.slug}"
    webhook = await mall.webhook(partner.url(path), agency=agency)
    for _ in range(3):
        await mall.kiosk.takes(agency.service)
    first = [each["id"] for each in await partner.got(path, 3)]
    await attempts(mall, webhook, 3)
    begin = json.loads(partner.sent(path)[1]["body"])["journalsequence"]
    await mall.manager.does(f"/webhooks/{webhook['id']}/replay", {"from_sequence": begin})
    await mall.kiosk.takes(agency.service)
    told = [each["id"] for each in await partner.got(path, 6)]
    assert told[:5] == [*first, *first[1:]]
    assert told[5] not in first
    at = f"/webhooks/{webhook['id']}"
    await mall.manager.does(f"{at}/disabling")
    assert code_of(await mall.manager.post(f"{at}/replay", {"from_sequence": 1})) == (409, "illegal_transition")
