"""Edits: made from a version that is named, of what is sent alone, and refused whole or done whole."""

import json
import re
from typing import Any

import pytest

from app.domain.devices import DeviceKind
from app.domain.roles import Role
from tests.given import ALWAYS, Agency, Asker, Given, Json, Mall, code_of, hook, must_refuse, must_show, names
from tests.servers import ROOT

DOCUMENT = json.loads((ROOT / "openapi" / "openapi.json").read_text("utf-8"))
EDITS = [path for path, methods in DOCUMENT["paths"].items() if "patch" in methods]


async def editable(mall: Mall) -> dict[str, tuple[Json, str, list[str]]]:
    """Every thing that is edited: a change, a member that may be emptied, and those that may not."""
    agency = await mall.agency()
    day = {"date": "2020-01-01", "kind": "national_holiday", "name": names("New Year"), "source": "SKB"}
    weeks = {"starts_on": "2020-05-01", "ends_on": "2020-05-30", "name": names("Ramadan"), "hours": []}
    holiday = await mall.manager.does("/calendar/holidays", day)
    period = await mall.manager.does("/calendar/periods", weeks)
    closed = {"kind": "closed", "starts_on": "2020-01-01", "ends_on": "2020-01-02", "reason": names("Repairs")}
    exception = await mall.manager.does("/calendar/exceptions", closed)
    client, kiosk = await mall.client(agency), await mall.device(DeviceKind.KIOSK)
    webhook = await mall.webhook("https://antrean.example/mpp", agency=agency)
    return {
        "": (
            {"region": "Samarinda"},
            "",
            ["name", "region", "operator", "transfers_between_agencies", "reopening_minutes"],
        ),
        f"/agencies/{agency.id}": ({"office_address": "Jl. Baru"}, "office_address", ["name", "category"]),
        f"/locations/{mall.location_id}": (
            {"ends_on": "2099-12-31"},
            "ends_on",
            ["name", "address", "floors", "starts_on"],
        ),
        f"/number-series/{agency.series_id}": ({"name": names("Other")}, "", ["name"]),
        f"/services/{agency.service}": (
            {"daily_quota": 40},
            "daily_quota",
            [
                "name",
                "kind",
                "level",
                "scope",
                "channels",
                "channel_quotas",
                "channel_windows",
                "handling_minutes",
                "number_series_id",
                "no_show_calls",
                "return_places",
            ],
        ),
        f"/counters/{agency.counter}": (
            {"booth": "Gerai 4"},
            "booth",
            ["name", "floor", "location_id", "service_ids", "helps_with_service_ids"],
        ),
        f"/calendar/holidays/{holiday['id']}": (
            {"date": "2020-01-02"},
            "",
            ["date", "kind", "name", "source", "closes_mall", "estimated"],
        ),
        f"/calendar/periods/{period['id']}": (
            {"ends_on": "2020-05-31"},
            "",
            ["name", "starts_on", "ends_on", "hours"],
        ),
        f"/calendar/exceptions/{exception['id']}": (
            {"opens": "10:00"},
            "ends_on",
            ["starts_on", "opens", "closes", "reason", "agencies"],
        ),
        f"/devices/{kiosk.id}": ({"name": names("Lobby")}, "", ["name", "location_id"]),
        f"/clients/{client['id']}": ({"name": "Aplikasi", "scopes": ["tickets:read"]}, "", ["name", "scopes"]),
        f"/webhooks/{webhook['id']}": ({"name": "Aplikasi"}, "", ["name", "url", "event_types"]),
    }


async def tag(asker: Asker, path: str) -> str:
    return (await asker.get(path)).headers["ETag"]


