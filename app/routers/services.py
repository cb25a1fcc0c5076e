"""Services, and what can be issued now."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app import access, models
from app.actions import services as actions
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.errors import CodeTaken, UnknownReference
from app.domain.roles import Permission
from app.domain.services import Channel
from app.queries import services as queries
from app.schemas.base import Code, Page
from app.schemas.services import Availability, Service, ServiceChanges, ServiceRequest
from app.web.dependencies import Context, CurrentMall, ReadersLanguage, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import IfMatch, Write, creates
from app.web.paging import ListPage, OfAgency, paged_by
from app.web.problems import in_words, refuses

router = APIRouter(prefix="/v1/malls/{mall}", tags=["services"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Writer = Annotated[Caller, needs(Permission.CHANGE_SERVICES)]
Creation = Annotated[Write, creates("/v1/malls/{mall}/services/{id}")]


@router.get("/availability")
async def list_availability(
    response: Response,
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    language: ReadersLanguage,
    channel: Annotated[Channel, Query(description="The channel on which a ticket would be issued")],
) -> list[Availability]:
    """Show for every service whether it issues a ticket now, and if not, why and when it opens next.

    `code` is the code with which issuing would be refused.
    """
    async with context.database.reading(mall, snapshot=True) as reading:
        answers = await queries.availability(reading, caller, channel)
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
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("code", "id")],
    agency: OfAgency,
    code: Code | None = None,
    retired: Annotated[bool, Query(description="True: the retired ones; false: all others")] = False,
) -> Page[Service]:
    """List the services of the mall, also those not offered today, with the reason."""
    async with context.database.reading(mall) as reading:
        found = await queries.services(reading, page.asked, of=agency, code=code, retired=retired)
        return page.of(Service, found)


@router.post("/services", status_code=201, responses=refuses(CodeTaken, UnknownReference, AgencyRetired))
async def create_service(mall: CurrentMall, body: ServiceRequest, caller: Writer, command: Creation) -> Service:
    """Add a service of an agency to the catalogue."""
    return await command(mall, caller, Service, actions.create, **body.model_dump())


@router.get("/services/{service_id}")
async def get_service(
    mall: CurrentMall, service_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> Service:
    """Read a service."""
    async with context.database.reading(mall) as reading:
        service = await access.row(reading, models.Service, service_id, "service")
        return conditional(Service.model_validate((await queries.views(reading, [service]))[0]))


@router.patch("/services/{service_id}", responses=refuses(UnknownReference))
async def change_service(
    mall: CurrentMall, service_id: UUID, body: ServiceChanges, caller: Writer, edit: IfMatch
) -> Service:
    """Change the description, the channels, the quotas or the calling rules of a service."""
    return await edit(mall, caller, Service, actions.change, service_id, edit.version, body.given())
