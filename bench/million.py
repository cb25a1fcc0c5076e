"""A mall with a million tickets and as many entries, beside one that is new: what must not grow with them."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import httpx

from app import embedded
from app.migrating import migrate
from bench import stage
from bench.reads import wrk
from bench.stage import Stage
from tests.given import Json, Mall

TICKETS, USUAL, DAYS = 1_000_000, 2_740, 28
"""All of them; those of a usual day; how many usual days there are up to today. The rest came on one day before."""
DEPTH, PAGE = 900_000, 50
GOAL_MS = 10
ACTS = 20
"""After how many acts statistics are asked for in a round."""
HEAD = (
    "| with a million tickets | there | limit | ratio | goal | reached |",
    "|---|---|---|---|---|---|",
)
_FOLLOWED = """
    INSERT INTO followers (mall_id, name, next_sequence) SELECT $1, name, next
    FROM (VALUES ('service_day_counts', $2::bigint), ('service_figures', $3::bigint)) AS places (name, next)
    ON CONFLICT (mall_id, name) DO UPDATE SET next_sequence = excluded.next_sequence
"""
_GIVEN = """
    CREATE TEMPORARY TABLE given AS
    WITH days AS (
        SELECT $2::date - 60 AS day, $3::integer AS tickets
        UNION ALL
        SELECT $2::date - n, $4::integer FROM generate_series(0, $5::integer - 1) AS n
    )
    SELECT row_number() OVER (ORDER BY day, ordinal) AS nth, day, ordinal, s.mall_id, s.id AS service_id, s.agency_id,
        s.number_series_id AS series_id, uuidv7() AS id, uuidv7() AS visit_id,
        CASE day WHEN $2 THEN now() - (tickets - ordinal + 1) * interval '3 seconds'
            ELSE (day + time '01:00') AT TIME ZONE 'UTC' + ordinal * (interval '7 hours' / tickets) END AS at
    FROM days CROSS JOIN LATERAL generate_series(1, tickets) AS ordinal
    JOIN services AS s ON s.mall_id = $1
"""
_TICKETS = """
    INSERT INTO tickets (mall_id, id, series_id, ordinal, number, service_day, visit_id, issued_service_id, agency_id,
        service_id, channel, priority_class, access_needs, language, effective_arrival, arrived_at, issued_at,
        issued_by, claim_hash, status, counter_id, officer_id, call_count, print_count, postponements, called_at,
        started_at, ended_at, closed_by)
    SELECT mall_id, id, series_id, ordinal, 'A-' || lpad(ordinal::text, greatest(3, length(ordinal::text)), '0'), day,
        visit_id, service_id, agency_id, service_id, 'kiosk', 'none', '[]', 'id', extract(epoch FROM at) + nth * 1e-18,
        at, at, agency_id, sha256(id::text::bytea), 'completed', NULL, agency_id, 1, 0, 0, at + interval '20 minutes',
        at + interval '21 minutes', at + interval '30 minutes', 'officer'
    FROM given ORDER BY nth
"""
_VISITS = """
    INSERT INTO visits (mall_id, id, service_day, in_order) SELECT mall_id, visit_id, day, false FROM given ORDER BY nth
"""
_INTERVALS = """
    INSERT INTO ticket_intervals (mall_id, id, ticket_id, kind, service_id, started_at, ended_at, outcome)
    SELECT mall_id, uuidv7(), id, kind, service_id, at + begun, at + ended, outcome
    FROM given, (VALUES ('waiting', interval '0', interval '20 minutes', 'call'),
        ('called', interval '20 minutes', interval '21 minutes', 'start'),
        ('serving', interval '21 minutes', interval '30 minutes', 'complete')) AS spent (kind, begun, ended, outcome)
    ORDER BY nth
"""
_ENTRIES = """
    WITH told AS (
        SELECT day, at, 0 AS last, id, 'ticket.issued' AS type, mall_id, agency_id FROM given
        UNION ALL
        SELECT DISTINCT day, (day + time '17:30') AT TIME ZONE 'UTC', 1, service_id, 'day.ended', mall_id, NULL::uuid
        FROM given WHERE day < $2
    ), numbered AS (
        SELECT *, $1::bigint + row_number() OVER (ORDER BY day, last, at) AS sequence FROM told
    )
    INSERT INTO entries (mall_id, sequence, at, service_day, type, subject_id, agency_id, content, hash)
    SELECT mall_id, sequence, at, day, type, id, agency_id,
        format('{"sequence":%s,"type":"%s","subject":{"id":"%s","kind":"ticket"}}', sequence, type, id),
        sha256(sequence::text::bytea)
    FROM numbered ORDER BY sequence
"""
_NUMBERS = """
    INSERT INTO number_days (mall_id, series_id, service_day, last_number)
    SELECT mall_id, series_id, day, max(ordinal) FROM given GROUP BY mall_id, series_id, day
