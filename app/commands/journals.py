"""The journals, by hand: a day is ended, the chains are verified."""

import argparse
import asyncio

from app.actions import day_end
from app.commands.deployment import database, database_url, say, write_patiently
from app.queries import journals, malls
from app.settings import Settings, SettingsError


def end_day(settings: Settings, arguments: argparse.Namespace) -> None:
    """End today's queue of a mall by hand."""

    async def end(url: str) -> int:
        async with database(settings, url) as made:
            async with made.reading() as reading:
                mall = await malls.ref(reading.session, arguments.mall)
            if mall is None:
                raise SettingsError(f"There is no mall {arguments.mall}.")
            return await write_patiently(made, mall, lambda journal: day_end.end(journal, journal.today))

    with database_url(settings) as url:
        say(f"Ended the day; {asyncio.run(end(url))} tickets were open.")


def verify(settings: Settings, _: argparse.Namespace) -> None:
    """Compute every journal's chain anew."""

    async def compute(url: str) -> list[str]:
        async with database(settings, url) as made, made.reading(snapshot=True) as reading:
            heads, faults = await journals.verify(reading.session)
        for mall_id, head in sorted(heads.items()):
            say(f"mall {mall_id}: {head.sequence} entries, head {head.hash.hex()[:16]}")
        return faults

    with database_url(settings) as url:
        faults = asyncio.run(compute(url))
    if faults:
        raise SettingsError("\n".join(["The journal is not whole:", *faults]))
    say("The journal is whole.")
