"""Webhooks: registered by an agency's manager or the mall's, for what they may be told, at a public address."""

from tests.given import CALLED, ISSUED, Given, code_of, hook, must_refuse, must_show
from tests.receiver import Receiver

PUBLIC = "https://antrean.bank.example/mpp?token=abc"


async def test_an_agencys_manager_registers_a_webhook_whose_secret_is_shown_once(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    manager, key = await mall.agency_manager(agency), {"Idempotency-Key": "a webhook"}
    asked = hook(PUBLIC, ISSUED, CALLED, agency=agency)
    made = await manager.post("/webhooks", asked, headers=key)
    webhook = made.json()
    assert made.headers["Location"] == f"{mall.path}/webhooks/{webhook['id']}"
    assert webhook["signing_secret"].startswith("whsec_")
    must_show(webhook, status="active", agency_id=agency.id, url=PUBLIC, event_types=[ISSUED, CALLED], attempts=0)
    repeat = await manager.post("/webhooks", asked, headers=key)
    must_refuse(repeat, 409, "secret_already_shown", thing="webhook", thing_id=webhook["id"])
    shown = await manager.sees(f"/webhooks/{webhook['id']}")
    assert "signing_secret" not in shown
    [entry] = [each for each in await mall.entries() if each["type"] == "webhook.registered"]
    must_show(entry["data"], host="antrean.bank.example", name="Aplikasi mitra")
    assert "token=abc" not in str(entry), "what stands behind the host may be a secret"


async def test_only_a_public_https_address_is_registered(given: Given) -> None:
    mall = await given.mall()
    for url, fault in (
        ("http://antrean.bank.example/", "not_https"),
        ("https://user:word@antrean.bank.example/", "credentials"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://metadata.google.internal/", "private"),
        ("https://127.1/", "malformed"),
    ):
        answer = await mall.manager.post("/webhooks", hook(url))
        must_refuse(answer, 422, "webhook_address_not_allowed", pointer="/url", fault=fault)
    assert (await mall.manager.sees("/webhooks"))["data"] == []


async def test_a_type_that_is_none_or_is_not_the_agencys_to_be_told_is_refused(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    manager = await mall.agency_manager(agency)
    for types, place in (([ISSUED, "id.mpp.ticket.eaten.v1"], 1), (["id.mpp.device.registered.v1"], 0)):
        answer = await manager.post("/webhooks", hook(PUBLIC, *types, agency=agency))
        must_refuse(answer, 422, "event_type_unknown", pointer=f"/event_types/{place}", event_type=types[place])
    assert (await mall.manager.post("/webhooks", hook(PUBLIC, "id.mpp.device.registered.v1"))).is_success
    assert (await manager.sees("/webhooks"))["data"] == [], "the mall's own is nothing of the agency's"


async def test_an_agencys_manager_registers_for_no_other_agency_and_not_for_the_mall(given: Given) -> None:
    mall = await given.mall()
    own, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    manager = await mall.agency_manager(own)
    answer = await manager.post("/webhooks", hook(PUBLIC, agency=other))
    must_refuse(answer, 422, "unknown_reference", pointer="/agency_id")
    must_refuse(await manager.post("/webhooks", hook(PUBLIC)), 403, "forbidden", required=["mall_manager"])
    theirs = await mall.webhook(PUBLIC, agency=other)
    assert (await manager.get(f"/webhooks/{theirs['id']}")).status_code == 404
    assert (await manager.post(f"/webhooks/{theirs['id']}/ping")).status_code == 404
    assert (await manager.get(f"/webhooks/{theirs['id']}/deliveries")).status_code == 404


async def test_an_agency_has_so_many_webhooks_and_one_more_when_one_is_retired(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    made = [await mall.webhook(PUBLIC, agency=agency) for _ in range(20)]
    asked = hook(PUBLIC, agency=agency)
    must_refuse(await mall.manager.post("/webhooks", asked), 409, "too_many_webhooks", most=20)
    assert await mall.webhook(PUBLIC), "the mall's own are counted by themselves"
    path = f"/webhooks/{made[0]['id']}"
    must_show(await mall.manager.does(f"{path}/retirement"), status="retired")
    assert await mall.webhook(PUBLIC, agency=agency)
    for verb in ("ping", "enabling", "disabling", "retirement", "secret-rotation"):
        answer = await mall.manager.post(f"{path}/{verb}")
        must_refuse(answer, 409, "illegal_transition", thing="webhook", state="retired")
    assert code_of(await mall.manager.edits(path, {"name": "B"})) == (409, "illegal_transition")
    retired = (await mall.manager.sees("/webhooks", status="retired"))["data"]
    assert [each["id"] for each in retired] == [made[0]["id"]]


async def test_a_webhook_is_changed_by_who_has_seen_it_as_it_is(given: Given, partner: Receiver) -> None:
    mall = await given.mall()
    path = f"/webhooks/{(await mall.webhook(partner.url('/ok/first')))['id']}"
    old = (await mall.manager.get(path)).headers["ETag"]
    change = {"url": partner.url("/ok/second"), "event_types": [CALLED, ISSUED]}
    must_show((await mall.manager.patch(path, change, old)).json(), version=2, **change)
    must_refuse(await mall.manager.patch(path, {"name": "B"}, old), 412, "precondition_failed")
    must_refuse(await mall.manager.patch(path, {"name": "B"}), 428, "precondition_required")
    answer = await mall.manager.edits(path, {"url": "https://10.0.0.1/"})
    must_refuse(answer, 422, "webhook_address_not_allowed", pointer="/url", fault="private")
    agency = await mall.agency()
    await mall.kiosk.takes(agency.service)
    await partner.got("/ok/second")
    assert partner.sent("/ok/first") == []