"""


@dataclass(frozen=True)
class Crowded:
    """The mall of a million, and the program that serves it."""

    base: str
    mall: Json
    """Its kiosk: where to post, for which service, with which key."""
    token: str
    first_day: str
    cursor: str
    """Of the page at depth."""
    month: str


@asynccontextmanager
async def crowded(server_url: str, folder: Path) -> AsyncIterator[Crowded]:
    """Fill a database of its own, and serve it."""
    url = urlunsplit(urlsplit(server_url)._replace(path="/million"))
    await embedded.create_database(url)
    await migrate(url)
    async with stage.building(url) as given:
        mall = await given.mall()
        await mall.agency()
        kiosk, today = await stage.kiosk_of(mall), await mall.today()
    deep = await _fill(url, mall)
    first_day = f"{today.fromordinal(today.toordinal() - 60)}"
    cursor = base64.urlsafe_b64encode(json.dumps(["id", deep]).encode()).decode().rstrip("=")
    month = f"{today.fromordinal(today.toordinal() - 1):%Y-%m}"
    async with stage.serving(url, folder) as base:
        await _followed(url)
        yield Crowded(base, kiosk, mall.manager.credential or "", first_day, cursor, month)


async def _fill(url: str, mall: Mall) -> str:
    """Write the tickets and what belongs to them. Returns the id of the one at depth."""
    connection = await asyncpg.connect(url)
    crowd = TICKETS - DAYS * USUAL
    try:
        head = await connection.fetchval("SELECT max(sequence) FROM entries WHERE mall_id = $1", mall.ref.id)
        today = await mall.today()
        await connection.execute(_GIVEN, mall.ref.id, today, crowd, USUAL, DAYS)
        await connection.execute(
            "SET session_replication_role = replica"
        )  # foreign keys would be asked five million times
        for statement in (_VISITS, _TICKETS, _INTERVALS, _NUMBERS):
            await connection.execute(statement)
        await connection.execute(_ENTRIES, head, today)
        last = await connection.fetchval("SELECT max(sequence) FROM entries WHERE mall_id = $1", mall.ref.id)
        await connection.execute(_FOLLOWED, mall.ref.id, last + 1, head + crowd + 2)
        deep = await connection.fetchval(
            "SELECT id::text FROM given WHERE day = (SELECT min(day) FROM given) ORDER BY id OFFSET $1 LIMIT 1", DEPTH
        )
        await connection.execute("VACUUM (ANALYZE)")
        return str(deep)
    finally:
        await connection.close()


async def _followed(url: str) -> None:
    """Wait until the figures of the days that are over are kept."""
    connection = await asyncpg.connect(url)
    try:
        for _ in range(300):
            if await connection.fetchval("SELECT count(*) FROM service_figures WHERE span = 'day'") >= DAYS - 1:
                return
            await asyncio.sleep(1)
        raise TimeoutError
    finally:
        await connection.close()


@dataclass
class Row:
    """One line of the table: what was seen in each round beside its limit."""

    name: str
    unit: str
    goal: float
    more_is_better: bool = False
    seen: list[tuple[float, float]] = field(default_factory=list)

    def line(self) -> str:
        """As the table shows it."""
        ours, limit = (median(each) for each in zip(*self.seen, strict=True))
        ratio = median(ours / limit for ours, limit in self.seen)
        reached = ratio >= self.goal if self.more_is_better else ratio <= self.goal
        return (
            f"| {self.name} | {ours:,.1f} {self.unit} | {limit:,.1f} {self.unit} | {ratio:.2f} |"
            f" {'≥' if self.more_is_better else '≤'} {self.goal:g} | {'yes' if reached else 'no'} |"
        )


async def table(
    crowd: Crowded, made: Stage, load: Callable[..., Awaitable[Json]], rounds: int, seconds: float
) -> list[str]:
    """The lines, from interleaved rounds."""
    mall, token = crowd.base + crowd.mall["mall"], {"Authorization": f"Bearer {crowd.token}"}
    page = f"{mall}/tickets?service_day={crowd.first_day}&limit={PAGE}"
    pages = Row(f"a page of tickets at depth {DEPTH:,}, beside the first", "ms", 1.2)
    issues = Row("issuing, 8 clients, beside a mall that is new", "/s", 0.85, more_is_better=True)
    day = Row("statistics of the present day after each act, beside 10 ms", "ms", 1)
    month = Row("statistics of a month that has it, likewise", "ms", 1)

    async def milliseconds(url: str) -> float:
        _, p50, _ = await wrk(url, seconds, token, clients=1)
        return p50

    async def rate(kiosk: Json, **where: list[str]) -> float:
        told = await load(what="issue", clients=8, seconds=seconds, kiosks=[kiosk], **where)
        return len(told["latencies"]) / float(told["seconds"])

    async def after_an_act(url: str) -> float:
        """Milliseconds that half of the answers took at the most, each after something has happened in the mall."""
        kiosk, took = {"Authorization": f"Bearer {crowd.mall['key']}"}, []
        async with httpx.AsyncClient() as http:
            for _ in range(ACTS):
                issuing = {**kiosk, "Idempotency-Key": str(uuid4())}
                ticket = {"service_id": crowd.mall["service_id"]}
                (await http.post(f"{mall}/tickets", json=ticket, headers=issuing)).raise_for_status()
                began = time.perf_counter()
                (await http.get(url, headers=token)).raise_for_status()
                took.append((time.perf_counter() - began) * 1000)
        return median(took)

    for _ in range(rounds):
        pages.seen.append((await milliseconds(f"{page}&cursor={crowd.cursor}"), await milliseconds(page)))
        issues.seen.append((await rate(crowd.mall, bases=[crowd.base]), await rate(made.kiosks[0])))
        day.seen.append((await after_an_act(f"{mall}/statistics?by=service"), GOAL_MS))
        month.seen.append((await after_an_act(f"{mall}/statistics?by=service&period={crowd.month}"), GOAL_MS))
    return [*HEAD, *(each.line() for each in (pages, issues, day, month))]
