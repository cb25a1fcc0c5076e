"""The service day turns while people take tickets."""

import asyncio
from datetime import datetime

from tests.given import Agency, Given, Json, Mall
from tests.races.books import journal, tickets

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
YESTERDAY, TODAY = "2027-03-05", "2027-03-06"
KIOSKS, EACH, BEFORE_MIDNIGHT = 8, 6, 20


async def crowd_at_midnight(mall: Mall, agency: Agency) -> list[Json]:
    """Kiosks issue one ticket after another; the clock strikes when some tickets are out and others on their way."""
    taken: list[Json] = []

    async def kiosk() -> None:
        for _ in range(EACH):
            taken.append(await mall.kiosk.takes(agency.service))
            if len(taken) == BEFORE_MIDNIGHT:
                mall.set_time(f"{TODAY}T00:00")

    await asyncio.gather(*(kiosk() for _ in range(KIOSKS)))
    return taken


async def test_numbers_restart_at_local_midnight_in_every_zone_amid_a_crowd(given: Given) -> None:
    malls = [await given.mall(at=f"{YESTERDAY}T23:50", time_zone=zone) for zone in ZONES]
    agencies = [await mall.agency() for mall in malls]
    crowds = await asyncio.gather(*map(crowd_at_midnight, malls, agencies))
    for mall, taken in zip(malls, crowds, strict=True):
        rows = await tickets(mall)
        assert {(each["id"], each["service_day"], each["number"]) for each in taken} == {
            (each.id, each.service_day, each.number) for each in rows
        }
        yesterday = [each for each in rows if each.service_day == YESTERDAY]
        today = [each for each in rows if each.service_day == TODAY]
        assert len(yesterday) >= BEFORE_MIDNIGHT
        assert len(yesterday) + len(today) == KIOSKS * EACH
        for day, status in ((yesterday, "expired"), (today, "waiting")):
            assert [each.ordinal for each in day] == list(range(1, len(day) + 1))
            assert {each.status for each in day} == {status}

        entries = await journal(mall)
        days = [each["service_day"] for each in entries]
        assert days == sorted(days)
        [ended] = [each for each in entries if each["type"] == "day.ended"]
        assert (ended["service_day"], ended["data"]) == (YESTERDAY, {"tickets": len(yesterday)})
        assert entries[days.index(TODAY) - 1] == ended
        issued = [each for each in entries if each["type"] == "ticket.issued"]
        local = [datetime.fromisoformat(each["at"]).astimezone(mall.ref.zone).date().isoformat() for each in issued]
        assert local == [each["service_day"] for each in issued]
