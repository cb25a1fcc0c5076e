"""What a test's mall tells of what happens in it."""

from tests.given.asking import Asker, Json


async def read_events(asker: Asker, after: str | None = None, **wanted: object) -> tuple[list[Json], str]:
    """All that somebody may be told behind a place, page by page, and the place up to which they have read."""
    found: list[Json] = []
    while True:
        place = {} if after is None else {"after": after}
        page = await asker.sees("/events", **wanted, **place)
        found += page["data"]
        after = page["next_cursor"]
        if not page["has_more"]:
            return found, str(after)


def types(events: list[Json]) -> list[str]:
    """What has happened, in short: `ticket.called`."""
    return [each["type"].removeprefix("id.mpp.").removesuffix(".v1") for each in events]
