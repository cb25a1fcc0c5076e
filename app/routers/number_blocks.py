"""Numbers for kiosks that are cut off from the network."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.actions import number_blocks as actions
from app.domain.callers import Caller
from app.domain.errors import UnknownReference
from app.domain.lifecycle import IllegalTransition
from app.domain.number_blocks import BlockOpen, BlockStatus, NumberOutOfOrder, OtherSeries, TimeOutOfOrder
from app.domain.roles import Permission
from app.queries import number_blocks as queries
from app.schemas.base import Day, Page
from app.schemas.number_blocks import (
    NumberBlock,
    NumberBlockRequest,
    NumberReport,
    ReservedNumber,
    ReservedNumberBlock,
    WholeNumberBlock,
)
from app.security.secrets import claim_code
from app.web.dependencies import Context, CurrentMall, needs
from app.web.idempotency import Command, Write, creates_once
from app.web.paging import ListPage, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}", tags=["tickets"])
Reader = Annotated[Caller, needs(Permission.READ_NUMBER_BLOCKS)]
Kiosk = Annotated[Caller, needs(Permission.RESERVE_NUMBERS)]
Creation = Annotated[Write, creates_once("/v1/malls/{mall}/number-blocks/{id}")]


@router.get("/number-blocks")
async def list_number_blocks(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("id")],
    service_day: Annotated[Day | None, Query(description="Today if left out")] = None,
    status: Annotated[list[BlockStatus] | None, Query()] = None,
    number_series_id: UUID | None = None,
    device_id: UUID | None = None,
) -> Page[NumberBlock]:
    """List the blocks of numbers of a service day; a kiosk sees its own.

    A mall's manager sees those of all kiosks. `service_day` is today if left out. A block says how it ended; its
    numbers are read one block at a time.
    """
    wanted = queries.BlockFilter(service_day, status or (), number_series_id, device_id)
    async with context.database.reading(mall) as reading:
        return page.of(NumberBlock, await queries.blocks(reading, caller, page.asked, wanted))


@router.post("/number-blocks", status_code=201, responses=refuses(UnknownReference, BlockOpen))
async def reserve_numbers(
    mall: CurrentMall, body: NumberBlockRequest, caller: Kiosk, context: Context, command: Creation
) -> ReservedNumberBlock:
    """Reserve the next numbers of a series, so that a kiosk can give them while it is cut off from the network.

    They are the kiosk's for the present service day; other tickets go on behind them. Each has the id and the claim
    code of the ticket that it becomes. When the network is back, the kiosk reports once what it gave; what it did not
    give stays unused, and a next block begins anew.
    """
    block = await command(mall, caller, WholeNumberBlock, actions.reserve, **body.model_dump())
    numbers = [
        ReservedNumber(**each.model_dump(), claim_code=claim_code(context.server_key, each.ticket_id))
        for each in block.numbers
    ]
    return ReservedNumberBlock(**block.model_dump(exclude={"numbers"}), numbers=numbers)


@router.get("/number-blocks/{block_id}")
async def get_number_block(mall: CurrentMall, block_id: UUID, caller: Reader, context: Context) -> WholeNumberBlock:
    """Read a block of numbers, and what became of each.

    A kiosk reads its own blocks. Claim codes are shown only to the kiosk that reserved it, in the answer to that: they
    are not read again here.
    """
    async with context.database.reading(mall) as reading:
        return WholeNumberBlock.model_validate(await queries.one(reading, caller, block_id))


@router.post(
    "/number-blocks/{block_id}/report",
    responses=refuses(IllegalTransition, NumberOutOfOrder, TimeOutOfOrder, UnknownReference, OtherSeries),
)
async def report_numbers(
    mall: CurrentMall, block_id: UUID, body: NumberReport, caller: Kiosk, context: Context, command: Command
) -> WholeNumberBlock:
    """Report what a kiosk gave while it was cut off: the numbers become tickets, in the place of their true arrival.

    A block is reported once, whole, on its own service day. Tickets that broke a rule which the kiosk could not know
    (a quota that was used up, an agency that was suspended) stand, and say so in `broken_rule`.
    """
    wanted = body.model_dump()
    return await command(mall, caller, WholeNumberBlock, actions.report, context.server_key, block_id, **wanted)
