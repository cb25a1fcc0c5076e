"""Number blocks on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.names import Language
from app.domain.number_blocks import LARGEST_BLOCK, BlockStatus, NumberOutcome
from app.domain.tickets import AccessNeed, PriorityClass
from app.schemas.base import Distinct, GivenInstant, Input, Instant, MaybeProblemCode, Output
from app.schemas.tickets import Number


class NumberBlockRequest(Input):
    """Numbers to take ahead."""

    number_series_id: UUID
    size: Annotated[int, Field(strict=True, ge=1, le=LARGEST_BLOCK, examples=[3], description="How many numbers")]


class NumberReport(Input):
    """What a kiosk gave while it was cut off."""

    numbers: Annotated[
        list["GivenNumber"],
        Field(
            max_length=LARGEST_BLOCK,
            description="The block's first numbers, in order; what is not named was not given",
        ),
    ]


class GivenNumber(Input):
    """A number that was given to a visitor, or spoilt."""

    number: Number
    issued_at: Annotated[GivenInstant, Field(description="When the kiosk gave it, by its own clock")]
    service_id: Annotated[
        UUID | None, Field(description="The service it was given for; null: it is void, nobody has it")
    ] = None
    priority_class: PriorityClass = PriorityClass.NONE
    access_needs: Annotated[
        list[AccessNeed], Field(max_length=4, json_schema_extra={"uniqueItems": True}), Distinct
    ] = []
    language: Language = Language.ID


class NumberBlock(Output):
    """A block of numbers that a kiosk took ahead, for one service day."""

    id: UUID
    number_series_id: UUID
    device_id: UUID
    """The kiosk that gives them."""
    service_day: date
    """The mall's local date on which they are given and reported."""
    first_number: str
    """The first of its numbers, as it is printed and called."""
    last_number: str
    """The last of its numbers, as it is printed and called; those between are all the block's."""
    status: BlockStatus
    """reserved: the kiosk may give its numbers; reported: what it gave is known; expired: its day ended before."""
    reserved_at: Instant
    ended_at: Instant | None
    """When it was reported, or expired; null: it is reserved, or nobody has written the mall since its day ended."""


class BlockNumber(Output):
    """A number of a block, and what became of it."""

    number: str
    ticket_id: UUID
    """The id of its ticket; there is none before it is reported as issued."""
    outcome: NumberOutcome
    """issued: it is a ticket; void: it was spoilt; unused: it was not given."""
    broken_rule: MaybeProblemCode
    """The problem code with which issuing it would have been refused; its ticket stands. Null: no rule was broken."""


class WholeNumberBlock(NumberBlock):
    """A block with its numbers."""

    numbers: list[BlockNumber]
    """All its numbers in order, also those that nobody got."""


class ReservedNumber(BlockNumber):
    """A number that may be given, with the claim code for its visitor alone."""

    claim_code: str
    """It works as soon as the number is reported as issued. Print it as QR."""


class ReservedNumberBlock(NumberBlock):
    """A block that was just reserved, with all that a kiosk prints while it is cut off."""

    numbers: list[ReservedNumber]
    """All its numbers in the order in which they are to be given."""
