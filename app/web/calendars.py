"""A calendar as it is shown."""

from datetime import timedelta
from uuid import UUID

from app import access, models
from app.domain.calendar import DAY, Span
from app.journal import Reading
from app.queries import calendar as calendar_queries
from app.queries import holidays
from app.schemas.calendar import Calendar

WEEK = 7


async def shown(reading: Reading, agency_id: UUID | None) -> Calendar:
    """The mall's calendar, or an agency's at the mall. Raises NotThere."""
    if agency_id:
        await access.row(reading, models.Agency, agency_id, "agency")
    calendar = await calendar_queries.calendar(reading, agency_id)
    base = await calendar_queries.base_schedule(reading, agency_id) or await calendar_queries.base_schedule(
        reading, None
    )
    opening = calendar.opening(reading.at, agency_id)
    days = [reading.today + timedelta(days=ahead) for ahead in range(WEEK)]
    named = await holidays.between(reading, days[0], days[-1])
    return Calendar.model_validate(
        {
            "time_zone": str(reading.mall.zone),
            "hours": base.hours if base else [],
            "is_open": opening.is_open,
            "changes_at": opening.changes_at,
            "days": [
                {
                    "on": day,
                    "open": [_span(span) for span in calendar.spans(day, agency_id)],
                    "holiday": named[day].name if day in named else None,
                    "period": calendar.period(day, agency_id),
                }
                for day in days
            ],
        }
    )


def _span(span: Span) -> dict[str, str]:
    return {"opens": _clock(span.starts), "closes": _clock(span.ends)}


def _clock(minute: int) -> str:
    return "24:00" if minute == DAY else f"{minute // 60:02d}:{minute % 60:02d}"
