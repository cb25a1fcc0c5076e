"""Messages that are to be sent, and one that was."""

from dataclasses import dataclass
from uuid import UUID

from app import models
from app.domain.errors import NotThere
from app.domain.names import LocalizedText
from app.journal import Reading
from app.queries.paging import Page, PageRequest, page


@dataclass(frozen=True)
class MessageView:
    """A message with what its text says beside the code."""

    row: models.Message
    mall_name: LocalizedText


async def to_send(reading: Reading, asked: PageRequest) -> Page[MessageView]:
    """Messages whose time is not over and of which nobody has said that they were sent."""
    message = models.Message
    statement = reading.select(message).where(message.outcome.is_(None), message.expires_at > reading.at)
    found = await page(reading.session, statement, {"id": message.id}, asked)
    mall = await reading.session.get_one(models.Mall, reading.mall_id)
    return found.showing([MessageView(each, mall.name) for each in found.data])


async def one(reading: Reading, message_id: UUID) -> models.Message:
    """A message that is still kept. Raises NotThere."""
    found = await reading.get(models.Message, message_id)
    if found is None:
        raise NotThere(thing="message")
    return found
