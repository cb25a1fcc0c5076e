"""What the operations that give numbers share: how they are refused, and to whom claim codes are shown."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Response

from app.domain.calendar import ServiceClosed
from app.domain.errors import UnknownReference
from app.domain.issuing import ChannelNotYours, WebVisitor
from app.domain.malls import MallRef
from app.domain.members import MembershipNotInForce
from app.domain.services import ChannelNotAllowed, NoCounter, QuotaExhausted, ServiceRetired
from app.domain.windows import OutsideWindow
from app.queries.tickets import is_from
from app.security.secrets import claim_code
from app.web.context import AppContext

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

    `Location` leads who has no credentials to the first of them: it can be read there and nowhere else.
    """
    if visitor and repeated:
        async with context.database.reading(mall) as reading:
            if not await is_from(reading, ticket_ids[0], visitor.address_mark):
                return dict.fromkeys(ticket_ids)
    codes: dict[UUID, str | None] = {each: claim_code(context.server_key, each) for each in ticket_ids}
    if visitor:
        response.headers["Location"] = f"/v1/malls/{mall.slug}/claims/{codes[ticket_ids[0]]}"
    return codes
