"""What is wrong with a request is a problem with a code and a pointer, nothing is stored, and it is never a 500."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from app.web.bodies import DRAIN_LIMIT, WHOLE_LIMIT
from tests.given import Given, Json, Mall, code_of, must_refuse, names, signature

JSON = {"Content-Type": "application/json"}
NUL = "\u0000"


def refused(answer: httpx.Response, status: int, code: str, pointer: str | None = None) -> None:
    """Insist on a whole problem."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["code"] == code, body
    assert body["status"] == status, body
    assert body["type"] == f"/problems/{code}", body
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert body["instance"] == httpx.URL(answer.request.url).path
    if pointer is not None:
        assert pointer in [each["pointer"] for each in body["errors"]], body
        assert all(each["code"] and each["detail"] for each in body["errors"])


async def bodies(mall: Mall) -> dict[str, Json]:
    """A whole, valid body for every operation that reads one with members that people write."""
    agency = await mall.agency()
    hours = [{"weekday": 1, "opens": "08:00", "closes": "15:00", "breaks": [{"starts": "12:00", "ends": "13:00"}]}]
    invited = await mall.manager.does("/invitations", {"agency_id": agency.id})
    paper = await mall.paper(agency, "decree")
    ticket = await mall.kiosk.takes(agency.service)
    common = {"code": "NEW", "name": names("New")}
    return {
        "/agencies": {**common, "category": "private", "office_address": "Jl. Kantor", "office_hours": hours}
        | {"website": "https://kantor.example", "contact": {"name": "Dewi", "phone": "0811 000", "email": "a@b.id"}},
        "/invitations": {"agency_id": agency.id, "due_on": "2100-01-01"},
        f"/invitations/{invited['id']}/answer": {"answer": "committed", "note": "Two counters"},
        "/agreements": {"agency_id": agency.id, "kind": "decree", "title": "Keputusan", "scope": "All"},
        f"/agreements/{paper}/rejection": {"reason": "No room"},
        f"/agreements/{paper}/signature": signature(ends_on="2030-01-01"),
        f"/agreements/{agency.agreement_id}/suspension": {"waiting_tickets": "serve", "reason": "Audit"}
        | {"from_on": "2100-01-01"},
        "/number-series": {"prefix": "ZZZ", "name": names("Z"), "agency_id": agency.id},
        "/services": {**common, "agency_id": agency.id, "number_series_id": agency.series_id, "kind": "goods"}
        | {"level": "city", "scope": "whole", "scope_note": names("Here"), "channels": ["web"], "daily_quota": 9}
        | {"channel_quotas": {"web": 5}, "handling_minutes": 5},
        "/counters": {**common, "agency_id": agency.id, "location_id": mall.location_id, "floor": "1"}
        | {"booth": "A", "service_ids": [agency.service]},
        "/locations": {"name": names("Hall"), "address": "Jl. Hall", "starts_on": "2027-01-01", "ends_on": "2028-01-01"}
        | {"floors": [{"code": "1", "name": names("One")}]},
        "/calendar/exceptions": {"kind": "open", "starts_on": "2027-01-01", "ends_on": "2027-01-02"}
        | {"opens": "08:00", "closes": "09:00", "reason": names("Feast"), "agency_id": agency.id},
        "/calendar/holidays": {"date": "2027-03-10", "kind": "national_holiday", "name": names("Eid"), "source": "SKB"}
        | {"closes_mall": False, "estimated": True},
        "/calendar/holiday-proposals/acceptance": {"year": 2027, "keys": [], "collective_leave_closes": False},
        "/calendar/periods": {"starts_on": "2027-02-08", "ends_on": "2027-03-09", "name": names("Ramadan")}
        | {"hours": hours, "agency_id": agency.id},
        f"/tickets/{ticket['id']}/cancellation": {"reason": "Gone"},
        f"/tickets/{ticket['id']}/return": {"place": "later"},
        "/tickets": {"service_id": agency.service, "channel": "kiosk", "priority_class": "none", "language": "id"}
        | {"access_needs": ["wheelchair"], "visit_id": ticket["visit_id"]},
    }


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """All that holds no more members, with where it stands."""
    if isinstance(value, (dict, list)):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, f"{pointer}/{key}")
    else:
        yield pointer, value


