"""What happens in the demo before a newcomer comes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app import models
from app.access import ANY_VERSION
from app.actions import (
    accounts,
    agencies,
    agreements,
    calendar,
    counters,
    devices,
    holidays,
    invitations,
    locations,
    malls,
    number_series,
    periods,
    services,
)
from app.database import PLATFORM_REF, Database
from app.demo.cast import MALL, SECOND_MALL, malls_here, needs_no_loading, new_cast
from app.demo.data import samarinda
from app.domain.absences import NO_SHOW_BLOCK_DAYS
from app.domain.agencies import AgencyCategory
from app.domain.agreements import AgreementKind
from app.domain.calendar import ExceptionKind, OpenFor, TimeZone
from app.domain.callers import Caller, CallerKind
from app.domain.devices import DeviceKind
from app.domain.holidays import HolidayKind
from app.domain.hours import DayHours
from app.domain.malls import MallRef
from app.domain.roles import PLATFORM_ROLES, Role, RoleBinding
from app.domain.services import Channel, GovernmentLevel, ServiceKind, ServiceScope
from app.domain.tickets import NO_SHOW_CALLS, PRIORITY_CALLS, RETURN_PLACES
from app.journal import Journal
from app.queries import holidays as holiday_queries
from app.security.passwords import Passwords

FOUNDER = Caller(CallerKind.SYSTEM, None, (RoleBinding(Role.PLATFORM_ADMIN),))
Keep = Callable[[dict[str, Any]], None]

LEVELS = {
    AgencyCategory.CITY_OFFICE: GovernmentLevel.CITY,
    AgencyCategory.REGIONAL_COMPANY: GovernmentLevel.CITY,
    AgencyCategory.PROVINCIAL_OFFICE: GovernmentLevel.PROVINCIAL,
    AgencyCategory.PRIVATE: GovernmentLevel.NOT_GOVERNMENT,
}
ENDED_TERM = (date(2020, 12, 1), date(2025, 11, 30))
"""Telkom's agreement ran out in 2025; its exact days are not known."""


@dataclass
class Mall:
    """A mall while its story is told."""

    journal: Journal
    location: models.Location
    agencies: dict[str, UUID] = field(default_factory=dict)
    counters: int = 0


async def load(
    database: Database, passwords: Passwords, kept: dict[str, Any] | None, *, keep: Keep, say: Callable[[str], None]
) -> dict[str, Any] | None:
    """Tell what is not told yet, and return the cast with its secrets; None where the malls here are not the demo's.

    `keep` stores the secrets before each commit, so that none is lost that the database knows.
    """
    if await needs_no_loading(database, kept):
        return kept
    cast = kept or new_cast()
    refs, told = await malls_here(database)
    say("Loading the Samarinda demo …")
    people = [*cast["accounts"], *cast["second_mall"]["accounts"]]
    hashes = {each["username"]: passwords.hash(each["password"]) for each in people}
    if not refs:
        keep(cast)

        async def found(journal: Journal) -> None:
            await _found(journal)
            for each in cast["accounts"]:
                if each["role"] in PLATFORM_ROLES:
                    await _account(journal, each, hashes)

        await database.write(PLATFORM_REF, FOUNDER, found)
        refs, told = await malls_here(database)
    for slug in STORIES:
        if refs[slug].id not in told:
            await _tell(database, refs[slug], cast, hashes, keep)
    return cast


async def _tell(database: Database, ref: MallRef, cast: dict[str, Any], hashes: Mapping[str, str], keep: Keep) -> None:
    by = Caller(CallerKind.SYSTEM, None, (RoleBinding(Role.MALL_MANAGER, ref.id),))
    async with database.reading(ref) as reading:
        year = reading.today.year
    await holiday_queries.reckon(year)

    async def tell(journal: Journal) -> None:
        mall = await STORIES[ref.slug](journal)
        own = cast if ref.slug == cast["mall"] else cast["second_mall"]
        for each in own["accounts"]:
            if each["role"] not in PLATFORM_ROLES:
                account = await _account(journal, each, hashes)
                agency_id = mall.agencies[each["agency_code"]] if each["agency_code"] else None
                await accounts.grant(journal, account, Role(each["role"]), agency_id)
        shown = []
        for kind in DeviceKind:
            device = await devices.register(
                journal,
                kind=kind,
                name={"id": f"{kind.value.title()} lobi", "en": f"Lobby {kind.value}"},
                location_id=mall.location.id,
            )
            shown.append({"kind": kind.value, "key": device.key})
        own["devices"] = shown
        keep(cast)

    await database.write(ref, by, tell)


