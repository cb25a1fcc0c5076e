"""What the operations that give numbers share: how they are refused, and to whom claim codes are shown."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from fastapi import Request, Response

from app.domain.absences import WebBlockedAfterNoShows
from app.domain.calendar import ServiceClosed
from app.domain.callers import Caller
from app.domain.errors import UnknownReference
from app.domain.issuing import ChannelNotYours, WebVisitor
from app.domain.malls import MallRef
from app.domain.members import MembershipNotInForce
from app.domain.services import ChannelNotAllowed, NoCounter, QuotaExhausted, ServiceRetired
from app.domain.visitors import PhoneCodeInvalid, PhoneForeign, PhoneInvalid, PhoneNotProven, PhoneRequired
from app.domain.windows import OutsideWindow
from app.queries.tickets import is_from
from app.schemas.tickets import Wish
from app.security.secrets import claim_code
from app.web.context import AppContext, context_of
from app.web.dependencies import address

NUMBER_REFUSED = (
    ServiceRetired,
    UnknownReference,
    ChannelNotYours,
    ChannelNotAllowed,
    MembershipNotInForce,
    NoCounter,
    ServiceClosed,
    QuotaExhausted,
    OutsideWindow,
)
"""How a service may refuse a number."""
PHONE_REFUSED = (PhoneInvalid, PhoneForeign, PhoneNotProven, PhoneCodeInvalid, PhoneRequired, WebBlockedAfterNoShows)
"""How a phone may be refused."""


async def web_visitor(
    request: Request, mall: MallRef, caller: Caller, wish: Wish, numbers: int = 1
) -> WebVisitor | None:
    """Who asks for so many numbers without credentials, with the phone that they name; None: somebody known asks.

    Raises RateLimited, and what is wrong with the phone as it is written. A wrong code counts here; the act refuses it.
    """
    if wish.phone is None and wish.phone_code is not None:
        raise PhoneRequired
    if caller.id is not None:
        return None
    context = context_of(request.app)
    visitor = await context.web_visitors.asking(mall, address(request), numbers)
    if wish.phone is None:
        return visitor
    return replace(visitor, phone=await context.phone_codes.shown(mall, wish.phone, wish.phone_code))


async def claim_codes(
    context: AppContext,
    response: Response,
    mall: MallRef,
    ticket_ids: Sequence[UUID],
    visitor: WebVisitor | None,
    *,
    repeated: bool,
) -> dict[UUID, str | None]:
    """The claim codes of tickets that were just given; None for all in a repeat from another address than the first's.

    Whoever repeats a phone with its code is no stranger. `Location` leads who has no credentials to
    the first of them: it can be read there and nowhere else.
    """
    if visitor and repeated and not visitor.phone:
        async with context.database.reading(mall) as reading:
            if not await is_from(reading, ticket_ids[0], visitor.address_mark):
                return dict.fromkeys(ticket_ids)
    codes: dict[UUID, str | None] = {each: claim_code(context.server_key, each) for each in ticket_ids}
    if visitor:
        response.headers["Location"] = f"/v1/malls/{mall.slug}/claims/{codes[ticket_ids[0]]}"
    return codes