def with_at(body: Any, pointer: str, wrong: Any) -> Any:
    """The same body with another value at a pointer."""
    head, _, rest = pointer[1:].partition("/")
    if isinstance(body, list):
        return [with_at(each, f"/{rest}", wrong) if rest else wrong for each in body]
    return {**body, head: with_at(body[head], f"/{rest}", wrong) if rest else wrong}


WRONG: dict[str, Callable[[Any], Any]] = {
    "nul": lambda value: f"{value}{NUL}",
    "escape": lambda value: f"{value}\u001b[2J",
    "surrogate": lambda value: f"{value}\ud800",
    "type": lambda _: {"no": "such"},
    "nan": lambda _: float("nan"),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_value_anywhere_is_pointed_at_and_nothing_is_stored(given: Given, wrong: str) -> None:
    mall = await given.mall()
    valid = await bodies(mall)
    before = len(await mall.entries())
    for path, body in valid.items():
        for pointer, value in leaves(body):
            content = json.dumps(with_at(body, pointer, WRONG[wrong](value)))
            answer = await mall.manager.post(path, content=content, headers={**JSON, "Idempotency-Key": "k"})
            refused(answer, 422, "invalid_request", pointer)
    assert len(await mall.entries()) == before


async def test_members_that_nobody_knows_are_refused_and_the_same_body_without_them_is_taken(given: Given) -> None:
    mall = await given.mall()
    valid = await bodies(mall)
    before = len(await mall.entries())
    for path, body in valid.items():
        answer = await mall.manager.post(path, {**body, "colour": 1}, headers={"Idempotency-Key": path[-40:]})
        refused(answer, 422, "invalid_request", "/colour")
    assert len(await mall.entries()) == before
    late = {"/invitations": "invitation_open", "signature": "illegal_transition", "return": "illegal_transition"}
    for path, body in valid.items():  # one after the other: some come too late
        answer = await mall.manager.post(path, body, headers={"Idempotency-Key": path[-40:]})
        refusal = next((code for end, code in late.items() if path.endswith(end)), None)
        assert (code_of(answer) == (409, refusal)) if refusal else answer.status_code in (200, 201), (path, answer.text)


async def test_numbers_flags_and_dates_are_never_guessed_from_other_types(given: Given) -> None:
    mall = await given.mall()
    valid = await bodies(mall)
    for path, pointer, wrong in (
        ("/services", "/daily_quota", "9"),
        ("/services", "/daily_quota", 1.5),
        ("/services", "/daily_quota", -1),
        ("/calendar/holidays", "/closes", 0),
        ("/calendar/holidays", "/estimated", "yes"),
        ("/calendar/holiday-proposals/acceptance", "/collective_leave_closes", 1),
        ("/services", "/daily_quota", 10**30),
        ("/services", "/handling_minutes", True),
        ("/services", "/channels", []),
        ("/services", "/channels", "web"),
        ("/services", "/code", "lower"),
        ("/services", "/name", "A plain text"),
        ("/services", "/agency_id", "not-an-id"),
        ("/services", "/agency_id", None),
        ("/number-series", "/prefix", "ABCD"),
        ("/agencies", "/code", "A" * 33),
        ("/agencies", "/category", "ministry"),
        ("/agencies", "/office_address", "x" * 2001),
        ("/agencies", "/name/en", " "),
        ("/invitations", "/due_on", 0),
        ("/invitations", "/due_on", "2027-02-30"),
        ("/invitations", "/due_on", "1944-12-31"),
        ("/invitations", "/due_on", "2101-01-01"),
        ("/invitations", "/due_on", "2027-03-01T00:00:00Z"),
        ("/calendar/exceptions", "/opens", "25:00"),
    ):
        answer = await mall.manager.post(path, with_at(valid[path], pointer, wrong))
        refused(answer, 422, "invalid_request", pointer)
    closing = await mall.manager.post(f"/counters/{mall.location_id}/closing", {"force": "yes"})
    refused(closing, 422, "invalid_request", "/force")
    missing = await mall.manager.post("/agencies", {"code": "NEW"})
    refused(missing, 422, "invalid_request", "/category")


async def test_what_is_no_json_is_refused(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0, counters=0)
    reviewing = f"/agreements/{agency.agreement_id}/review"
    contents: list[bytes] = [b"", b"{", b'{"code": }', b"\xff\xfe{", b"null", b"[]", b'"text"', b"5", b"[" * 100_000]
    contents += [b'{"a":' + b"9" * 5000 + b"}", b'{"\\ud800": 1}', b'{"\\u0000": 1}', b'{"a": Infinity}']
    for content in contents:
        refused(await mall.manager.post("/agencies", content=content, headers=JSON), 422, "invalid_request")
        for headers in (JSON, {**JSON, "Idempotency-Key": "k"}):
            answer = await mall.manager.post(reviewing, content=content, headers=headers)
            assert answer.status_code in (409, 422), content[:20]
    assert await mall.manager.all("/agencies") == [await mall.manager.sees(f"/agencies/{agency.id}")]


async def test_a_body_that_is_too_large_is_refused_however_it_comes(given: Given) -> None:
    mall = await given.mall()

    async def chunks(size: int) -> AsyncIterator[bytes]:
        for _ in range(size // 65_536 + 1):
            yield b" " * 65_536

    for path, asker in (("/agencies", mall.manager), ("/tickets", mall.public), ("//v1/no-such-path", given.public)):
        for content in (b" " * (WHOLE_LIMIT + 1), chunks(WHOLE_LIMIT), chunks(2 * DRAIN_LIMIT)):
            answer = await asker.post(path, content=content, headers=JSON)
            refused(answer, 413, "payload_too_large")
            assert answer.json()["limit_bytes"] == WHOLE_LIMIT
    refused(await mall.manager.post("/agencies", content=b" " * WHOLE_LIMIT, headers=JSON), 422, "invalid_request")
    form = await given.public.post("//v1/oauth/token", data={"grant_type": "p" * WHOLE_LIMIT})
    assert form.status_code == 413
    assert form.json()["error"] == "invalid_request"
    assert form.json()["code"] == "payload_too_large"


async def test_a_body_of_another_type_is_refused(given: Given) -> None:
    mall = await given.mall()
    for media in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "application/jsonish", ""):
        answer = await mall.manager.post("/agencies", content=b'{"code": "NEW"}', headers={"Content-Type": media})
        refused(answer, 415, "unsupported_media_type")
        assert answer.json()["expected"] == "application/json"
    for media in ("application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"):
        answer = await mall.manager.post("/agencies", content=b"{}", headers={"Content-Type": media})
        refused(answer, 422, "invalid_request")
    signing_in = await given.public.post("//v1/oauth/token", {"grant_type": "password"})
    assert signing_in.status_code == 415
    assert signing_in.json()["code"] == "unsupported_media_type"


async def test_paths_and_methods_that_are_not_there(given: Given) -> None:
    mall = await given.mall()
    for path in ("//v1", "//v1/mall", "/agencies/", "/nothing", "//problems/nothing", "//docs/assets/none.js"):
        refused(await mall.manager.get(path), 404, "not_found")
    refused(await given.public.get("//v1/malls/nowhere"), 404, "not_found")
    for method, path, allowed in (
        ("DELETE", "/agencies", "GET, HEAD, POST"),
        ("POST", "", "GET, HEAD, PATCH"),
        ("PUT", f"/agencies/{mall.location_id}", "GET, HEAD, PATCH"),
        ("POST", "/calendar", "DELETE, GET, HEAD, PUT"),
        ("PUT", f"/calendar/exceptions/{mall.location_id}", "DELETE, GET, HEAD, PATCH"),
        ("GET", "//v1/oauth/token", "POST"),
        ("POST", "//health/live", "GET, HEAD"),
        ("POST", "//docs/assets/pages.css", "GET, HEAD"),
    ):
        answer = await mall.manager.ask(method, path)
        assert answer.headers["Allow"] == allowed, path
        assert answer.status_code == 405
        assert answer.json()["code"] == "method_not_allowed"


def cursor(content: str) -> str:
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


async def test_ids_slugs_and_codes_in_a_path_are_checked(given: Given) -> None:
    mall = await given.mall()
    for path in ("/agencies/5", "/agencies/%00", "/tickets/%F0%9F%8E%AB", f"/counters/{mall.location_id}0"):
        refused(await mall.manager.get(path), 422, "invalid_request")
    for slug in ("UPPER", "a%00b", "x" * 41, "%C3%A9"):
        refused(await given.public.get(f"//v1/malls/{slug}"), 422, "invalid_request", "#path/mall")
    for code in ("short", "x" * 25):
        refused(await mall.public.get(f"/claims/{code}"), 422, "invalid_request", "#path/claim_code")
    refused(await given.public.get("//problems/%00"), 404, "not_found")


async def test_what_a_query_asks_for_is_checked(given: Given) -> None:
    mall = await given.mall()
    for path, name, wrong in (
        ("/agencies", "limit", ["0", "101", "-1", "many", "1.5", "9" * 40, ""]),
        ("/agencies", "sort", ["name", "code,id", "--code", "code\x00", ""]),
        ("/agencies", "category", ["ministry", NUL]),
        ("/agencies", "code", ["lower", NUL]),
        ("/mou-status", "on", ["0", "2027-02-30", "1944-12-31", "2101-01-01", "today", NUL]),
        ("/tickets", "service_day", ["1800-01-01", "1e9"]),
        ("/tickets", "agency_id", ["5", NUL]),
        ("/availability", "channel", ["", "phone"]),
        ("/calendar/holidays", "year", ["1944", "2101", "x"]),
        ("/calendar/holidays", "kind", ["national", NUL]),
        ("/calendar/holiday-proposals", "year", ["1944", "2101", "x"]),
        ("/agencies", "cursor", ["x" * 501]),
    ):
        for value in wrong:
            refused(await mall.manager.get(path, params={name: value}), 422, "invalid_request", f"#query/{name}")


async def test_a_cursor_that_was_not_given_out_is_refused(given: Given) -> None:
    mall = await given.mall()
    for broken in (
        "",
        "x",
        "%%%",
        NUL,
        "é",
        cursor("{"),
        cursor("5"),
        cursor("[]"),
        cursor('["code"]'),
        cursor("[" * 300),
    ):
        refused(await mall.public.get("/agencies", params={"cursor": broken}), 422, "invalid_cursor", "#query/cursor")
    for after in ('["code", 5]', '["code", null]', '["code", "a\\u0000"]', '["code", "\\ud800"]', '["id", "A"]'):
        answer = await mall.public.get("/agencies", params={"cursor": cursor(after)})
        refused(answer, 422, "invalid_cursor", "#query/cursor")
    answer = await mall.public.get("/agencies", params={"cursor": cursor('["id", "no id"]'), "sort": "id"})
    refused(answer, 422, "invalid_cursor", "#query/cursor")


async def test_problems_speak_the_readers_language_and_their_codes_do_not_change(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(signed=False)
    spoken: dict[str, str] = {}
    for wanted, language in (
        ("", "id"),
        ("en", "en"),
        ("en-GB,en;q=0.9,id;q=0.5", "en"),
        ("en;q=0.3, id-ID", "id"),
        ("fr, de;q=0.5", "id"),
        ("en;q=0", "id"),
        ("en;q=nonsense", "id"),
    ):
        headers = {"Accept-Language": wanted}
        answer = await mall.manager.post(f"/counters/{agency.counter}/opening", headers=headers)
        must_refuse(answer, 409, "membership_not_in_force")
        assert answer.headers["Content-Language"] == language, wanted
        assert "Accept-Language" in answer.headers["Vary"]
        assert spoken.setdefault(language, answer.json()["title"]) == answer.json()["title"]
        offers = await mall.public.get("/availability", params={"channel": "web"}, headers=headers)
        assert offers.headers["Content-Language"] == language
        assert "Accept-Language" in offers.headers["Vary"]
        reason = offers.json()["data"][0]["reason"]
        assert spoken.setdefault(f"{language} reason", reason) == reason
    assert len(set(spoken.values())) == 4


async def test_a_list_names_each_thing_once(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    service = {"agency_id": agency.id, "number_series_id": agency.series_id, "code": "X", "name": names("X")}
    counter = {"agency_id": agency.id, "location_id": mall.location_id, "code": "X", "name": names("X"), "floor": "1"}
    floor = {"code": "1", "name": names("1")}
    for path, body, member in (
        ("/services", {**service, "channels": ["web", "web"]}, "/channels"),
        ("/counters", {**counter, "service_ids": [agency.service] * 2}, "/service_ids"),
        (
            "/locations",
            {"name": names("X"), "address": "X", "starts_on": "2020-01-01", "floors": [floor] * 2},
            "/floors",
        ),
    ):
        answer = await mall.manager.post(path, body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == member


async def test_what_is_misshapen_is_said_in_the_language_asked_for(given: Given) -> None:
    mall = await given.mall()
    body = {"code": "", "name": {"id": "Nama"}, "category": "none", "extra": 1, "office_hours": 3}
    said = {}
    for language in ("id", "en"):
        answer = await mall.manager.post("/agencies", body, headers={"Accept-Language": language})
        assert answer.status_code == 422
        said[language] = {each["pointer"]: each["detail"] for each in answer.json()["errors"]}
    assert said["id"].keys() == said["en"].keys() >= {"/name/en", "/category", "/extra", "/office_hours"}
    assert said["id"]["/name/en"] == "Anggota ini wajib."
    assert said["id"]["/extra"] == "Anggota ini tidak dikenal."
    assert "vertical_agency" in said["id"]["/category"]
    assert not set(said["id"].values()) & set(said["en"].values())


async def test_what_is_misshapen_at_the_oauth_endpoints_is_named_in_the_description(given: Given) -> None:
    form = {"grant_type": "password", "username": "a" * 101}
    answer = await given.public.ask("POST", "//v1/oauth/token", data=form, headers={"Accept-Language": "id"})
    assert code_of(answer) == (400, "invalid_request")
    assert answer.json()["error_description"] == "username: Paling banyak 100 karakter."


async def test_everything_below_oauth_is_refused_in_the_words_of_oauth(given: Given) -> None:
    ask, token = given.public.ask, "//v1/oauth/token"
    fields = "&".join(f"f{each}=1" for each in range(1001)).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for answer, status, code in (
        (await ask("GET", token), 405, "method_not_allowed"),
        (await ask("DELETE", "//v1/oauth/revoke"), 405, "method_not_allowed"),
        (await ask("GET", "//v1/oauth/nothing"), 404, "not_found"),
        (await ask("POST", "//v1/oauth/", data={}), 404, "not_found"),
        (await ask("POST", "//v1/oauth/nothing", content=b" " * (WHOLE_LIMIT + 1)), 413, "payload_too_large"),
        (await ask("POST", token, content=fields, headers=form), 400, "invalid_request"),
        (await ask("POST", token, json={}), 415, "unsupported_media_type"),
    ):
        assert code_of(answer) == (status, code)
        assert answer.headers["Content-Type"] == "application/json", code
        assert answer.headers["Content-Language"] == "id"
        assert answer.json()["error"] == "invalid_request"
        assert answer.json()["error_description"]
        assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
    assert (await ask("GET", token)).headers["Allow"] == "POST"


async def test_what_our_own_checks_say_is_said_without_the_frameworks_words(given: Given) -> None:
    mall = await given.mall()
    body = {"code": "X", "name": {"id": "a\u0007", "en": "a"}, "category": "private"}
    answer = await mall.manager.post("/agencies", body, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"] == "control characters are not allowed"