async def test_what_was_made_is_read_where_its_answer_says_and_edited_from_that_answer(given: Given) -> None:
    mall = await given.mall()
    agency, name, renamed = await mall.agency(), {"name": names("New")}, {"name": names("Other")}
    of_agency, new = {"agency_id": agency.id}, {"code": "NEW", **name}
    floor = {"location_id": mall.location_id, "floor": "1"}
    days = {"starts_on": "2020-05-01", "ends_on": "2020-05-30"}
    other = await mall.manager.does("/agencies", {"code": "OTHER", **name, "category": "private"})
    things: list[tuple[str, Json, Json | None]] = [
        ("/agencies", {**new, "category": "private"}, {"office_address": "Jl. Baru"}),
        (
            "/locations",
            {**name, "address": "Jl. Hall", "starts_on": "2027-01-01", "floors": [{"code": "1", **name}]},
            renamed,
        ),
        ("/number-series", {**of_agency, "prefix": "ZZ", **name}, renamed),
        ("/services", {**of_agency, **new, "number_series_id": agency.series_id}, {"daily_quota": 40}),
        ("/counters", {**of_agency, **new, **floor}, {"booth": "Gerai 4"}),
        (
            "/calendar/holidays",
            {"date": "2020-12-25", "kind": "national_holiday", **name, "source": "SKB"},
            {"source": "SKB 2"},
        ),
        ("/calendar/periods", {**days, **name, "hours": []}, {"ends_on": "2020-05-29"}),
        ("/calendar/exceptions", {**days, "kind": "closed", "reason": names("Repairs")}, {"opens": "10:00"}),
        ("/devices", {"kind": "kiosk", **name, "location_id": mall.location_id}, renamed),
        ("/clients", {**of_agency, "name": "Sistem", "scopes": ["tickets:read"]}, {"name": "Aplikasi"}),
        ("/webhooks", {**hook("https://antrean.example/mpp"), **of_agency}, {"name": "Aplikasi"}),
        ("/staff", {**of_agency, "username": f"dewi.{mall.slug}", "name": "Dewi", "role": "officer"}, {"name": "Sari"}),
        ("/invitations", {"agency_id": other["id"]}, None),
        ("/agreements", {**of_agency, "kind": "decree"}, None),
        ("/tickets", {"service_id": agency.service, "channel": "kiosk"}, None),
    ]
    for path, body, change in things:
        made = await mall.manager.post(path, body, headers={"Idempotency-Key": path})
        assert made.status_code == 201, (path, made.text)
        where = made.headers["Location"]
        assert where == f"{mall.path}{path}/{made.json()['id']}"
        read = await mall.manager.get(f"/{where}")
        shown = read.json()
        assert shown.pop("phone", None) is None  # a ticket's, masked: of what is made nothing is kept that has one
        assert (read.status_code, shown.items() <= made.json().items()) == (200, True), path
        if change:
            assert made.headers["ETag"].split("-")[0] == read.headers["ETag"].split("-")[0] == '"1', path
            changed = await mall.manager.patch(f"/{where}", change, made.headers["ETag"])
            assert (changed.status_code, changed.json()["version"]) == (200, 2), (path, changed.text)
            again = await mall.manager.patch(f"/{where}", change, changed.headers["ETag"])
            assert again.status_code == 200, path

    admin = await given.admin()
    account = {"username": f"admin.{mall.slug}", "name": "Dewi", "role": "ministry_observer"}
    made = await admin.post("//v1/accounts", account)
    read = await admin.get(f"/{made.headers['Location']}")
    assert (read.status_code, read.json()["username"]) == (200, account["username"])
    assert "password" not in read.json()
    assert code_of(await admin.get(f"//v1/accounts/{mall.manager.id}")) == (404, "not_found"), "the mall's own"


async def test_an_edit_names_the_version_it_was_made_from(given: Given) -> None:
    mall = await given.mall()
    for path, (change, _, _) in (await editable(mall)).items():
        before, old = await mall.manager.sees(path), await tag(mall.manager, path)
        entries = len(await mall.entries())
        assert code_of(await mall.manager.patch(path, change)) == (428, "precondition_required"), path
        _, thing, shown = old.strip('"').split("-")
        another = f'"{before["version"]}-0123abcd-{shown}"'
        for wrong in ('"nonsense"', f"W/{old}", f'"99-{thing}-{shown}"', f'W/{old}, "x"', old[1:-1], another):
            assert code_of(await mall.manager.patch(path, change, wrong)) == (412, "precondition_failed"), (path, wrong)
        assert await mall.manager.sees(path) == before
        assert len(await mall.entries()) == entries

        changed = await mall.manager.patch(path, change, f'"other", W/"x", {old}')
        assert changed.status_code == 200, changed.text
        assert changed.json() == {**before, **change, "version": before["version"] + 1}
        assert await mall.manager.sees(path) == changed.json()
        assert changed.headers["ETag"] == await tag(mall.manager, path) != old
        assert code_of(await mall.manager.patch(path, {}, old)) == (412, "precondition_failed"), path
        [entry] = (await mall.entries())[entries:]
        assert entry["type"].endswith(".changed")
        assert {name: entry["data"][name] for name in entry["data"]["changed"]} == change
        assert entry["before"] == {name: before[name] for name in change}


