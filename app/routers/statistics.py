"""Statistics."""

import asyncio
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.domain import statistics as domain
from app.domain.callers import Caller
from app.domain.names import Language
from app.domain.roles import Permission
from app.domain.statistics import By
from app.journal import Reading
from app.queries import statistics as queries
from app.queries.statistics import StatisticsFilter
from app.schemas.base import Day, LocalizedText, Page
from app.schemas.statistics import Figures, OwnStatistics, Period, Statistics, TableFormat
from app.texts.statistics import COLUMNS, SHEET
from app.web import tables
from app.web.dependencies import Context, CurrentMall, ReadersLanguage, needs
from app.web.kept_pages import changes, kept_for
from app.web.paging import ListPage, OfAgency, paged_by

router = APIRouter(prefix="/v1/malls/{mall}", tags=["statistics"])
Reader = Annotated[Caller, needs(Permission.READ_STATISTICS)]


FILES = {
    tables.CSV: {"schema": {"type": "string"}},
    tables.XLSX: {"schema": {"type": "string", "format": "binary"}},
}


class _Wanted:
    """Which statistics a request asks for, once the mall's day is known."""

    def __init__(
        self,
        agency: OfAgency,
        by: Annotated[By, Query(description="What they are told apart by; officers for who may read the staff")] = (
            By.SERVICE
        ),
        period: Annotated[
            Period | None,
            Query(description="A day (`2027-03-01`) or a month (`2027-03`) of the mall; by default today"),
        ] = None,
        service_id: Annotated[UUID | None, Query(description="Only of this service")] = None,
    ) -> None:
        self.agency, self.by, self._period, self._service_id = agency, by, period, service_id

    def at(self, reading: Reading) -> StatisticsFilter:
        """The same, with the period."""
        period = domain.Period.of(self._period or reading.today.isoformat())
        return StatisticsFilter(period, self.by, self.agency, self._service_id)


Wanted = Annotated[_Wanted, Depends(_Wanted)]


@router.get("/statistics", dependencies=[kept_for(Permission.READ_STATISTICS, Permission.READ_STAFF)])
async def list_statistics(
    request: Request,
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("code")],
    wanted: Wanted,
) -> Page[Statistics]:
    """List how a day or a month went: who came, how long they waited, how long they were served, who did not come.

    Today is counted as it is now. Days that are over are kept, and say the same as when they were counted. What nothing
    happened to is not listed.
    """
    async with context.database.reading(mall, snapshot=True) as reading:
        found = await queries.statistics(reading, caller, page.asked, wanted.at(reading), context.live_days)
    if wanted.by is By.PRIORITY_CLASS:  # it goes when a visitor is forgotten
        changes(request, reading.at)
    return page.of(Statistics, found.showing([_shown(each, wanted.by) for each in found.data]))


@router.get(
    "/statistics/table",
    response_class=Response,
    responses={200: {"content": FILES}},
)
async def get_statistics_table(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    wanted: Wanted,
    language: ReadersLanguage,
    format_: Annotated[TableFormat, Query(alias="format", description="The kind of file")] = TableFormat.CSV,
) -> Response:
    """Read the same statistics whole, as a table for a spreadsheet, with titles and names in the language asked for.

    In CSV a text that a spreadsheet could take for a formula has an apostrophe before it.
    """
    async with context.database.reading(mall, snapshot=True) as reading:
        asked = wanted.at(reading)
        found = await queries.all_statistics(reading, caller, asked, context.live_days)
    rows = _table([_shown(each, wanted.by) for each in found], language)
    name = f"{mall.slug}-{asked.period}-{wanted.by}.{format_}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Language": language.value,
        "Vary": "Accept-Language",
    }
    if format_ is TableFormat.CSV:
        return Response(tables.as_csv(rows), media_type=tables.CSV, headers=headers)
    sheet = await asyncio.to_thread(tables.as_xlsx, rows, SHEET[language.value])
    return Response(sheet, media_type=tables.XLSX, headers=headers)


@router.get("/statistics/own")
async def get_own_statistics(
    mall: CurrentMall,
    caller: Annotated[Caller, needs(Permission.OPERATE_COUNTERS)],
    context: Context,
    service_day: Annotated[Day | None, Query(description="The day; by default today")] = None,
) -> OwnStatistics:
    """Read what one has done at counters on a day: whom one called and served, and how long that took.

    Durations are in seconds, their medians null where nothing was counted; `arrivals` is null, because nobody arrives
    at an officer. Today's are as of now. Only one's own are shown; managers read those of others at `/statistics` with
    `by=officer`.
    """
    async with context.database.reading(mall, snapshot=True) as reading:
        day = service_day or reading.today
        found = await queries.own_figures(reading, caller, day, context.live_days)
    return OwnStatistics(service_day=day, figures=Figures.shown(found, By.OFFICER))


def _shown(found: queries.Statistics, by: By) -> Statistics:
    return Statistics(
        code=found.code,
        id=found.id,
        name=LocalizedText.model_validate(found.name) if found.name else None,
        promised_minutes=found.promised_minutes,
        figures=Figures.shown(found.figures, by) if found.figures else None,
    )


def _table(found: Sequence[Statistics], language: Language) -> list[list[tables.Cell]]:
    """A row of titles, and one for each part of the mall."""
    rows: list[list[tables.Cell]] = [[title[language.value] for title in COLUMNS.values()]]
    for each in found:
        cells: dict[str, tables.Cell] = {"code": each.code, "promised_minutes": each.promised_minutes}
        cells["name"] = getattr(each.name, language.value) if each.name else None
        for figure, value in (each.figures.model_dump() if each.figures else {}).items():
            parts = {f"_{name}": one for name, one in value.items()} if isinstance(value, dict) else {"": value}
            cells |= {f"{figure}{name}": one for name, one in parts.items()}
        rows.append([cells.get(column) for column in COLUMNS])
    return rows
