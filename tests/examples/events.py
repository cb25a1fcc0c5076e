"""How the story is told to others."""

from tests.given import Asker


async def every_event_is_told(manager: Asker) -> None:
    """From the first to the last: an example of each type is among them."""
    page = await manager.sees("/events")
    while page["has_more"]:
        page = await manager.sees("/events", after=page["next_cursor"])
