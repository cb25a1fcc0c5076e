"""Phones of a test's visitors, and the messages that come to them."""

import re
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from app import models
from tests.given.asking import Asker, Json
from tests.given.base import Agency
from tests.given.clients import Clients

PHONE = "0812-3456-7890"


class Visitors(Clients):
    """People who have a phone."""

    _gateway: Asker | None = None

    async def gateway(self, agency: Agency) -> Asker:
        """The system of the mall's operator that sends messages to visitors' phones."""
        self._gateway = self._gateway or await self.partner(agency, "messages:send")
        return self._gateway

    async def asks_for_code(self, phone: str = PHONE, who: Asker | None = None, **more: str) -> Json:
        """What is said to somebody who asks for a code."""
        return await (who or self.public).does("/phone-confirmations", {"phone": phone, **more})

    async def tickets_with(self, column: InstrumentedAttribute[Any]) -> int:
        """How many tickets hold something of a visitor in this column."""
        async with self.database.reading(self.ref) as reading:
            statement = select(func.count(column)).where(models.Ticket.mall_id == self.ref.id)
            return await reading.session.scalar(statement) or 0

    async def code(self, agency: Agency, phone: str = PHONE) -> str:
        """The code that a visitor reads on their phone, having asked for it."""
        await self.asks_for_code(phone)
        [message] = (await (await self.gateway(agency)).sees("/messages", sort="-id", limit=1))["data"]
        [code] = re.findall(r"\b\d{6}\b", message["text"])
        return str(code)
