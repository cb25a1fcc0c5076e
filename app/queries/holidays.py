"""A mall's holidays and collective leave, and what the `holidays` package proposes for a year."""

import asyncio
import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from importlib.metadata import version

from sqlalchemy import or_

from app import models
from app.domain.holidays import HolidayKind, Judged, Proposal, judge
from app.journal import Reading
from app.queries.paging import Page, PageRequest, page

SOURCE = f"holidays {version('holidays')}"
"""Whose proposals they are, as the accepted days' source says it."""
CATEGORIES = {HolidayKind.NATIONAL_HOLIDAY: "public", HolidayKind.COLLECTIVE_LEAVE: "government"}
ESTIMATED = re.compile(r" \((perkiraan|estimated)\)")
"""How the package marks, in either language, what is reckoned: by the moon above all."""
SORTS = {"date": models.Holiday.date}


async def holidays(
    reading: Reading, asked: PageRequest, *, year: int | None = None, kind: HolidayKind | None = None
) -> Page[models.Holiday]:
    """The mall's holidays and leave, day by day."""
    holiday = models.Holiday
    statement = reading.select(holiday)
    if year:
        statement = statement.where(holiday.date.between(date(year, 1, 1), date(year, 12, 31)))
    if kind:
        statement = statement.where(holiday.kind == kind)
    return await page(reading.session, statement, SORTS, asked)


async def between(reading: Reading, first: date, last: date) -> dict[date, models.Holiday]:
    """The holidays and leave of some days, those that do not close included."""
    holiday = models.Holiday
    rows = await reading.session.scalars(reading.select(holiday).where(holiday.date.between(first, last)))
    return {each.date: each for each in rows}


async def on_day(reading: Reading, day: date) -> models.Holiday | None:
    """What stands on a day."""
    return (await between(reading, day, day)).get(day)


async def of_year(reading: Reading, year: int) -> Sequence[models.Holiday]:
    """A year's days, and those accepted from its proposals wherever they were moved to."""
    holiday = models.Holiday
    return (
        await reading.session.scalars(
            reading.select(holiday).where(
                or_(
                    holiday.date.between(date(year, 1, 1), date(year, 12, 31)),
                    holiday.proposal.startswith(f"{year}/"),
                ),
            )
        )
    ).all()


async def removed_of_year(reading: Reading, year: int) -> Sequence[models.RemovedHoliday]:
    """The days of a year that people have deleted, and those accepted from its proposals and deleted since."""
    removed = models.RemovedHoliday
    return (
        await reading.session.scalars(
            reading.select(removed).where(
                or_(
                    removed.date.between(date(year, 1, 1), date(year, 12, 31)),
                    removed.proposal.startswith(f"{year}/"),
                ),
            )
        )
    ).all()


async def reckon(year: int) -> None:
    """Reckon a year's proposals beside the requests, before a journal is held or a connection taken."""
    await asyncio.to_thread(proposals, year)


async def proposed(reading: Reading, year: int) -> list[Judged]:
    """A year's proposals, each with what accepting it would do."""
    return judge(year, proposals(year), await of_year(reading, year), await removed_of_year(reading, year))


@lru_cache(maxsize=64)
def proposals(year: int) -> Sequence[Proposal]:
    """The year's days as the package knows them; leave only for years whose decree it has."""
    found: dict[date, Proposal] = {}
    for kind, category in CATEGORIES.items():
        days, english = _days(year, category, "id"), _days(year, category, "en_US")
        for day in sorted(days.keys() - found.keys()):  # leave on a holiday is a holiday
            name = ESTIMATED.sub("", days[day])
            slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
            found[day] = Proposal(
                key=f"{year}/{kind}/{slug}/{day}",
                date=day,
                kind=kind,
                name={"id": name, "en": ESTIMATED.sub("", english[day])},
                estimated=name != days[day],
            )
    return [found[day] for day in sorted(found)]


def _days(year: int, category: str, language: str) -> dict[date, str]:
    from holidays.countries.indonesia import Indonesia  # noqa: PLC0415  # it loads every country: a second at the start

    return dict(Indonesia(years=year, categories=(category,), language=language, expand=False))