async def test_a_star_edits_whatever_is_there_and_a_neighbours_tag_nothing(given: Given) -> None:
    mall = await given.mall()
    things = await editable(mall)
    tags = {path: await tag(mall.manager, path) for path in things}
    for path, (change, _, _) in things.items():
        for other, of_another in tags.items():
            if other != path:
                assert code_of(await mall.manager.patch(path, change, of_another)) == (412, "precondition_failed"), path
        assert (await mall.manager.patch(path, change, "*")).status_code == 200, path
    must_refuse(await mall.manager.patch(f"/counters/{mall.location_id}", {"booth": "A"}, "*"), 404, "not_found")


async def test_the_tag_of_a_verbs_answer_edits_the_thing_however_its_id_is_written(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer = await mall.officer(agency)
    opened = await officer.post(f"/counters/{agency.counter}/opening")
    path = f"/counters/{agency.counter.upper()}"
    assert (await mall.manager.patch(path, {"booth": "A"}, opened.headers["ETag"])).status_code == 200


async def test_weekly_hours_are_edited_as_all_else_and_an_agencys_own_taken_away(given: Given) -> None:
    mall = await given.mall()
    one, other = await mall.agency(), await mall.agency("TAX")
    own, theirs, hours = {"agency_id": one.id}, {"agency_id": other.id}, {"hours": ALWAYS[:2]}

    async def put(params: Json, etag: str | None) -> tuple[int, str]:
        headers = {"If-Match": etag} if etag else {}
        return code_of(await mall.manager.ask("PUT", "/calendar", params=params, json=hours, headers=headers))

    read = await mall.public.get("/calendar", params=own)
    must_show(read.json(), own_hours=False, version=0, hours=[{**each, "breaks": []} for each in ALWAYS])
    assert await put(own, None) == (428, "precondition_required")
    assert (
        await put({}, read.headers["ETag"]) == await put(theirs, read.headers["ETag"]) == (412, "precondition_failed")
    )
    assert await put(own, read.headers["ETag"]) == (200, "")
    assert await put(own, read.headers["ETag"]) == (412, "precondition_failed")
    set_ = await mall.public.get("/calendar", params=own)
    must_show(set_.json(), own_hours=True, version=1)
    gone = await mall.manager.ask("DELETE", "/calendar", params=own, headers={"If-Match": set_.headers["ETag"]})
    assert gone.status_code == 204
    assert (await mall.public.sees("/calendar", **own)) == {
        **read.json(),
        "days": (await mall.public.sees("/calendar"))["days"],
    }
    again = await mall.manager.ask("DELETE", "/calendar", params=own, headers={"If-Match": "*"})
    must_refuse(again, 404, "not_found")


async def test_left_out_stays_and_null_empties_what_may_be_empty(given: Given) -> None:
    mall = await given.mall()
    for path, (change, nullable, required) in (await editable(mall)).items():
        await mall.manager.patch(path, change, await tag(mall.manager, path))
        before, etag = await mall.manager.sees(path), await tag(mall.manager, path)
        for member in required:
            refused = await mall.manager.patch(path, {**change, member: None}, etag)
            assert code_of(refused) == (422, "invalid_request"), (path, member)
            assert f"/{member}" in [each["pointer"] for each in refused.json()["errors"]]
        for fixed in ("code", "slug", "version", "id", "status", "agency_id", "prefix", "time_zone"):
            refused = await mall.manager.patch(path, {fixed: "X"}, etag)
            assert code_of(refused) == (422, "invalid_request"), (path, fixed)
        untouched = await mall.manager.patch(path, {}, etag)
        assert untouched.json() == before, path
        if nullable:
            emptied = await mall.manager.patch(path, {nullable: None}, etag)
            assert emptied.json() == {**before, nullable: None, "version": before["version"] + 1}, path


def members(edited: str) -> list[str]:
    """What an edit may change, as the document has it."""
    schema = DOCUMENT["paths"][edited]["patch"]["requestBody"]["content"]["application/json"]["schema"]
    return list(DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]["properties"])


