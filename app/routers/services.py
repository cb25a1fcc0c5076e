"""Services, and what can be issued now."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app import access, models
from app.actions import services as actions
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.errors import CodeTaken, UnknownReference
from app.domain.issuing import own_channel
from app.domain.names import Language
from app.domain.roles import Permission
from app.domain.services import Channel, QuotaExhausted, next_opening_at
from app.domain.tickets import PriorityClass
from app.domain.windows import WindowsInvalid
from app.queries import services as queries
from app.schemas.base import Code, LocalizedText, Page
from app.schemas.calendar import ClosedReason
from app.schemas.estimates import Estimate, WaitEstimate
from app.schemas.services import Availability, ServedFloor, Service, ServiceChanges, ServiceRequest
from app.web.dependencies import Context, CurrentMall, ReadersLanguage, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import IfMatch, Write, creates
from app.web.kept_pages import KEPT
from app.web.paging import LIMIT, ListPage, OfAgency, ServiceCode, paged_by
from app.web.problems import in_words, refuses

router = APIRouter(prefix="/v1/malls/{mall}", tags=["services"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Writer = Annotated[Caller, needs(Permission.CHANGE_SERVICES)]
OnChannel = Annotated[
    Channel | None,
    Query(description="The channel on which a ticket would be issued; by default the caller's own, or the kiosk's"),
]
Creation = Annotated[Write, creates("/v1/malls/{mall}/services/{id}")]


@router.get("/availability", responses=refuses(UnknownReference))
async def list_availability(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    language: ReadersLanguage,
    page: Annotated[ListPage, paged_by("code", limit=LIMIT)],
    conditional: ConditionalGet,
    agency: OfAgency,
    channel: OnChannel = None,
    location_id: Annotated[UUID | None, Query(description="Only what counters in this building serve")] = None,
    service_id: UUID | None = None,
    service_code: ServiceCode = None,
) -> Page[Availability]:
    """Show for every service whether it issues a ticket now, and if not, why and when it opens next.

    It is what a kiosk draws: names, floors, how many wait and how many counters are open. `code` is the code with
    which issuing would be refused, whoever the visitor is: it knows nothing of a phone (`needs_phone`) or of a
    place that the visitor has already. A partner's client is told of other agencies' services that it cannot issue
    for them. Ask again with `If-None-Match`: what is unchanged answers 304.
    """
    channel = channel or own_channel(caller, mall.id) or Channel.KIOSK
    wanted = queries.AvailabilityFilter(channel, agency, location_id, service_id, service_code)
    async with context.database.reading(mall, snapshot=True) as reading:
        found = await queries.availability(reading, caller, page.asked, wanted)
    shown = found.showing([_offer(each, language) for each in found.data])
    return conditional(page.of(Availability, shown), language)


def _offer(found: queries.Availability, language: Language) -> Availability:
    used_up = found.refusal if isinstance(found.refusal, QuotaExhausted) else None
    return Availability(
        service_id=found.service.id,
        service_code=found.service.code,
        name=LocalizedText.model_validate(found.service.name),
        agency_id=found.agency.agency_id,
        agency_code=found.agency.code,
        agency_name=LocalizedText.model_validate(found.agency.name),
        can_issue=found.refusal is None,
        needs_phone=found.needs_phone,
        code=found.refusal.code if found.refusal else None,
        reason=in_words(found.refusal, language) if found.refusal else None,
        reasons=[ClosedReason.model_validate(each) for each in found.opening.reasons],
        next_opening_at=next_opening_at(found.opening, found.refusal),
        remaining=found.remaining,
        quota_of=used_up.quota_of if used_up else None,
        next_numbers_at=used_up.next_numbers_at if used_up else None,
        other_channels=used_up.other_channels if used_up else [],
        people_ahead=found.people_ahead,
        open_counters=sum(each.open_counters for each in found.floors),
        floors=[ServedFloor.model_validate(each) for each in found.floors],
        estimate=Estimate.model_validate(found.estimate) if found.estimate else None,
    )


@router.get("/services", dependencies=[KEPT])
async def list_services(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("code", "id")],
    agency: OfAgency,
    code: Code | None = None,
    retired: Annotated[bool, Query(description="True: the retired ones; false: all others")] = False,
) -> Page[Service]:
    """List the services of the mall, also those not offered today, with the reason.

    `in_force` and `membership` say whether its agency may issue today, and why not. Whether a ticket would be issued at
    this moment, with hours, quotas and closures, is at `/availability`. The retired ones are listed with `retired=true`
    only.
    """
    async with context.database.reading(mall) as reading:
        found = await queries.services(reading, page.asked, of=agency, code=code, retired=retired)
        return page.of(Service, found)


@router.post(
    "/services", status_code=201, responses=refuses(CodeTaken, UnknownReference, AgencyRetired, WindowsInvalid)
)
async def create_service(mall: CurrentMall, body: ServiceRequest, caller: Writer, command: Creation) -> Service:
    """Add a service of an agency to the catalogue.

    It needs a number series first, its agency's own or a shared one. It issues while the agency is in force.
    """
    return await command(mall, caller, Service, actions.create, **body.model_dump())


@router.get("/services/{service_id}", dependencies=[KEPT])
async def get_service(
    mall: CurrentMall, service_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> Service:
    """Read a service.

    A retired one is still read, with its `retired_on`. Whether it issues now is at `/availability`. Its ETag is what an
    edit sends as `If-Match`.
    """
    async with context.database.reading(mall) as reading:
        service = await access.row(reading, models.Service, service_id, "service")
        return conditional(Service.model_validate((await queries.views(reading, [service]))[0]))


@router.get("/services/{service_id}/estimate")
async def estimate_wait(
    mall: CurrentMall,
    service_id: UUID,
    caller: Reader,
    context: Context,
    channel: OnChannel = None,
    priority_class: Annotated[PriorityClass, Query(description="With the head start of this class")] = (
        PriorityClass.NONE
    ),
) -> WaitEstimate:
    """Estimate how long somebody would wait for the service who has no ticket yet, as a range with its inputs.

    It is the estimate of `/availability`, told also before the service opens today: then it counts from now to the
    call, with the counters that are expected.
    """
    wanted = channel or own_channel(caller, mall.id) or Channel.KIOSK
    async with context.database.reading(mall, snapshot=True) as reading:
        found = await queries.wait(reading, caller, service_id, wanted, priority_class)
    return WaitEstimate(
        service_id=service_id,
        priority_class=priority_class,
        can_issue=found.refusal is None,
        code=found.refusal.code if found.refusal else None,
        next_opening_at=next_opening_at(found.opening, found.refusal),
        estimate=Estimate.model_validate(found.wait) if found.wait else None,
    )


@router.patch("/services/{service_id}", responses=refuses(UnknownReference, WindowsInvalid))
async def change_service(
    mall: CurrentMall, service_id: UUID, body: ServiceChanges, caller: Writer, edit: IfMatch
) -> Service:
    """Change the description, the channels, the quotas or the calling rules of a service.

    What is left out stays; null takes a limit away. It counts at once, for the next ticket and the next call; tickets
    already issued stay, also beyond a quota that is now smaller. A list or map is sent whole. Its code and its agency
    never change.
    """
    return await edit(mall, caller, Service, actions.change, service_id, edit.versions, body.given())
