"""What a retirement finds."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from app import models
from app.journal import Reading

Owned = TypeVar("Owned", models.Service, models.Counter)


async def active(reading: Reading, kind: type[Owned], agency_id: UUID) -> Sequence[Owned]:
    """The agency's services or counters that are not retired."""
    return (
        await reading.session.scalars(
            reading.select(kind).where(kind.agency_id == agency_id, kind.retired_on.is_(None)).order_by(kind.code)
        )
    ).all()
