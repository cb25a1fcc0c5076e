"""Number series, services, and what can be issued now."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app import access, models, schemas
from app.access import Caller
from app.actions import services as actions
from app.domain.agencies import AgencyRetired, CodeTaken
from app.domain.roles import Verb
from app.domain.services import Channel, PrefixTaken, UnknownReference
from app.queries import services as queries
from app.queries.shown import Asked
from app.schemas.base import Code
from app.web.callers import Mall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, Whose, asked_for
from app.web.problems import in_words, language_of
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}", tags=["services"])
Reader = Annotated[Caller, needs(Verb.READ_CATALOGUE)]
Writer = Annotated[Caller, needs(Verb.CHANGE_SERVICES)]


@router.get("/number-series")
async def list_number_series(
    mall: Mall,
    by: Annotated[Caller, needs(Verb.READ_NUMBER_SERIES)],
    house: TheHouse,
    asked: Annotated[Asked, asked_for("prefix")],
    listed: Listed,
    whose: Whose,
) -> schemas.Page[schemas.NumberSeries]:
    """List the lines of ticket numbers and their prefixes."""
    async with house.database.reading(mall) as reading:
        return listed(await queries.number_series(reading, asked, whose), asked, schemas.NumberSeries)


@router.post("/number-series", status_code=201, responses=refuses(PrefixTaken, UnknownReference, AgencyRetired))
async def create_number_series(
    mall: Mall, body: schemas.NumberSeriesRequest, by: Writer, write: Writes, response: Response
) -> schemas.NumberSeries:
    """Begin a line of ticket numbers. An agency's manager begins one for the own agency."""
    series = await write(mall, by, schemas.NumberSeries, actions.create_series, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/number-series/{series.id}"
    return series


@router.get("/number-series/{series_id}")
async def get_number_series(
    mall: Mall,
    series_id: UUID,
    by: Annotated[Caller, needs(Verb.READ_NUMBER_SERIES)],
    house: TheHouse,
    fresh: Tagged,
) -> schemas.NumberSeries:
    """Read a line of ticket numbers."""
    async with house.database.reading(mall) as reading:
        series = await access.row(reading, models.NumberSeries, series_id, "number_series")
        return fresh(schemas.NumberSeries.model_validate(series))


@router.patch("/number-series/{series_id}")
async def change_number_series(
    mall: Mall,
    series_id: UUID,
    body: schemas.NumberSeriesChanges,
    by: Writer,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> schemas.NumberSeries:
    """Change what a line of ticket numbers is called."""
    return fresh(await write(mall, by, schemas.NumberSeries, actions.change_series, series_id, version, body.given()))


@router.get("/availability")
async def list_availability(
    request: Request,
    response: Response,
    mall: Mall,
    by: Reader,
    house: TheHouse,
    channel: Annotated[Channel, Query(description="The channel on which a ticket would be issued")],
) -> list[schemas.Availability]:
    """Say for every service whether a ticket can be had now, and if not, why and when again.

    The code is the one that issuing would refuse with.
    """
    language = language_of(request)
    async with house.database.reading(mall, snapshot=True) as reading:
        answers = await queries.availability(reading, by, channel)
    response.headers["Content-Language"] = language.value
    response.headers["Vary"] = "Accept-Language"
    return [
        schemas.Availability.model_validate(
            {
                "service_id": each.service.id,
                "service_code": each.service.code,
                "name": each.service.name,
                "agency_id": each.service.agency_id,
                "can_issue": each.refusal is None,
                "code": each.refusal.code if each.refusal else None,
                "reason": in_words(each.refusal, language) if each.refusal else None,
                "next_opening_at": None if each.opening.is_open else each.opening.changes_at,
                "remaining": each.remaining,
                "people_ahead": each.people_ahead,
                "estimate": None,
            }
        )
        for each in answers
    ]


@router.get("/services")
async def list_services(
    mall: Mall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[Asked, asked_for("code", "id")],
    listed: Listed,
    whose: Whose,
    code: Code | None = None,
    retired: Annotated[bool, Query(description="The retired ones, instead of the living")] = False,
) -> schemas.Page[schemas.Service]:
    """List the services of the mall, those not offered today included, with the reason."""
    async with house.database.reading(mall) as reading:
        found = await queries.services(reading, asked, of=whose, code=code, retired=retired)
        return listed(found, asked, schemas.Service)


@router.post("/services", status_code=201, responses=refuses(CodeTaken, UnknownReference, AgencyRetired))
async def create_service(
    mall: Mall, body: schemas.ServiceRequest, by: Writer, write: Writes, response: Response
) -> schemas.Service:
    """Put a service of an agency into the catalogue."""
    service = await write(mall, by, schemas.Service, actions.create, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/services/{service.id}"
    return service


@router.get("/services/{service_id}")
async def get_service(mall: Mall, service_id: UUID, by: Reader, house: TheHouse, fresh: Tagged) -> schemas.Service:
    """Read a service."""
    async with house.database.reading(mall) as reading:
        service = await access.row(reading, models.Service, service_id, "service")
        return fresh(schemas.Service.model_validate((await queries.shown(reading, [service]))[0]))


@router.patch("/services/{service_id}", responses=refuses(UnknownReference))
async def change_service(
    mall: Mall,
    service_id: UUID,
    body: schemas.ServiceChanges,
    by: Writer,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> schemas.Service:
    """Change how a service is described, where it can be had and what it gives a day."""
    return fresh(await write(mall, by, schemas.Service, actions.change, service_id, version, body.given()))
