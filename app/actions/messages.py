"""What a gateway says of the messages that it fetched."""

from uuid import UUID

from app import models
from app.domain.messages import DeliveryOutcome
from app.domain.roles import Permission
from app.journal import Journal
from app.queries import messages as queries


async def report(journal: Journal, message_id: UUID, *, outcome: DeliveryOutcome) -> models.Message:
    """Keep what became of a message, and nothing else of it. The first word counts. It is no history of the mall."""
    journal.caller.must(Permission.SEND_MESSAGES, journal.mall_id)
    message = await queries.one(journal, message_id)
    message.report(outcome, journal.at)
    return message
