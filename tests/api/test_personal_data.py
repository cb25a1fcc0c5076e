"""What is personal stays in its own columns: no entry, log line, problem or board ever holds it."""

import io
import json
import logging
from dataclasses import dataclass, field

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Text, cast, func, select
from sqlalchemy.exc import IntegrityError

from app import models
from app.database import PLATFORM_REF
from app.models.base import personal_columns
from app.security.secrets import phone_mark
from app.web.logs import Lines, PlainLines
from tests.given import Agency, Asker, Given, Json, Mall, code_of, signature
from tests.given.events import read_events
from tests.journeys.test_deliveries import attempts
from tests.receiver import Receiver
from tests.servers import SERVER_KEY

PASSWORD = "Kenari bersiul di sawah 7"
PRIORITY, NEED = "pregnant_or_nursing", "sign_language"
STAFF = {"username": "kenari.petugas", "name": "Kenari Petugas"}
RENAMED = "Kenari Baru"
CONTACT = {"name": "Kenari Kontak", "phone": "+62 541 987654", "email": "kenari.kontak@dinas.example"}
NOTE, REJECTED, SUSPENDED, TERMINATED, CANCELLED = (
    f"Kenari {word}" for word in ("menjawab", "menolak", "menangguhkan", "mengakhiri", "membatalkan")
)
PLANTED = {
    "accounts.username": STAFF["username"],
    "accounts.name": RENAMED,
    "agencies.contact": CONTACT["email"],
    "agreements.reason": TERMINATED,
    "idempotency_keys.answer": PRIORITY,
    "invitations.note": NOTE,
    "suspensions.reason": SUSPENDED,
    "tickets.access_needs": NEED,
    "tickets.priority_class": PRIORITY,
    "tickets.reason": CANCELLED,
    "webhook_deliveries.answer": "Kenari Tamu",
}
"""One value in each personal column, as the test leaves them."""
PHONE, WEB_PHONE = "081298765432", "081298765401"
CANARIES = ("kenari", CONTACT["phone"], PHONE, PHONE[1:], WEB_PHONE, WEB_PHONE[1:], PRIORITY, NEED)
"""What of them must be seen nowhere, in lower case."""

FORMATS = (Lines(), PlainLines())


@dataclass
class Seen:
    """What the program has told anybody."""

    problems: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    async def note(self, answer: httpx.Response) -> None:
        """Keep every refusal, and the secrets that are shown once."""
        if answer.is_error:
            self.problems.append((await answer.aread()).decode())
            return
        body = answer.json()
        names = ("claim_code", "key", "client_secret", "password", "access_token", "refresh_token")
        if isinstance(body, dict):
            told = [body, *body.get("tickets", [])]
            self.secrets += [str(each[name]) for each in told for name in names if each.get(name)]


async def play(mall: Mall) -> None:
    """Put something personal wherever the API takes it, change it, refuse it, end it."""
    manager = mall.manager
    agency = await mall.agency(counters=1)
    await manager.edits(f"/agencies/{agency.id}", {"contact": {"name": "Kenari Lama"}})
    await manager.edits(f"/agencies/{agency.id}", {"contact": CONTACT})
    body = {**STAFF, "role": "officer", "agency_id": agency.id, "password": PASSWORD}
    staff = await manager.does("/staff", body)
    assert code_of(await manager.post("/staff", body)) == (409, "username_taken")
    assert code_of(await manager.post("/staff", {**body, "role": "king"})) == (422, "invalid_request")
    assert code_of(await manager.post("/staff", {**body, "name": "Kenari\x07"})) == (422, "invalid_request")
    wrong = {"grant_type": "password", "username": STAFF["username"], "password": f"{PASSWORD}-wrong"}
    assert (await mall.public.post("//v1/oauth/token", data=wrong)).status_code == 400
    token = await mall.public.does("//v1/oauth/token", data={**wrong, "password": PASSWORD})
    officer = Asker(mall.public.http, mall.path, token["access_token"])
    await manager.edits(f"/staff/{staff['id']}", {"name": RENAMED})
    await mall.client(agency)

    await on_the_web(mall, agency)
    await visits(mall, officer, agency.service, agency.counter)
    await absent(mall, officer, agency)
    other = await mall.service(agency, "OTHER")
    await mall.kiosk.plans(agency.service, other, in_order=True, priority_class=PRIORITY, access_needs=[NEED])
    invitation = await manager.does("/invitations", {"agency_id": agency.id})
    own = await mall.agency_manager(agency)
    await own.does(f"/invitations/{invitation['id']}/answer", {"answer": "declined", "note": NOTE})
    assert code_of(await own.post(f"/invitations/{invitation['id']}/answer", {"answer": "?", "note": NOTE}))[0] == 422
    paper = await mall.paper(agency, "cooperation_agreement")
    await manager.does(f"/agreements/{paper}/rejection", {"reason": REJECTED})
    late = await manager.post(f"/agreements/{paper}/signature", signature())
    assert code_of(late) == (409, "illegal_transition")
    await mall.interrupt(agency.agreement_id, "suspension", "cancel", reason=SUSPENDED)
    await mall.interrupt(agency.agreement_id, "termination", "cancel", reason=TERMINATED)
    await manager.does(f"/staff/{staff['id']}/disabling")
    await manager.does(f"/staff/{staff['id']}/password-reset", {"password": f"{PASSWORD}-new"})


