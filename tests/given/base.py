"""What every area of a test's mall needs: who is always there, its time, its journal."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from app import models
from app.database import Database
from app.domain.malls import MallRef
from app.web.context import AppContext, context_of
from tests.catalogue import held_to_the_catalogue
from tests.given.asking import Asker, Json

numbers: Iterator[int] = itertools.count(1)
"""For names and codes that are nobody else's in this process."""


def names(text: str) -> Json:
    """A text in both languages."""
    return {"id": f"{text} (id)", "en": text}


@dataclass
class Agency:
    """An agency of a test's mall, with what it has there."""

    id: str
    code: str
    agreement_id: str | None = None
    series_id: str = ""
    services: dict[str, str] = field(default_factory=dict)
    counters: list[str] = field(default_factory=list)

    @property
    def service(self) -> str:
        """Its first service."""
        return next(iter(self.services.values()))

    @property
    def counter(self) -> str:
        """Its first counter."""
        return self.counters[0]


class MallBase:
    """One test's mall. The manager, the auditor, a kiosk, a display and the public are always there."""

    manager: Asker
    auditor: Asker
    kiosk: Asker
    display: Asker
    location_id: str

    def __init__(self, app: FastAPI, http: httpx.AsyncClient, ref: MallRef, public: httpx.AsyncClient) -> None:
        self.ref, self.slug, self.path = ref, ref.slug, f"/v1/malls/{ref.slug}"
        self.context: AppContext = context_of(app)
        self.database: Database = self.context.database
        self.http = http
        self.public = Asker(public, self.path)

    def set_time(self, local: str) -> None:
        """Move this mall's time on to a local instant, `2027-03-05T09:00`. Time only ever goes forward."""
        wanted = datetime.fromisoformat(local).replace(tzinfo=self.ref.zone)
        now = datetime.now(tz=self.ref.zone)  # noqa: TID251  # how far to move is a question to the real clock
        self.database.clock.offsets[self.ref.id] = wanted - now

    def pass_time(self, by: timedelta) -> None:
        """Move this mall's time on."""
        offsets = self.database.clock.offsets
        offsets[self.ref.id] = offsets.get(self.ref.id, timedelta()) + by

    def instant(self, local: str) -> str:
        """A local time of this mall as it stands on the wire."""
        at = datetime.fromisoformat(local).replace(tzinfo=self.ref.zone).astimezone(UTC)
        return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    async def today(self) -> date:
        """The mall's service day."""
        async with self.database.reading(self.ref) as reading:
            return reading.today

    async def entries(self) -> list[Json]:
        """The mall's journal, as the texts that were hashed, each held to the catalogue."""
        async with self.database.reading(self.ref) as reading:
            contents = await reading.session.scalars(
                select(models.JournalEntry.content)
                .where(models.JournalEntry.mall_id == self.ref.id)
                .order_by(models.JournalEntry.sequence)
            )
            return [held_to_the_catalogue(each) for each in contents]
