"""Questions about many malls at once.

They are asked in one statement for cheapness, and mall by mall as soon as that fails: where the malls lie on several
database servers, one server that is away keeps back the answers of its own malls alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Busy, Database

ASK_SECONDS = 2
"""How long one question may take, and then all the single ones together: a machine that is only slow is not away."""
AT_ONCE = 4
"""How many malls are asked side by side: connections stay free for readers."""

T = TypeVar("T")
Question = Callable[[AsyncSession, Sequence[int]], Awaitable[dict[int, T]]]
"""Given the ids of malls, the answer for each of them that has one."""


async def across_malls(
    database: Database, mall_ids: Sequence[int], question: "Question[T]"
) -> tuple[dict[int, T], dict[int, Exception]]:
    """The answers by mall, and what went wrong by mall, where something did. Raises Busy where the database is away."""
    if not mall_ids:
        return {}, {}
    try:
        return await _asked(database, mall_ids, question), {}
    except Exception as error:  # noqa: BLE001  # handed to the caller, mall by mall
        await _must_answer(database)
        if len(mall_ids) == 1:
            return {}, {mall_ids[0]: error}
    answers: dict[int, T] = {}
    failures: dict[int, Exception] = {}
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(mall_id: int) -> None:
        try:
            async with asyncio.timeout(ASK_SECONDS), turns:
                answers.update(await _asked(database, [mall_id], question))
        except Exception as error:  # noqa: BLE001  # handed to the caller
            failures[mall_id] = error

    await asyncio.gather(*map(one, mall_ids))
    return answers, failures


async def _asked(database: Database, mall_ids: Sequence[int], question: "Question[T]") -> dict[int, T]:
    try:
        async with asyncio.timeout(ASK_SECONDS), database.reading() as reading:
            return await question(reading.session, mall_ids)
    except TimeoutError:
        raise Busy from None


async def _must_answer(database: Database) -> None:
    """Ask nothing of any mall: a reading asks for the time first."""
    try:
        async with asyncio.timeout(ASK_SECONDS), database.reading():
            return
    except TimeoutError:
        raise Busy from None
