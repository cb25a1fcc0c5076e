"""Makes malls, and puts together what can be done in one."""

import os
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI

from app.actions import accounts
from app.database import PLATFORM_REF
from app.domain.callers import SYSTEM
from app.domain.devices import DeviceKind
from app.domain.roles import Role
from app.journal import Journal
from app.web.context import AppContext, context_of
from tests.contract import in_process
from tests.given.agencies import Agencies
from tests.given.asking import Asker, Json
from tests.given.base import names, numbers
from tests.given.devices import Devices
from tests.given.invitations import Invitations
from tests.given.staff import username
from tests.given.tickets import Tickets
from tests.given.visitors import Visitors
from tests.given.webhooks import Webhooks

ALWAYS = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
ZONES = ("Asia/Makassar", "Asia/Jakarta", "Asia/Jayapura")


class Mall(Agencies, Devices, Invitations, Tickets, Visitors, Webhooks):
    """One test's mall, with every area of it. The areas that another builds on come with that one."""

    async def furnish(self) -> None:
        """Let those in who are always there."""
        self.manager = await self.person(Role.MALL_MANAGER)
        self.auditor = await self.person(Role.AUDITOR)
        location = await self.manager.does(
            "/locations",
            {
                "name": names("Main building"),
                "address": "Jl. Pahlawan",
                "floors": [{"code": "1", "name": names("Floor 1")}, {"code": "2", "name": names("Floor 2")}],
                "starts_on": "2020-01-01",
            },
        )
        self.location_id = location["id"]
        self.kiosk = await self.device(DeviceKind.KIOSK)
        self.display = await self.device(DeviceKind.DISPLAY)


class Given:
    """Makes malls."""

    def __init__(self, app: FastAPI, http: httpx.AsyncClient) -> None:
        self._app, self._http = app, http
        self.context: AppContext = context_of(app)
        self.public = Asker(http, "")

    def from_address(self, address: str) -> Asker:
        """The public at another address: paces are kept by address."""
        transport = in_process(self._app, address)
        hooks = self._http.event_hooks
        return Asker(httpx.AsyncClient(transport=transport, base_url=self._http.base_url, event_hooks=hooks), "")

    async def admin(self) -> Asker:
        """A platform administrator."""
        return await self.platform_person(Role.PLATFORM_ADMIN)

    async def platform_person(self, role: Role) -> Asker:
        """Somebody with a role on the whole platform."""

        async def appear(journal: Journal) -> UUID:
            account = await accounts.create(
                journal, username=username(role), name="Dewi", password_hash="-", platform_role=role
            )
            return account.id

        account_id = await self.context.database.write(PLATFORM_REF, SYSTEM, appear)
        tokens = await self.context.sign_in.new_session(account_id, 1)
        return Asker(self._http, "", tokens.access_token, account_id)

    async def mall(
        self, *, at: str | None = None, time_zone: str | None = None, hours: list[Json] | None = None
    ) -> Mall:
        """A mall that is open at any hour unless hours are given; `at` sets its local time before it begins."""
        time_zone = time_zone or (ZONES[0] if at else far_from_midnight())
        admin = await self.admin()
        slug = f"mall-{os.getpid()}-{next(numbers)}"
        await admin.does(
            "//v1/malls",
            {
                "slug": slug,
                "name": names("Riverside"),
                "region": "Kota",
                "operator": "DPMPTSP",
                "time_zone": time_zone,
                "hours": ALWAYS if hours is None else hours,
            },
        )
        ref = await self.context.malls.named(slug)
        # a mall's public has an address of its own: guesses are counted by address
        mall = Mall(self._app, self._http, ref, self.from_address(f"198.18.{ref.id // 256}.{ref.id % 256}").http)
        if at:
            mall.set_time(at)
        await mall.furnish()
        return mall


def far_from_midnight() -> str:
    """A zone in which no midnight falls into a test that runs now."""
    for zone in ZONES:
        now = datetime.now(tz=ZoneInfo(zone))  # noqa: TID251  # where it is midnight is a question to the real clock
        if timedelta(minutes=30) <= timedelta(hours=now.hour, minutes=now.minute) <= timedelta(hours=23, minutes=30):
            return zone
    raise AssertionError
