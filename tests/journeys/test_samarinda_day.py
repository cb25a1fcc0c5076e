"""A whole day at Samarinda's mall, on the real data, and the books afterwards."""

import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app import demo, embedded, models
from app.database import Clock
from app.demo.day import INTERRUPTED, NOON, plan
from app.demo.player import Day
from app.demo.story import DATA
from app.domain.tickets import TICKET_LIFE, TicketStatus
from app.main import create_app
from app.settings import Settings
from tests.conftest import SERVER_KEY, with_name
from tests.contract import Contract
from tests.given import Asker, Json, Mall
from tests.races.books import journal


async def test_x(template, server_url, shared_dir, settings, contract):
    import asyncpg
    name="mpp_day_x"
    c=await asyncpg.connect(with_name(server_url,"postgres"))
    await c.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    await c.close()
    app = create_app(settings, with_name(server_url,name), SERVER_KEY.encode(), clock=Clock())
    async with app.router.lifespan_context(app):
        t=time.time()
        house=app.state.house
        cast = await demo.load(house.database, house.passwords, None, keep=lambda c: None, say=print)
        print("load",time.time()-t)
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
        import os
        hooks = {"response": [contract.check]} if not os.environ.get("NOHOOK") else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://mall.test", event_hooks=hooks) as http:
            mall = Mall(app, http, await house.mall("samarinda"))
            mall.set_time("2027-03-03T07:50")
            p = plan(DATA["agencies"], visitors=1000)
            day = Day(http, "samarinda", p)
            who = {e["username"]: e["password"] for e in cast["accounts"]}
            keys = {e["kind"]: e["key"] for e in cast["devices"]}
            t=time.time()
            await day.begin("manajer.mal", who["manajer.mal"], keys["kiosk"])
            print("begin",time.time()-t, day.told.refused)
            t=time.time()
            for m in range(p.opens, p.closes+10):
                mall.set_time(f"2027-03-03T{m//60:02d}:{m%60:02d}")
                await day.minute(m)
            print("day",time.time()-t)
            for k,v in sorted(day.told.done.items()): print(k,v)
            print(day.told.refused)
            rows = await day.manager.all("/tickets")
            print(len(rows), Counter((r["status"],r["closed_by"]) for r in rows))
            print(Counter(r["status"] for r in await day.manager.all("/counters")))
