"""What runs beside the requests, and how it ends."""

import asyncio
import logging

import pytest

from app.workers.periodic import end_all


async def test_all_are_ended_also_who_loses_a_cancellation_fails_or_has_ended_before(
    anyio_backend: object, caplog: pytest.LogCaptureFixture
) -> None:
    cancellations: list[str] = []

    async def obeys() -> None:
        await asyncio.Event().wait()

    async def loses_one() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancellations.append("lost")
        await asyncio.Event().wait()

    async def fails() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ZeroDivisionError

    async def has_ended() -> None:
        pass

    tasks = [asyncio.create_task(each()) for each in (obeys, loses_one, fails, has_ended)]
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await end_all(tasks)
    assert [each.done() for each in tasks] == [True] * 4
    assert [each.cancelled() for each in tasks] == [True, True, False, False]
    assert cancellations == ["lost"]
    # a program that another test has begun may say there that its database is away: that is a warning
    [said] = [each for each in caplog.records if each.name == "mpp.periodic" and each.levelno == logging.ERROR]
    assert said.exc_info
    assert said.exc_info[0] is ZeroDivisionError


async def test_where_nothing_runs_nothing_is_to_be_ended(anyio_backend: object) -> None:
    await end_all([])
