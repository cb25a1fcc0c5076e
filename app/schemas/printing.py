"""Printing on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.printing import PrintOutcome, PrintPart
from app.schemas.base import Input, LocalizedText, Output


class PrintReport(Input):
    """What became of a ticket's paper."""

    outcome: Annotated[
        PrintOutcome,
        Field(
            description="printed: it has come out; say so again for each reprint. failed: it has not, and will not any"
            " more. What never printed leaves the queue",
            examples=["printed"],
        ),
    ]


class TicketPrint(Output):
    """A ticket for a printer."""

    ticket_id: UUID
    number: str
    lines: list["PrintLine"]
    """From top to bottom; print one language or both."""
    qr: "QrCode"
    """The QR code below."""


class PrintLine(Output):
    """A line of a ticket on paper."""

    part: PrintPart
    """What it says, for its size and place on the paper."""
    text: LocalizedText
    """The line, in both languages."""


class QrCode(Output):
    """A QR code."""

    content: str
    """The claim code. An officer's scanner reads it, and the visitor's phone for whatever page the mall offers."""
    svg: str
    """The same as an SVG image with a quiet zone around it, without a size: it fills what it is put into."""
