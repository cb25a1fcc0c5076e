"""The day on the running demo, with a line at the terminal that says how far it is and what happens."""

import asyncio
import contextlib
import signal
import sys
from typing import Any

import httpx

from app.demo.asking import Refused
from app.demo.data import samarinda
from app.demo.day import Plan, plan
from app.demo.player import Day

WIDTH = 24
AFTERWARDS = 5
"""Minutes after the last closing, for those in hand."""
SAID_EVERY = 30
"""Minutes of the day between two lines where no person watches a terminal."""


class NotPlayed(Exception):
    """The day cannot be played here; the message says what to do."""


async def play(cast: dict[str, Any], url: str, *, visitors: int, minutes: float) -> bool:
    """Play it in so many minutes. False where Ctrl-C ended it before its time. Raises NotPlayed."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def gently(number: signal.Signals) -> None:
        """Once gently; the second time as signals do."""
        stop.set()
        loop.remove_signal_handler(number)
        _say("\nEnding: the counters close first …")

    signals = (signal.SIGINT, signal.SIGTERM)
    for each in signals:
        loop.add_signal_handler(each, gently, each)
    # let go of idle connections before the server does
    limits = httpx.Limits(max_connections=50, keepalive_expiry=2)
    try:
        # the demo is on this machine, whatever proxy leads to others
        async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits, trust_env=False) as http:
            return await _played(http, cast, plan(samarinda()["agencies"], visitors=visitors), minutes, stop)
    except httpx.TransportError as error:
        raise NotPlayed(f"Nothing answers at {url}: start the demo with `make run`, or name it with --url.") from error
    finally:
        for each in signals:
            loop.remove_signal_handler(each)


async def _played(http: httpx.AsyncClient, cast: dict[str, Any], of: Plan, minutes: float, stop: asyncio.Event) -> bool:
    day = Day(http, cast["mall"], of)
    manager = next(each for each in cast["accounts"] if each["role"] == "mall_manager")
    kiosk = next(each["key"] for each in cast["devices"] if each["kind"] == "kiosk")
    _say("The officers sign in and open their counters …")
    last = of.closes + AFTERWARDS
    pause = minutes * 60 / (last - of.opens)
    try:
        await day.begin(manager["username"], manager["password"], kiosk, stop)
        if not any(each["can_issue"] for each in await day.public.all("/availability", channel="kiosk")):
            raise NotPlayed("The mall is closed now, and the demo's clock is never moved: try again in its hours.")
        _say(_opened(day))
        for minute in range(of.opens, last):
            if stop.is_set():
                break
            due = asyncio.get_running_loop().time() + pause
            await day.minute(minute)
            await _show(day, minute, last)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), max(0, due - asyncio.get_running_loop().time()))
    except Refused as refused:
        raise NotPlayed(f"The server at {http.base_url} refused: {refused}. Is it this demo's?") from refused
    finally:
        if day.agencies:
            await day.tidy()
    _say(_summary(day))
    return not stop.is_set()


async def _show(day: Day, minute: int, last: int) -> None:
    watched = sys.stderr.isatty()
    if not watched and minute % SAID_EVERY and minute + 1 != last:
        return
    share = (minute + 1 - day.plan.opens) / (last - day.plan.opens)
    bar = ("#" * round(share * WIDTH)).ljust(WIDTH, ".")
    board = await day.public.sees("/board")
    waiting = sum(each["waiting"] for each in board["services"])
    line = (
        f"{minute // 60:02d}:{minute % 60:02d} [{bar}] {share:4.0%}  numbers {len(day.told.tickets):4d}"
        f"  waiting {waiting:3d}  at counters {len(board['now_serving']):2d}  {day.told.lately}"
    )
    if watched:
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()
    else:
        _say(line)


def _opened(day: Day) -> str:
    lines = [f"{day.told.done['opened']} counters are open. Watch {day.http.base_url}{day.public.path}/board"]
    for (what, code), count in day.told.refused.items():
        if what == "open":
            lines.append(f"{count} stay closed: {code}")
    return "\n".join(lines)


def _summary(day: Day) -> str:
    done, end = day.told.done, "\n" if sys.stderr.isatty() else ""
    return (
        f"{end}{len(day.told.tickets)} numbers, {done['completion']} served, {done['no-show']} did not come,"
        f" {done['given up']} gave up. The counters are closed."
    )


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