@pytest.mark.parametrize("edited", EDITS)
async def test_an_edit_that_changes_nothing_is_no_event_and_no_new_version(given: Given, edited: str) -> None:
    mall = await given.mall()
    paths = list(await editable(mall))
    agency = await mall.agency("TAX", services=3)
    contact = {"name": "Dewi", "phone": "+62 541 123456", "email": "dewi@dinas.example"}
    filled = {"contact": contact, "office_hours": ALWAYS, "website": "https://dinas.example"}
    await mall.manager.edits(f"/agencies/{agency.id}", filled)
    paths += [
        f"/agencies/{agency.id}",
        f"/counters/{agency.counter}",
        f"/staff/{(await mall.officer(agency)).id}",
    ]
    fits = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(edited)))
    fitting = [path for path in paths if fits.fullmatch(mall.path + path)]
    assert fitting, "nothing to edit"
    for path in fitting:
        before, etag, entries = await mall.manager.sees(path), await tag(mall.manager, path), len(await mall.entries())
        same = {name: before[name] for name in members(edited)}
        for change in (same, {}):
            answer = await mall.manager.patch(path, change, etag)
            assert (answer.status_code, answer.json(), answer.headers["ETag"]) == (200, before, etag), path
        assert len(await mall.entries()) == entries, path
        assert await tag(mall.manager, path) == etag, path


async def test_the_same_services_in_another_order_and_the_same_hours_are_no_change(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=3)
    path = f"/counters/{agency.counter}"
    counter, entries = await mall.manager.sees(path), len(await mall.entries())
    same = await mall.manager.edits(path, {"service_ids": counter["service_ids"][::-1]})
    assert same.json() == counter
    calendar = {"hours": ALWAYS}
    etag = {"If-Match": await tag(mall.manager, "/calendar")}
    assert (await mall.manager.ask("PUT", "/calendar", json=calendar, headers=etag)).is_success
    assert len(await mall.entries()) == entries
    fewer = await mall.manager.edits(path, {"service_ids": counter["service_ids"][:2], "booth": "Gerai 1"})
    assert fewer.json()["version"] == counter["version"] + 1
    [entry] = (await mall.entries())[entries:]
    assert entry["data"]["changed"] == ["booth", "service_ids"]
    assert entry["before"] == {"booth": None, "service_ids": counter["service_ids"]}
    assert entry["data"]["service_ids"] == counter["service_ids"][:2]


