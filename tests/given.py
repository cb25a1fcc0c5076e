"""A mall for a test, and the cast that plays in it.

Everything is built as life builds it: through the HTTP API, or through the actions where there is no operation yet
(accounts that sign in with no password). No test begins in a state that the program cannot reach.
"""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI
from sqlalchemy import event, select, text

from app import models
from app.actions import accounts
from app.database import PLATFORM_REF, Database
from app.domain.callers import SYSTEM
from app.domain.devices import DeviceKind
from app.domain.malls import MallRef
from app.domain.roles import Role
from app.journal import Journal
from app.security.tokens import Bearer
from app.web.context import AppContext, context_of
from tests.catalogue import held_to_the_catalogue

ALWAYS = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
ZONES = ("Asia/Makassar", "Asia/Jakarta", "Asia/Jayapura")
_numbers = itertools.count(1)
Json = dict[str, Any]


def names(text: str) -> Json:
    """A text in both languages."""
    return {"id": f"{text} (id)", "en": text}


def showing(client: Json, **more: str) -> dict[str, str]:
    """The form by which a client that was registered asks for a token."""
    form = {"client_id": client["id"], "client_secret": client["client_secret"]}
    return {"grant_type": "client_credentials", **form, **more}


def far_from_midnight() -> str:
    """A zone in which no midnight falls into a test that runs now."""
    for zone in ZONES:
        now = datetime.now(tz=ZoneInfo(zone))  # noqa: TID251  # where it is midnight is a question to the real clock
        if timedelta(minutes=30) <= timedelta(hours=now.hour, minutes=now.minute) <= timedelta(hours=23, minutes=30):
            return zone
    raise AssertionError


def signature(starts_on: str = "2020-01-01", ends_on: str | None = None, **more: Any) -> Json:
    """What a reviewed paper is signed with."""
    numbers = {"mall_number": f"M/{next(_numbers)}", "agency_number": "A/1"}
    return {"signed_on": "2020-01-01", "starts_on": starts_on, "ends_on": ends_on, **numbers, **more}


class Asker:
    """Somebody who asks the program: the public, a person, a device."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        path: str,
        credential: str | None = None,
        id_: UUID | None = None,
        *,
        channel: str | None = None,
    ) -> None:
        self.http, self.path, self.credential, self.id = http, path, credential, id_
        self.channel = channel or ("kiosk" if credential else "web")

    def at(self, http: httpx.AsyncClient) -> "Asker":
        """The same one, asking another process."""
        return Asker(http, self.path, self.credential, self.id, channel=self.channel)

    async def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Ask for a path below the mall, or for an absolute one that begins with `//`."""
        headers = {
            **({"Authorization": f"Bearer {self.credential}"} if self.credential else {}),
            **how.pop("headers", {}),
        }
        url = path[1:] if path.startswith("//") else self.path + path
        return await self.http.request(method, url, headers=headers, **how)

    async def get(self, path: str, **how: Any) -> httpx.Response:
        return await self.ask("GET", path, **how)

    async def post(self, path: str, json: Any = None, **how: Any) -> httpx.Response:
        if json is not None:
            how["json"] = json
        return await self.ask("POST", path, **how)

    async def patch(self, path: str, json: Any, etag: str | None = None) -> httpx.Response:
        return await self.ask("PATCH", path, json=json, headers={"If-Match": etag} if etag else {})

    async def does(self, path: str, json: Any = None, **how: Any) -> Json:
        """Post, and insist that it succeeds."""
        answer = await self.post(path, json, **how)
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        body: Json = answer.json()
        return body

    async def sees(self, path: str, **params: Any) -> Any:
        """Get, and insist that it succeeds."""
        answer = await self.get(path, params=params)
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        return answer.json()

    async def all(self, path: str, **params: Any) -> list[Json]:
        """Every row of a list, page after page."""
        rows: list[Json] = []
        cursor: Json = {}
        while True:
            page = await self.sees(path, limit=100, **params, **cursor)
            rows += page["data"]
            if not page["has_more"]:
                return rows
            cursor = {"cursor": page["next_cursor"]}

    async def issue(self, service_id: str, key: str | None = None, **more: Any) -> httpx.Response:
        """Ask for a ticket on the own channel: the web's without credentials, the kiosk's unless told otherwise."""
        body = {"service_id": service_id, "channel": self.channel, **more}
        return await self.post("/tickets", body, headers={"Idempotency-Key": key or str(uuid4())})

    async def takes(self, service_id: str, **more: Any) -> Json:
        """A ticket."""
        answer = await self.issue(service_id, **more)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        body: Json = answer.json()
        return body

    async def calls(self, counter_id: str, ticket: Json | None = None) -> Json:
        """The next ticket to a counter, or the one named."""
        return await self.does(f"/counters/{counter_id}/calls", {"ticket_id": ticket["id"]} if ticket else None)

    async def handles(self, ticket: Json, *verbs: str) -> Json:
        """A ticket after one verb and the next, `start`, `completion` and so on."""
        for verb in verbs:
            ticket = await self.does(f"/tickets/{ticket['id']}/{verb}")
        return ticket

    async def edits(self, path: str, json: Json) -> httpx.Response:
        """Change a thing as it stands now."""
        return await self.patch(path, json, (await self.get(path)).headers["ETag"])


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """What a refusal says, in short; nothing where it is none."""
    return answer.status_code, "" if answer.is_success else answer.json().get("code", "")


