"""Services, and what can be issued now."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app import access, models
from app.actions import services as actions
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.errors import CodeTaken, UnknownReference
from app.domain.roles import Permission
from app.domain.services import Channel
from app.queries import services as queries
from app.queries.paging import PageRequest
from app.schemas.base import Code, Page
from app.schemas.services import Availability, Service, ServiceChanges, ServiceRequest
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, Whose, asked_for
from app.web.problems import in_words, language_of
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}", tags=["services"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Writer = Annotated[Caller, needs(Permission.CHANGE_SERVICES)]


@router.get("/availability")
async def list_availability(
    request: Request,
    response: Response,
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    channel: Annotated[Channel, Query(description="The channel on which a ticket would be issued")],
) -> list[Availability]:
    """Say for every service whether a ticket can be had now, and if not, why and when again.

    The code is the one that issuing would refuse with.
    """
    language = language_of(request)
    async with house.database.reading(mall, snapshot=True) as reading:
        answers = await queries.availability(reading, by, channel)
    response.headers["Content-Language"] = language.value
    response.headers["Vary"] = "Accept-Language"
    return [
        Availability.model_validate(
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
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("code", "id")],
    listed: Listed,
    whose: Whose,
    code: Code | None = None,
    retired: Annotated[bool, Query(description="The retired ones, instead of the living")] = False,
) -> Page[Service]:
    """List the services of the mall, those not offered today included, with the reason."""
    async with house.database.reading(mall) as reading:
        found = await queries.services(reading, asked, of=whose, code=code, retired=retired)
        return listed(found, asked, Service)


@router.post("/services", status_code=201, responses=refuses(CodeTaken, UnknownReference, AgencyRetired))
async def create_service(
    mall: CurrentMall, body: ServiceRequest, by: Writer, write: Writes, response: Response
) -> Service:
    """Put a service of an agency into the catalogue."""
    service = await write(mall, by, Service, actions.create, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/services/{service.id}"
    return service


@router.get("/services/{service_id}")
async def get_service(mall: CurrentMall, service_id: UUID, by: Reader, house: TheHouse, fresh: Tagged) -> Service:
    """Read a service."""
    async with house.database.reading(mall) as reading:
        service = await access.row(reading, models.Service, service_id, "service")
        return fresh(Service.model_validate((await queries.views(reading, [service]))[0]))


@router.patch("/services/{service_id}", responses=refuses(UnknownReference))
async def change_service(
    mall: CurrentMall,
    service_id: UUID,
    body: ServiceChanges,
    by: Writer,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> Service:
    """Change how a service is described, where it can be had and what it gives a day."""
    return fresh(await write(mall, by, Service, actions.change, service_id, version, body.given()))