async def test_a_refused_edit_changes_nothing(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    counter, service = f"/counters/{agency.counter}", f"/services/{agency.service}"
    device, client = f"/devices/{mall.kiosk.id}", f"/clients/{(await mall.client(agency))['id']}"
    wrong_hours = [{"weekday": 1, "opens": "15:00", "closes": "08:00"}]
    cases: list[tuple[str, Json, str, str]] = [
        (counter, {"booth": "A", "service_ids": [other.service]}, "foreign_service", "/service_ids"),
        (counter, {"booth": "A", "floor": "9"}, "floor_unknown", "/floor"),
        (counter, {"booth": "A", "location_id": agency.id}, "unknown_reference", "/location_id"),
        (service, {"daily_quota": 1, "number_series_id": other.series_id}, "unknown_reference", "/number_series_id"),
        (service, {"daily_quota": 1, "handling_minutes": 0}, "invalid_request", "/handling_minutes"),
        (service, {"daily_quota": 1, "return_places": 0}, "invalid_request", "/return_places"),
        (service, {"daily_quota": 1, "no_show_calls": 0}, "invalid_request", "/no_show_calls"),
        (f"/agencies/{agency.id}", {"website": None, "office_hours": wrong_hours}, "hours_invalid", "/office_hours"),
        (f"/locations/{mall.location_id}", {"ends_on": "2019-01-01"}, "dates_reversed", "/ends_on"),
        (device, {"name": names("A"), "location_id": agency.id}, "unknown_reference", "/location_id"),
        (client, {"name": "A", "scopes": ["appointments:write"]}, "scope_not_available", "/scopes"),
    ]
    for path, change, code, pointer in cases:
        before, etag, entries = await mall.manager.sees(path), await tag(mall.manager, path), len(await mall.entries())
        refused = await mall.manager.patch(path, change, etag)
        assert code_of(refused) == (422, code), (path, change)
        assert [each["pointer"] for each in refused.json()["errors"]] == [pointer], (path, change)
        assert await mall.manager.sees(path) == before
        assert len(await mall.entries()) == entries


async def test_a_person_is_called_otherwise_and_stays_signed_in(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, manager = await mall.officer(agency), await mall.agency_manager(agency)
    path = f"/staff/{officer.id}"
    before, old = await manager.sees(path), await tag(manager, path)
    must_refuse(await manager.patch(path, {"name": "Dewi"}), 428, "precondition_required")
    changed = await manager.patch(path, {"name": "Dewi Lestari"}, old)
    assert changed.json() == {**before, "name": "Dewi Lestari", "version": before["version"] + 1}
    assert changed.headers["ETag"] == await tag(manager, path) != old
    must_refuse(await manager.patch(path, {"name": "Sari"}, old), 412, "precondition_failed")
    for wrong in ({"name": None}, {"name": " "}, {"username": "dewi"}, {"role": "mall_manager"}, {"version": 7}):
        assert code_of(await manager.patch(path, wrong, changed.headers["ETag"])) == (422, "invalid_request"), wrong
    entry = (await mall.entries())[-1]
    data = {"platform_role": None, "changed": ["name"]}
    must_show(entry, type="account.changed", before={}, data=data)
    assert "Dewi" not in str(await mall.entries())
    assert (await officer.sees("//v1/me"))["id"] == str(officer.id)

    must_refuse(await manager.patch(f"/staff/{mall.manager.id}", {"name": "A"}, old), 404, "not_found")
    await mall.grant(officer, Role.AUDITOR)
    beyond = await manager.patch(path, {"name": "Sari"}, changed.headers["ETag"])
    must_refuse(beyond, 409, "account_beyond_reach")
    assert (await mall.manager.edits(path, {"name": "Sari"})).json()["name"] == "Sari"


async def test_what_was_revoked_is_not_edited(given: Given) -> None:
    mall = await given.mall()
    kiosk, client = await mall.device(DeviceKind.KIOSK), await mall.client(await mall.agency())
    for path, change in ((f"/devices/{kiosk.id}", {"name": names("A")}), (f"/clients/{client['id']}", {"name": "A"})):
        await mall.manager.does(f"{path}/revocation")
        refused = await mall.manager.edits(path, change)
        must_refuse(refused, 409, "illegal_transition", state="revoked")


async def test_of_two_edits_from_one_version_one_is_done(given: Given) -> None:
    mall = await given.mall()
    agency: Agency = await mall.agency()
    path = f"/services/{agency.service}"
    etag = await tag(mall.manager, path)
    first = await mall.manager.patch(path, {"daily_quota": 1}, etag)
    second = await (await mall.agency_manager(agency)).patch(path, {"daily_quota": 2}, etag)
    assert first.status_code == 200
    must_refuse(second, 412, "precondition_failed")
    assert (await mall.manager.sees(path))["daily_quota"] == 1


async def test_who_has_the_newest_version_is_told_so(given: Given) -> None:
    mall = await given.mall()
    paths = [*await editable(mall), "/board", "/availability", "/calendar", f"//{mall.path[1:]}/board/words"]
    for path in paths:
        seen = await mall.manager.get(path)
        etag = seen.headers["ETag"]
        for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
            again = await mall.manager.get(path, headers={"If-None-Match": known})
            assert again.status_code == 304, path
            assert again.content == b"", path
            for same in ("ETag", "Cache-Control", "Vary", "Content-Language"):
                assert again.headers.get(same) == seen.headers.get(same), (path, same)
        newer = await mall.manager.get(path, headers={"If-None-Match": '"1-0123456789abcdef"'})
        assert newer.status_code == 200, path
        assert newer.json() == seen.json(), path


async def test_a_tag_follows_what_is_shown_and_not_the_row_alone(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(signed=False)
    tags: dict[str, Any] = {}
    for path in (f"/agencies/{agency.id}", f"/services/{agency.service}", f"/counters/{agency.counter}", "/board"):
        tags[path] = await tag(mall.public, path)
    await mall.agreement(agency)
    for path, old in tags.items():
        assert (await mall.public.get(path, headers={"If-None-Match": old})).status_code == 200, path
    edit = await mall.manager.patch(
        f"/services/{agency.service}", {"daily_quota": 1}, tags[f"/services/{agency.service}"]
    )
    assert edit.status_code == 200  # an agreement is no edit of the service
    english = await mall.public.get("/board", headers={"Accept-Language": "en"})
    assert english.headers["ETag"] != await tag(mall.public, "/board")