async def visits(mall: Mall, officer: Asker, service: str, counter: str) -> None:
    """Visitors with a priority class, from the kiosk to every end."""
    needs: Json = {"priority_class": PRIORITY, "access_needs": [NEED]}
    _, gone, _ = [await mall.kiosk.takes(service, **needs) for _ in range(3)]
    assert code_of(await mall.kiosk.issue(service, **needs, language=CONTACT["name"])) == (422, "invalid_request")
    await mall.kiosk.takes(service, **needs, phone=PHONE)
    for written, code in ((PHONE, (409, "already_waiting")), (f"{PHONE}x", (422, "phone_invalid"))):
        assert code_of(await mall.kiosk.issue(service, **needs, phone=written)) == code
    assert code_of(await mall.kiosk.issue(service, **needs, phone=f"+65{PHONE}")) == (422, "phone_foreign")
    await officer.does(f"/counters/{counter}/opening")
    called = await officer.calls(counter)
    assert (called["priority_class"], called["access_needs"]) == (PRIORITY, [NEED])
    assert await officer.handles(called, "start", "hold", "return")
    await mall.public.get("/board", params={"floor": "1"})
    await officer.handles(await officer.calls(counter), "start", "completion")
    await officer.does(f"/tickets/{gone['id']}/cancellation", {"reason": CANCELLED})
    assert code_of(await officer.post(f"/tickets/{gone['id']}/cancellation", {"reason": CANCELLED}))[0] == 409
    await officer.does(f"/counters/{counter}/calls")


async def absent(mall: Mall, officer: Asker, agency: Agency) -> None:
    """Somebody with a phone does not come, is refused on the web, and is pardoned."""
    service, counter = agency.service, agency.counter
    policy = {"no_shows_before_block": 1, "no_show_calls": 1}
    await mall.manager.edits(f"/services/{service}", policy)
    waiting = await officer.all("/tickets", status=["called", "waiting"])
    for each in waiting:
        await officer.handles(each, "cancellation")
    await officer.calls(counter, await mall.kiosk.takes(service, phone=PHONE, priority_class=PRIORITY))
    [called] = await officer.all("/tickets", status="called")
    await officer.handles(called, "no-show")
    refused = await mall.public.issue(service, phone=PHONE, phone_code=await mall.code(agency, PHONE))
    assert code_of(refused) == (409, "web_blocked_after_no_shows")
    pardon = f"/services/{service}/pardon"
    assert code_of(await officer.post(pardon, {"phone": f"{PHONE}x"})) == (422, "phone_invalid")
    assert (await officer.does(pardon, {"phone": PHONE}))["no_shows"] == 1


async def on_the_web(mall: Mall, agency: Agency) -> None:
    """Somebody proves a phone, and loses the claim code."""
    service, code = agency.service, await mall.code(agency, WEB_PHONE)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for shown in ({}, {"phone_code": wrong}):
        refused = await mall.public.issue(service, phone=WEB_PHONE, **shown)
        assert refused.status_code == 422
    ticket = await mall.public.takes(service, phone=WEB_PHONE, phone_code=code, priority_class=PRIORITY)
    await mall.public.issue(service, phone=WEB_PHONE, phone_code=code)
    await mall.public.does(f"/claims/{ticket['claim_code']}/cancellation")


async def gossip(mall: Mall, partner: Receiver) -> None:
    """A receiver writes a name into its answer."""
    webhook = await mall.webhook(partner.url(f"/gossips/{mall.slug}"))
    await mall.manager.does(f"/webhooks/{webhook['id']}/ping")
    [attempt, *_] = await attempts(mall, webhook, 1)
    assert "Kenari Tamu" in attempt["answer"]


async def boards(mall: Mall) -> list[str]:
    """Everything that the public is shown of the mall at work, and all that anybody is told of."""
    paths = ("/board", "/availability?channel=web", "/services", "/counters", "/agencies", "/mou-status", "/members")
    shown = [(await each.get(path)).text for path in paths for each in (mall.public, mall.display)]
    told = [json.dumps((await read_events(each))[0], separators=(",", ":")) for each in (mall.manager, mall.display)]
    assert "ticket.issued" in told[0]
    return shown + told