async def _account(journal: Journal, each: Mapping[str, Any], hashes: Mapping[str, str]) -> models.Account:
    platform_role = Role(each["role"]) if each["role"] in PLATFORM_ROLES else None
    return await accounts.create(
        journal,
        username=each["username"],
        name=each["username"].replace(".", " ").title(),
        password_hash=hashes[each["username"]],
        platform_role=platform_role,
    )


async def _found(journal: Journal) -> None:
    """Both malls, with the weekly hours of each."""
    await malls.create(
        journal,
        slug=MALL,
        name=samarinda()["mall"]["name"],
        region=samarinda()["mall"]["region"],
        operator=samarinda()["mall"]["operator"],
        time_zone=TimeZone(samarinda()["mall"]["time_zone"]),
        hours=_week("08:00", "15:00", friday="11:00"),
        transfers_between_agencies=True,
    )
    await malls.create(
        journal,
        slug=SECOND_MALL,
        name={"id": "MPP Contoh Jayapura", "en": "Example Mall Jayapura"},
        region="Kota Jayapura, Papua (contoh)",
        operator="DPMPTSP Kota Jayapura (contoh)",
        time_zone=TimeZone.JAYAPURA,
        hours=_week("09:00", "14:00", friday="10:30"),
    )


async def _samarinda(journal: Journal) -> Mall:
    """Twenty-seven members, three prospects, one whose agreement ran out; open at any hour until that is deleted."""
    location = await locations.create_location(
        journal,
        name={"id": "Gedung MPP Jalan Pahlawan", "en": "MPP building, Jalan Pahlawan"},
        address="Jl. Pahlawan, Samarinda",
        floors=samarinda()["mall"]["floors"],
        starts_on=date(2022, 1, 24),
        ends_on=None,
    )
    await journal.session.flush()
    mall = Mall(journal, location)
    await holidays.accept(journal, year=journal.today.year, keys=None, collective_leave_closes=True)
    await _ramadan(journal)
    for each in samarinda()["agencies"]:
        await _agency(mall, each)
    await calendar.create_exception(
        journal,
        kind=ExceptionKind.OPEN,
        agencies=OpenFor.ALL,
        starts_on=journal.today,
        ends_on=None,
        opens="00:00",
        closes="24:00",
        reason={"id": "Demo: buka kapan saja", "en": "Demo: open at any hour"},
    )
    return mall


async def _jayapura(journal: Journal) -> Mall:
    """Two agencies with the codes of Samarinda's, so that mixing malls up is seen at once."""
    location = await locations.create_location(
        journal,
        name={"id": "Gedung contoh", "en": "Example building"},
        address="Jayapura (contoh)",
        floors=[{"code": "1", "name": {"id": "Lantai 1", "en": "Floor 1"}}],
        starts_on=date(2024, 1, 1),
        ends_on=None,
    )
    await journal.session.flush()
    mall = Mall(journal, location)
    await holidays.create(
        journal,
        date=date(journal.today.year, 12, 28),
        kind=HolidayKind.COLLECTIVE_LEAVE,
        name={"id": "Cuti bersama Natal (contoh)", "en": "Christmas collective leave (example)"},
        source="Contoh untuk mal kedua, bukan keputusan resmi",
        closes_mall=True,
        estimated=False,
    )
    for each in samarinda()["agencies"][:2]:
        name = {language: text.replace("Samarinda", "Jayapura") for language, text in each["name"].items()}
        await _agency(mall, {**each, "name": name, "floor": "1", "counters": 1, "hours": None})
    return mall


