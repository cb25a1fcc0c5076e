"""Opening hours and exceptions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app import access, models
from app.actions import calendar as actions
from app.domain.agencies import AgencyRetired
from app.domain.calendar import ExceptionNotPossible
from app.domain.callers import Caller
from app.domain.errors import DatesReversed, Forbidden, UnknownReference
from app.domain.hours import HoursInvalid
from app.domain.roles import Permission
from app.queries import calendar as queries
from app.schemas.base import Page
from app.schemas.calendar import (
    Calendar,
    CalendarException,
    CalendarExceptionChanges,
    CalendarExceptionRequest,
    HoursRequest,
    WeeklyHours,
)
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import IfMatch, Write, creates
from app.web.paging import ListPage, OfAgency, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls", tags=["malls"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Manager = Annotated[Caller, needs(Permission.CHANGE_MALL)]
Closer = Annotated[Caller, needs(Permission.CLOSE_FOR_A_WHILE)]
OfCalendar = Annotated[
    UUID | None, Query(description="The agency whose hours at the mall are meant; the mall's own if left out")
]
Creation = Annotated[Write, creates("/v1/malls/{mall}/calendar/exceptions/{id}")]


@router.get("/{mall}/calendar")
async def get_calendar(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    conditional: ConditionalGet,
    agency_id: OfCalendar = None,
) -> Calendar:
    """Show whether the mall (or one agency there) is open now, when that changes, and the hours of seven days.

    All that decides is counted in: weekly hours, periods, holidays, exceptions, closures. `hours` are the weekly hours
    as they are set, and what `PUT` changes; `days` are today and the six days after it. It does not say whether an
    agency is in force: `/availability` says whether a ticket would be issued.
    """
    async with context.database.reading(mall) as reading:
        return conditional(Calendar.model_validate(await queries.view(reading, agency_id)))


@router.put("/{mall}/calendar", responses=refuses(HoursInvalid))
async def change_calendar(
    mall: CurrentMall,
    body: HoursRequest,
    caller: Manager,
    edit: IfMatch,
    agency_id: OfCalendar = None,
) -> WeeklyHours:
    """Set the weekly hours of the mall, or of one agency there. They count from the next ticket on.

    An agency's own hours narrow the mall's; an empty list means that it never comes.
    """
    return await edit(
        mall, caller, WeeklyHours, actions.change_calendar, edit.versions, body.model_dump()["hours"], agency_id
    )


@router.delete("/{mall}/calendar", status_code=204)
async def delete_calendar(
    mall: CurrentMall,
    caller: Manager,
    edit: IfMatch,
    agency_id: Annotated[UUID, Query(description="The agency whose own weekly hours are taken away")],
) -> None:
    """Delete an agency's own weekly hours: it comes when the mall is open. The mall always has its hours."""
    await edit.without_body(mall, caller, actions.delete_calendar, edit.versions, agency_id)


@router.get("/{mall}/calendar/exceptions")
async def list_calendar_exceptions(
    mall: CurrentMall, caller: Reader, context: Context, page: Annotated[ListPage, paged_by("id")], agency: OfAgency
) -> Page[CalendarException]:
    """List the calendar exceptions: days with other hours.

    Past ones are listed, too. With an agency, only its own ones and those of its services and counters; without, the
    mall's and all agencies'.
    """
    async with context.database.reading(mall) as reading:
        return page.of(CalendarException, await queries.exceptions(reading, page.asked, agency))


@router.post(
    "/{mall}/calendar/exceptions",
    status_code=201,
    responses=refuses(DatesReversed, HoursInvalid, ExceptionNotPossible, UnknownReference, AgencyRetired, Forbidden),
)
async def create_calendar_exception(
    mall: CurrentMall, body: CalendarExceptionRequest, caller: Closer, command: Creation
) -> CalendarException:
    """Open or close the mall or one agency for a while, or close one service or one counter.

    An exception belongs to one layer (the mall's, an agency's, a service's, a counter's) and overrides that layer
    alone; a ticket is issued where all layers are open. A holiday is the mall's: a special day of an agency does not
    open it. An agency's manager closes their agency, its services and counters, and nothing else. Closing stops the
    issuing of tickets with the reason; who waits is called and served all the same.
    """
    return await command(mall, caller, CalendarException, actions.create_exception, **body.model_dump())


@router.get("/{mall}/calendar/exceptions/{exception_id}")
async def get_calendar_exception(
    mall: CurrentMall, exception_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> CalendarException:
    """Read an exception of the calendar.

    Which of `agency_id`, `service_id` and `counter_id` is set says whose it is; all null: the whole mall's. Its ETag is
    what an edit sends as `If-Match`.
    """
    async with context.database.reading(mall) as reading:
        exception = await access.row(reading, models.CalendarException, exception_id, "calendar_exception")
        return conditional(CalendarException.model_validate(exception))


@router.patch(
    "/{mall}/calendar/exceptions/{exception_id}",
    responses=refuses(DatesReversed, HoursInvalid, ExceptionNotPossible, Forbidden),
)
async def change_calendar_exception(
    mall: CurrentMall, exception_id: UUID, body: CalendarExceptionChanges, caller: Closer, edit: IfMatch
) -> CalendarException:
    """Change the days, the hours or the reason of an exception. They count from the next ticket on."""
    return await edit(
        mall, caller, CalendarException, actions.change_exception, exception_id, edit.versions, body.given()
    )


@router.delete("/{mall}/calendar/exceptions/{exception_id}", status_code=204, responses=refuses(Forbidden))
async def delete_calendar_exception(mall: CurrentMall, exception_id: UUID, caller: Closer, edit: IfMatch) -> None:
    """Delete an exception: the ordinary hours count again at once.

    It is gone from the list; the journal keeps what it was. An agency's manager deletes what an agency's manager made;
    what the mall's made answers `forbidden`.
    """
    await edit.without_body(mall, caller, actions.delete_exception, exception_id, edit.versions)
