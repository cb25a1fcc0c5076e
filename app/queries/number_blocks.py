"""Number blocks: one, many, and their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from app import access, models
from app.domain.callers import Caller, CallerKind
from app.domain.errors import NotThere
from app.domain.number_blocks import BlockStatus, NumberOutcome
from app.domain.number_series import shown_number
from app.domain.roles import Permission
from app.journal import Reading
from app.queries.paging import Page, PageRequest, kept_as, page


@dataclass(frozen=True)
class BlockFilter:
    """What a list of blocks is narrowed to."""

    service_day: date | None = None
    statuses: Sequence[BlockStatus] = ()
    """Any of them; none: whatever it is."""
    number_series_id: UUID | None = None
    device_id: UUID | None = None


@dataclass(frozen=True)
class BlockView:
    """A block as people see it."""

    row: models.NumberBlock
    prefix: str
    status: BlockStatus

    @property
    def number_series_id(self) -> UUID:
        """The series of its numbers."""
        return self.row.series_id

    @property
    def first_number(self) -> str:
        """The first of its numbers."""
        return shown_number(self.prefix, self.row.first_ordinal)

    @property
    def last_number(self) -> str:
        """The last of its numbers."""
        return shown_number(self.prefix, self.row.last_ordinal)


@dataclass(frozen=True)
class NumberView:
    """A number of a block, and what became of it."""

    number: str
    ticket_id: UUID
    outcome: NumberOutcome
    broken_rule: str | None


@dataclass(frozen=True)
class WholeBlockView(BlockView):
    """A block with its numbers."""

    numbers: Sequence[NumberView]


async def blocks(reading: Reading, caller: Caller, asked: PageRequest, wanted: BlockFilter) -> Page[BlockView]:
    """The blocks of a day, today's unless another is asked for; a kiosk sees its own."""
    block = models.NumberBlock
    day = wanted.service_day or reading.today
    statement = _visible(reading, caller).where(block.service_day == day)
    if wanted.statuses:
        kept = kept_as(wanted.statuses, (BlockStatus.RESERVED,), BlockStatus.EXPIRED, over=day < reading.today)
        statement = statement.where(block.status.in_(kept))
    if wanted.number_series_id:
        statement = statement.where(block.series_id == wanted.number_series_id)
    if wanted.device_id:
        statement = statement.where(block.device_id == wanted.device_id)
    found = await page(reading.session, statement, {"id": block.id}, asked)
    series, of = models.NumberSeries, {each.series_id for each in found.data}
    prefixes = {
        each.id: each.prefix for each in await reading.session.scalars(reading.select(series).where(series.id.in_(of)))
    }
    return found.showing([BlockView(each, prefixes[each.series_id], _shown(reading, each)) for each in found.data])


def _visible(reading: Reading, caller: Caller) -> Select[models.NumberBlock]:
    """The blocks that the caller may see: a kiosk its own, the mall's people all."""
    caller.must(Permission.READ_NUMBER_BLOCKS, reading.mall_id)
    statement = reading.select(models.NumberBlock)
    if caller.kind is CallerKind.DEVICE:
        statement = statement.where(models.NumberBlock.device_id == caller.id)
    return statement


def _shown(reading: Reading, block: models.NumberBlock) -> BlockStatus:
    """What nobody reported on its day is over, also before the program has ended that day."""
    over = block.status is BlockStatus.RESERVED and block.service_day < reading.today
    return BlockStatus.EXPIRED if over else block.status


async def one(reading: Reading, caller: Caller, block_id: UUID) -> WholeBlockView:
    """A block that the caller may see, with its numbers. Raises NotThere."""
    return await whole(reading, await visible_block(reading, caller, block_id))


async def visible_block(reading: Reading, caller: Caller, block_id: UUID) -> models.NumberBlock:
    """A block that the caller may see. Raises NotThere."""
    found = await reading.session.scalar(_visible(reading, caller).where(models.NumberBlock.id == block_id))
    if found is None:
        raise NotThere(thing="number_block")
    return found


async def whole(reading: Reading, block: models.NumberBlock) -> WholeBlockView:
    """A block with what became of its numbers."""
    series = await access.row(reading, models.NumberSeries, block.series_id, "number_series")
    number, ticket = models.BlockNumber, models.Ticket
    found = await reading.session.execute(
        select(number.ordinal, number.ticket_id, number.outcome, ticket.broken_rule)
        .outerjoin(ticket, (ticket.mall_id == number.mall_id) & (ticket.id == number.ticket_id))
        .where(number.mall_id == reading.mall_id, number.block_id == block.id)
        .order_by(number.ordinal)
    )
    status = _shown(reading, block)
    numbers = [
        NumberView(
            shown_number(series.prefix, each.ordinal),
            each.ticket_id,
            NumberOutcome.UNUSED if status is BlockStatus.EXPIRED else each.outcome,
            each.broken_rule,
        )
        for each in found
    ]
    return WholeBlockView(block, series.prefix, status, numbers)


async def open_block(reading: Reading, device_id: UUID, series_id: UUID) -> models.NumberBlock | None:
    """The kiosk's block of the series that is not reported yet."""
    block = models.NumberBlock
    return await reading.session.scalar(
        reading.select(block).where(
            block.device_id == device_id, block.series_id == series_id, block.status == BlockStatus.RESERVED
        )
    )


async def open_blocks(reading: Reading, day: date) -> Sequence[models.NumberBlock]:
    """The blocks of a day that nobody has reported."""
    block = models.NumberBlock
    statement = reading.select(block).where(block.service_day == day, block.status == BlockStatus.RESERVED)
    return (await reading.session.scalars(statement.order_by(block.id))).all()


async def numbers_of(reading: Reading, block: models.NumberBlock) -> Sequence[models.BlockNumber]:
    """The numbers of a block."""
    number = models.BlockNumber
    statement = reading.select(number).where(number.block_id == block.id)
    return (await reading.session.scalars(statement.order_by(number.ordinal))).all()


async def last_number(reading: Reading, series_id: UUID) -> models.SeriesDay | None:
    """The series' last number of today."""
    return await reading.session.get(models.SeriesDay, (reading.mall_id, series_id, reading.today))