@dataclass
class Agency:
    """An agency of a test's mall, with what it has there."""

    id: str
    code: str
    agreement_id: str | None = None
    series_id: str = ""
    services: dict[str, str] = field(default_factory=dict)
    counters: list[str] = field(default_factory=list)

    @property
    def service(self) -> str:
        """Its first service."""
        return next(iter(self.services.values()))

    @property
    def counter(self) -> str:
        """Its first counter."""
        return self.counters[0]


ALL_SCOPES = ["catalogue:read", "joining:read", "tickets:write", "tickets:read"]


class Mall:
    """One test's mall. The manager, the auditor, a kiosk, a display and the public are always there."""

    def __init__(self, app: FastAPI, http: httpx.AsyncClient, ref: MallRef, public: httpx.AsyncClient) -> None:
        self.ref, self.slug, self.path = ref, ref.slug, f"/v1/malls/{ref.slug}"
        self.context: AppContext = context_of(app)
        self.database: Database = self.context.database
        self._http = http
        self.public = Asker(public, self.path)
        self.manager: Asker
        self.auditor: Asker
        self.kiosk: Asker
        self.display: Asker
        self.location_id = ""
        self._prefixes = (f"{a}{b}" for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")

    async def furnish(self) -> None:
        self.manager = await self.person(Role.MALL_MANAGER)
        self.auditor = await self.person(Role.AUDITOR)
        location = await self.manager.does(
            "/locations",
            {
                "name": names("Main building"),
                "address": "Jl. Pahlawan",
                "floors": [{"code": "1", "name": names("Floor 1")}, {"code": "2", "name": names("Floor 2")}],
                "from_on": "2020-01-01",
            },
        )
        self.location_id = location["id"]
        self.kiosk = await self.device(DeviceKind.KIOSK)
        self.display = await self.device(DeviceKind.DISPLAY)

    def set_time(self, local: str) -> None:
        """Move this mall's time on to a local instant, `2027-03-05T09:00`. Time only ever goes forward."""
        wanted = datetime.fromisoformat(local).replace(tzinfo=self.ref.zone)
        now = datetime.now(tz=self.ref.zone)  # noqa: TID251  # how far to move is a question to the real clock
        self.database.clock.offsets[self.ref.id] = wanted - now

    def instant(self, local: str) -> str:
        """A local time of this mall as it stands on the wire."""
        at = datetime.fromisoformat(local).replace(tzinfo=self.ref.zone).astimezone(UTC)
        return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def pass_time(self, by: timedelta) -> None:
        """Move this mall's time on."""
        offsets = self.database.clock.offsets
        offsets[self.ref.id] = offsets.get(self.ref.id, timedelta()) + by

    async def today(self) -> date:
        """The mall's service day."""
        async with self.database.reading(self.ref) as reading:
            return reading.today

    async def person(self, role: Role, agency: Agency | None = None) -> Asker:
        """Somebody with a role in this mall."""

        async def appear(journal: Journal) -> tuple[UUID, datetime]:
            account = await accounts.create(
                journal, username=f"{role}.{next(_numbers)}.{os.getpid()}", name=role.value, password_hash="-"
            )
            await accounts.grant(journal, account, role, UUID(agency.id) if agency else None)
            return account.id, journal.at

        account_id, at = await self.database.write(self.ref, SYSTEM, appear)
        now = at - self.database.clock.offsets.get(self.ref.id, timedelta())
        token = self.context.signing_keys.ring.sign(Bearer(account_id, 1), at=now, until=now + timedelta(hours=1))
        return Asker(self._http, self.path, token, account_id)

    async def grant(self, person: Asker, role: Role, agency: Agency | None = None) -> None:
        """One more role in this mall for somebody."""

        async def appoint(journal: Journal) -> None:
            account = await journal.session.get_one(models.Account, person.id)
            await accounts.grant(journal, account, role, UUID(agency.id) if agency else None)

        await self.database.write(self.ref, SYSTEM, appoint)

    async def officer(self, agency: Agency) -> Asker:
        return await self.person(Role.OFFICER, agency)

    async def agency_manager(self, agency: Agency) -> Asker:
        return await self.person(Role.AGENCY_MANAGER, agency)

    async def device(self, kind: DeviceKind) -> Asker:
        body = {"kind": kind, "name": {"id": kind, "en": kind}, "location_id": self.location_id}
        device = await self.manager.does("/devices", body)
        return Asker(self._http, self.path, device["key"], UUID(device["id"]))

    async def client(self, agency: Agency, *scopes: str) -> Json:
        """A partner's client of the agency, just registered, with all scopes unless some are named."""
        wanted = list(scopes) or ALL_SCOPES
        return await self.manager.does("/clients", {"agency_id": agency.id, "name": "Sistem mitra", "scopes": wanted})

    async def partner(self, agency: Agency, *scopes: str) -> Asker:
        """A partner's system of the agency, with a token for these scopes."""
        client = await self.client(agency, *scopes)
        token = await self.public.does("//v1/oauth/token", data=showing(client))
        return Asker(self._http, self.path, token["access_token"], UUID(client["id"]), channel="partner")

    async def agency(self, code: str = "CIVIL", *, signed: bool = True, services: int = 1, counters: int = 1) -> Agency:
        """An agency with services on one number series, and counters that serve all of them."""
        made = await self.manager.does(
            "/agencies", {"code": code, "name": names(code.title()), "category": "vertical_agency"}
        )
        agency = Agency(made["id"], code)
        if signed:
            agency.agreement_id = await self.agreement(agency)
        series = await self.manager.does(
            "/number-series", {"prefix": next(self._prefixes), "name": names(code), "agency_id": agency.id}
        )
        agency.series_id = series["id"]
        for number in range(services):
            await self.service(agency, f"{code}-{number + 1}")
        for _ in range(counters):
            await self.counter(agency)
        return agency

    async def service(self, agency: Agency, code: str, **more: Any) -> str:
        made = await self.manager.does(
            "/services",
            {
                "agency_id": agency.id,
                "number_series_id": agency.series_id,
                "code": code,
                "name": names(code),
                "channels": ["kiosk", "web", "partner"],
                **more,
            },
        )
        agency.services[code] = made["id"]
        for counter in agency.counters:
            served = (await self.public.sees(f"/counters/{counter}"))["service_ids"]
            await self.manager.edits(f"/counters/{counter}", {"service_ids": [*served, made["id"]]})
        return str(made["id"])

    async def counter(self, agency: Agency, service_ids: list[str] | None = None) -> str:
        number = next(_numbers)
        made = await self.manager.does(
            "/counters",
            {
                "agency_id": agency.id,
                "location_id": self.location_id,
                "code": f"L-{number}",
                "name": {"id": f"Loket {number}", "en": f"Counter {number}"},
                "floor": "1",
                "service_ids": list(agency.services.values()) if service_ids is None else service_ids,
            },
        )
        agency.counters.append(made["id"])
        return str(made["id"])

    async def agreement(
        self, agency: Agency, starts_on: str = "2020-01-01", ends_on: str | None = None, kind: str = "memorandum"
    ) -> str:
        """A signed agreement."""
        paper_id = await self.paper(agency, kind)
        await self.manager.does(f"/agreements/{paper_id}/signature", signature(starts_on, ends_on))
        return paper_id

    async def paper(self, agency: Agency, kind: str = "memorandum") -> str:
        """A paper that is under review."""
        paper = await self.manager.does(
            "/agreements", {"agency_id": agency.id, "kind": kind, "title": "Nota Kesepahaman"}
        )
        await self.manager.does(f"/agreements/{paper['id']}/review")
        return str(paper["id"])

    async def interrupt(self, agreement_id: str | None, act: str, waiting: str = "serve", **more: Any) -> Json:
        """Suspend (`suspension`) or end (`termination`) an agreement."""
        body = {"waiting_tickets": waiting, "reason": "Audit", **more}
        return await self.manager.does(f"/agreements/{agreement_id}/{act}", body)

    async def standing(self, agency: Agency, on: str | None = None) -> Json:
        """What an agency is to the mall on a day."""
        rows = await self.public.all("/mou-status", **({"on": on} if on else {}))
        return next(row for row in rows if row["agency_id"] == agency.id)

    async def open_counter(self, agency: Agency, counter_id: str | None = None) -> tuple[Asker, str]:
        """An officer of the agency with a counter open."""
        officer = await self.officer(agency)
        counter_id = counter_id or agency.counter
        await officer.does(f"/counters/{counter_id}/opening")
        return officer, counter_id

    async def intervals(self, ticket: Json) -> Sequence[models.TicketInterval]:
        """Where a ticket has been, as the database keeps it."""
        interval = models.TicketInterval
        async with self.database.reading(self.ref) as reading:
            rows = await reading.session.scalars(
                select(interval)
                .where(interval.mall_id == self.ref.id, interval.ticket_id == UUID(ticket["id"]))
                .order_by(interval.started_at, interval.id)
            )
            return rows.all()

    async def entries(self) -> list[Json]:
        """The mall's journal, as the texts that were hashed, each held to the catalogue."""
        async with self.database.reading(self.ref) as reading:
            contents = await reading.session.scalars(
                select(models.JournalEntry.content)
                .where(models.JournalEntry.mall_id == self.ref.id)
                .order_by(models.JournalEntry.sequence)
            )
            return [held_to_the_catalogue(each) for each in contents]


class Given:
    """Makes malls."""

    def __init__(self, app: FastAPI, http: httpx.AsyncClient) -> None:
        self._app, self._http = app, http
        self.context: AppContext = context_of(app)
        self.public = Asker(http, "")

    def from_address(self, address: str) -> Asker:
        """The public at another address: paces are kept by address."""
        transport = httpx.ASGITransport(self._app, client=(address, 50_000))
        hooks = self._http.event_hooks
        return Asker(httpx.AsyncClient(transport=transport, base_url=self._http.base_url, event_hooks=hooks), "")

    async def admin(self) -> Asker:
        """A platform administrator."""
        return await self.platform_person(Role.PLATFORM_ADMIN)

    async def platform_person(self, role: Role) -> Asker:

        async def appear(journal: Journal) -> tuple[UUID, datetime]:
            account = await accounts.create(
                journal,
                username=f"{role}.{next(_numbers)}.{os.getpid()}",
                name=role.value,
                password_hash="-",
                platform_role=role,
            )
            return account.id, journal.at

        account_id, at = await self.context.database.write(PLATFORM_REF, SYSTEM, appear)
        token = self.context.signing_keys.ring.sign(Bearer(account_id, 1), at=at, until=at + timedelta(hours=1))
        return Asker(self._http, "", token, account_id)

    async def mall(
        self, *, at: str | None = None, time_zone: str | None = None, hours: list[Json] | None = None
    ) -> Mall:
        """A mall that is open at any hour unless hours are given; `at` sets its local time before it begins."""
        time_zone = time_zone or (ZONES[0] if at else far_from_midnight())
        admin = await self.admin()
        slug = f"mall-{os.getpid()}-{next(_numbers)}"
        await admin.does(
            "//v1/malls",
            {
                "slug": slug,
                "name": names("Riverside"),
                "region": "Kota",
                "operator": "DPMPTSP",
                "time_zone": time_zone,
                "hours": ALWAYS if hours is None else hours,
            },
        )
        ref = await self.context.malls.named(slug)
        # a mall's public has an address of its own: guesses are counted by address
        mall = Mall(self._app, self._http, ref, self.from_address(f"198.18.{ref.id // 256}.{ref.id % 256}").http)
        if at:
            mall.set_time(at)
        await mall.furnish()
        return mall


@asynccontextmanager
async def held(database: Database, mall: MallRef) -> AsyncIterator[None]:
    """A mall's journal in an act that lasts as long as the block, however long; whoever writes meanwhile waits."""
    taken, over = asyncio.Event(), asyncio.Event()

    async def act(journal: Journal) -> None:
        await journal.session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        taken.set()
        await over.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(database.write(mall, SYSTEM, act))
        try:
            await taken.wait()
            yield
        finally:
            over.set()


_counting: ContextVar[list[str] | None] = ContextVar("counting", default=None)


@asynccontextmanager
async def counted(database: Database) -> AsyncIterator[list[str]]:
    """The statements that the program runs for the block's own requests (its workers run beside them)."""
    seen: list[str] = []
    ours = _counting.set(seen)  # what the requests begin in tasks of their own has it, too

    def note(_c: object, _cu: object, statement: str, *_: object) -> None:
        if _counting.get() is seen:
            seen.append(statement)

    engines = [engine.sync_engine for engine in database.engines]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        _counting.reset(ours)
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