async def _agency(mall: Mall, told: Mapping[str, Any]) -> None:
    """An agency with its standing, its services on one line of numbers, and its counters."""
    journal = mall.journal
    category = AgencyCategory(told["category"])
    agency = (await agencies.create(journal, code=told["code"], name=told["name"], category=category)).row
    mall.agencies[told["code"]] = agency.id
    if told["hours"]:
        await calendar.change_calendar(journal, ANY_VERSION, told["hours"], agency.id)
    if told["standing"] == "prospect":
        await invitations.invite(journal, agency_id=agency.id, due_on=None)
    else:
        term = ENDED_TERM if told["standing"] == "ended" else _member_term(journal.today)
        await _agreement(mall, agency.id, category, term)
    if not told["services"]:
        return
    series = await number_series.create_series(journal, prefix=told["prefix"], name=told["name"], agency_id=agency.id)
    await journal.session.flush()
    service_ids = [
        (
            await services.create(
                journal,
                agency_id=agency.id,
                number_series_id=series.id,
                code=each["code"],
                name=each["name"],
                kind=ServiceKind.ADMINISTRATIVE,
                level=LEVELS.get(category, GovernmentLevel.CENTRAL),
                scope=ServiceScope.WHOLE,
                scope_note=None,
                channels=[Channel.KIOSK.value, Channel.WEB.value],
                daily_quota=None,
                channel_quotas={},
                channel_windows={},
                handling_minutes=each["handling_minutes"],
                no_show_calls=NO_SHOW_CALLS,
                return_places=RETURN_PLACES,
                near_places=None,
                no_shows_before_block=None,
                no_show_block_days=NO_SHOW_BLOCK_DAYS,
                web_needs_phone=False,
                priority_calls_in_a_row=PRIORITY_CALLS,
                head_start_minutes={},
            )
        ).row.id
        for each in told["services"]
    ]
    for _ in range(told["counters"]):
        mall.counters += 1
        await counters.create(
            journal,
            agency_id=agency.id,
            location_id=mall.location.id,
            code=f"L-{mall.counters:02d}",
            name={"id": f"Loket {mall.counters}", "en": f"Counter {mall.counters}"},
            spoken=None,
            floor=told["floor"],
            booth=told["code"],
            service_ids=service_ids,
        )


def _member_term(today: date) -> tuple[date, date]:
    """Five years around this one, as an example: the members' real terms are not known, only that they are members."""
    return date(today.year - 2, 1, 2), date(today.year + 2, 12, 31)


async def _agreement(mall: Mall, agency_id: UUID, category: AgencyCategory, term: tuple[date, date]) -> None:
    """A decree for a city office, a cooperation agreement for others. Numbers are examples."""
    journal = mall.journal
    decree = category is AgencyCategory.CITY_OFFICE
    draft = await agreements.draft(
        journal,
        agency_id=agency_id,
        kind=AgreementKind.DECREE if decree else AgreementKind.COOPERATION_AGREEMENT,
        title="Keputusan Wali Kota (contoh)" if decree else "Perjanjian Kerja Sama (contoh)",
        scope=None,
    )
    paper = draft.row
    await agreements.review(journal, paper.id)
    ordinal = len(mall.agencies)
    await agreements.sign(
        journal,
        paper.id,
        signed_on=term[0],
        starts_on=term[0],
        ends_on=term[1],
        mall_number=f"CONTOH/{ordinal:02d}/MPP/{term[0].year}",
        agency_number=None if decree else f"CONTOH/{ordinal:02d}/INSTANSI/{term[0].year}",
    )


async def _ramadan(journal: Journal) -> None:
    """The hours of state offices in Ramadan as an example: shorter days, a longer break on Friday."""
    await periods.create(
        journal,
        agency_id=None,
        name={"id": "Ramadan 1447 H (contoh)", "en": "Ramadan 1447 AH (example)"},
        starts_on=date(2026, 2, 19),
        ends_on=date(2026, 3, 20),
        hours=[
            *(_day(weekday, "08:00", "15:00", "12:00", "12:30") for weekday in range(1, 5)),
            _day(5, "08:00", "15:30", "11:30", "12:30"),
        ],
    )


def _day(weekday: int, opens: str, closes: str, *pause: str) -> DayHours:
    return {
        "weekday": weekday,
        "opens": opens,
        "closes": closes,
        "breaks": [{"starts": pause[0], "ends": pause[1]}] if pause else [],
    }


def _week(opens: str, closes: str, *, friday: str) -> list[DayHours]:
    return [*(_day(weekday, opens, closes) for weekday in range(1, 5)), _day(5, opens, friday)]


STORIES: dict[str, Callable[[Journal], Awaitable[Mall]]] = {MALL: _samarinda, SECOND_MALL: _jayapura}
