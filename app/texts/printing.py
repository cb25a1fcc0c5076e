"""What a ticket on paper says, line by line in both languages, and its QR code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import segno

from app.domain.estimates import Estimate
from app.domain.names import LocalizedText
from app.domain.printing import PrintPart

_WEEKDAYS = (
    ("Senin", "Monday"),
    ("Selasa", "Tuesday"),
    ("Rabu", "Wednesday"),
    ("Kamis", "Thursday"),
    ("Jumat", "Friday"),
    ("Sabtu", "Saturday"),
    ("Minggu", "Sunday"),
)
_MONTHS = (
    ("Januari", "January"),
    ("Februari", "February"),
    ("Maret", "March"),
    ("April", "April"),
    ("Mei", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("Agustus", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Desember", "December"),
)
_NOTICE: LocalizedText = {
    "id": "Simpan kertas ini: kode QR menunjukkan dan membatalkan antrean Anda.",
    "en": "Keep this paper: the QR code shows and cancels your ticket.",
}


@dataclass(frozen=True)
class Floor:
    """Where counters of a service stand."""

    floor: LocalizedText
    building: LocalizedText


@dataclass(frozen=True)
class Printed:
    """What is printed of a ticket; never who holds it, nor whether it has priority."""

    mall: LocalizedText
    agency: LocalizedText
    service: LocalizedText
    number: str
    issued_at: datetime
    """In the mall's zone."""
    floors: Sequence[Floor]
    people_ahead: int | None
    """None: it does not wait any more, or not yet for a counter."""
    after_step: int | None
    """The step of its visit that must be over before."""
    estimate: Estimate | None


def lines(ticket: Printed) -> Iterator[tuple[PrintPart, LocalizedText]]:
    """The lines of a ticket on paper, from top to bottom."""
    yield PrintPart.MALL, ticket.mall
    yield PrintPart.AGENCY, ticket.agency
    yield PrintPart.SERVICE, ticket.service
    yield PrintPart.NUMBER, {"id": ticket.number, "en": ticket.number}
    yield PrintPart.ISSUED, _instant(ticket.issued_at)
    for each in ticket.floors:
        yield (
            PrintPart.PLACE,
            {
                "id": f"{each.floor['id']}, {each.building['id']}",
                "en": f"{each.floor['en']}, {each.building['en']}",
            },
        )
    if ticket.people_ahead is not None:
        yield PrintPart.WAIT, _wait(ticket.people_ahead, ticket.estimate)
    elif ticket.after_step:
        yield (
            PrintPart.WAIT,
            {
                "id": f"Dipanggil setelah langkah {ticket.after_step} kunjungan Anda selesai",
                "en": f"Called when step {ticket.after_step} of your visit is over",
            },
        )
    yield PrintPart.NOTICE, _NOTICE


def qr_svg(content: str) -> str:
    """A QR code as an SVG of its own, black on nothing, as large as what it is put into; its error correction is M."""
    image = BytesIO()
    code = segno.make(content, error="m", micro=False)
    code.save(image, kind="svg", xmldecl=False, omitsize=True, svgclass=None, lineclass=None, nl=False)
    return image.getvalue().decode()


def _instant(at: datetime) -> LocalizedText:
    (day_id, day_en), (month_id, month_en) = _WEEKDAYS[at.weekday()], _MONTHS[at.month - 1]
    zone = at.tzname()
    return {
        "id": f"{day_id}, {at.day} {month_id} {at.year}, {at:%H.%M} {zone}",
        "en": f"{day_en}, {at.day} {month_en} {at.year}, {at:%H:%M} {zone}",
    }


def _wait(people_ahead: int, estimate: Estimate | None) -> LocalizedText:
    if estimate is None:
        return {"id": f"{people_ahead} orang di depan Anda", "en": f"{people_ahead} people ahead of you"}
    minutes = f"{estimate.from_minutes}–{estimate.to_minutes}"  # noqa: RUF001  # a range of numbers
    return {
        "id": f"{people_ahead} orang di depan Anda, perkiraan {minutes} menit",
        "en": f"{people_ahead} people ahead of you, about {minutes} minutes",
    }