async def found(mall: Mall, column: str, value: str) -> int:
    """In how many rows a column holds the value."""
    of = models.Base.metadata.tables[column.partition(".")[0]]
    held = func.strpos(cast(of.c[column.partition(".")[2]], Text), value) > 0
    asked = select(func.count()).select_from(of).where(held)
    if "mall_id" in of.c:
        asked = asked.where(of.c.mall_id == mall.ref.id)
    async with mall.database.reading(mall.ref) as reading:
        return await reading.session.scalar(asked) or 0


async def texts(mall: Mall, journal: int) -> list[str]:
    """The entries of a journal."""
    entry = models.JournalEntry
    async with mall.database.reading(mall.ref) as reading:
        return list(await reading.session.scalars(select(entry.content).where(entry.mall_id == journal)))


async def test_what_is_personal_is_in_no_entry_log_line_problem_or_board(
    app: FastAPI,
    given: Given,
    partner: Receiver,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert {str(each) for each in personal_columns()} == set(PLANTED)
    mall, seen = await given.mall(), Seen()
    asked = (mall.public.http, mall.manager.http)
    for http in asked:
        http.event_hooks["response"].append(seen.note)
    caplog.set_level(logging.DEBUG, "mpp")
    requests = io.StringIO()
    monkeypatch.setattr("app.web.logs._output.stream", requests)
    try:
        await play(mall)
        await gossip(mall, partner)
        shown = await boards(mall)
    finally:
        for http in asked:
            http.event_hooks["response"].remove(seen.note)
    for column, value in PLANTED.items():
        assert await found(mall, column, value), f"nothing was put into {column}"

    lines = [how.format(each) for each in caplog.records for how in FORMATS]
    lines += requests.getvalue().splitlines()
    entries = [*await texts(mall, mall.ref.id), *await texts(mall, PLATFORM_REF.id)]
    places = {"entries": entries, "log lines": lines, "problems": seen.problems, "boards": shown}
    mark = phone_mark(SERVER_KEY.encode(), mall.ref.id, f"+62{PHONE[1:]}").hex()
    secrets = {PASSWORD.lower(), mark, *(each.lower() for each in seen.secrets)}
    for place, said in places.items():
        assert said, place
        text = "\n".join(said).lower().replace(f'"{PRIORITY}":', "")  # a service names each class and its minutes
        assert [each for each in (*CANARIES, *secrets) if each in text] == [], place
    priorities = [json.loads(each)["data"]["priority"] for each in entries if '"type":"ticket.' in each]
    assert priorities
    assert all(priorities), "that it had one is all that is kept"


def test_a_refusal_and_a_line_would_be_seen() -> None:
    record = logging.LogRecord("mpp.request", logging.INFO, "", 0, "%s", ("Kenari",), None)
    written: Json = json.loads(Lines().format(record))
    assert CANARIES[0] in written["message"].lower()


def _insert() -> None:
    """Violate a constraint with somebody's phone number."""
    phone = CONTACT["phone"]
    violation = asyncpg.UniqueViolationError(f"Key (phone)=({phone}) already exists.")
    raise IntegrityError("INSERT INTO contacts VALUES ($1)", {"phone": phone}, violation) from violation


def _fail() -> None:
    try:
        _insert()
    except IntegrityError as error:
        raise ValueError(f"no contact {CONTACT}") from error


@pytest.mark.parametrize("how", FORMATS, ids=lambda how: type(how).__name__)
def test_a_line_says_what_an_exception_is_and_where_it_was_raised_but_not_what_it_says(how: logging.Formatter) -> None:
    with pytest.raises(ValueError, match="contact") as raised:
        _fail()
    error = raised.value
    below = logging.LogRecord(
        "mpp.web", logging.ERROR, "", 0, "defect in %s", ("x",), (ValueError, error, error.__traceback__)
    )
    amid = logging.LogRecord("mpp.web", logging.WARNING, "", 0, "busy: %s", (error,), None)
    loops = logging.LogRecord("asyncio", logging.ERROR, "", 0, f"never retrieved\nfuture: {error!r}", (), None)
    told, named, short = [how.format(each) for each in (below, amid, loops)]
    for said in (told, named, short):
        assert "541" not in said
        assert "kenari" not in said.lower()
    for said in (told, named):
        for part in ("ValueError", "IntegrityError", "UniqueViolationError", "23505"):
            assert part in said
    assert "defect in x" in told
    for part in ("_fail", "_insert", __file__):
        assert part in told
    assert "never retrieved" in short
