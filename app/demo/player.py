"""Plays a planned day over HTTP, minute by minute, with an officer at every counter.

What happens at a counter follows from what the program answers, so the day goes on beside whatever others do in the
mall meanwhile: their tickets are served too, and a counter that somebody else has open is left alone.
"""

import asyncio

import httpx

from app.demo.agency import Agency, Desk, Told
from app.demo.asking import Json, PatientAsker, Refused
from app.demo.day import BREAK_MINUTES, CLOSED, CLOSED_FROM, CLOSED_UNTIL, INTERRUPTED, NOON, Plan

REASON = "Contoh: sehari di mal"
"""Why the agency is suspended at noon; a run that finds it suspended so puts it back first."""
REPAIRS = {"id": "Contoh: printer loket diperbaiki", "en": "Example: the counter's printer is repaired"}
"""Why a counter is closed for a while; a run that finds it closed so ends that first."""
LOOK_EVERY = 10
"""Minutes after which idle agencies look at the board for somebody whom they do not know."""
AT_ONCE = 6
"""So many people are taken on at the same time: each needs a slow password hash."""


class Day:
    """A day being played."""

    def __init__(self, http: httpx.AsyncClient, mall: str, plan: Plan, told: Told | None = None) -> None:
        self.http, self.path, self.plan = http, f"/v1/malls/{mall}", plan
        self.told = told or Told()
        self.public = PatientAsker(http, self.path)
        self.manager: PatientAsker
        self.agencies: dict[str, Agency] = {}

    async def begin(self, username: str, password: str, kiosk_key: str, stop: asyncio.Event | None = None) -> None:
        """Sign in, clear away what a run that was killed has left, take the officers on, and open the counters."""
        self.manager = await PatientAsker.person(self.http, self.path, username, password)
        kiosk = PatientAsker(self.http, self.path, kiosk_key)
        await self._undo_ours()
        services: dict[str, dict[str, Json]] = {}
        for each in await self.public.all("/services"):
            services.setdefault(each["agency_id"], {})[each["code"]] = each
        counters = sorted(await self.manager.all("/counters"), key=lambda each: str(each["code"]))
        codes = {each["code"]: each["id"] for each in await self.public.all("/agencies")}
        for code, hours in self.plan.hours.items():
            if agency_id := codes.get(code):
                self.agencies[code] = Agency(
                    code, agency_id, hours, services.get(agency_id, {}), self.public, kiosk, self.told, self.agencies
                )
        by_id = {each.id: each for each in self.agencies.values()}
        gate = asyncio.Semaphore(AT_ONCE)

        async def man(place: int, counter: Json) -> None:
            async with gate:
                if counter["agency_id"] in by_id and not (stop and stop.is_set()):
                    await self._man(by_id[counter["agency_id"]], place, counter)

        await asyncio.gather(*(man(place, each) for place, each in enumerate(counters)))
        for agency in self.agencies.values():
            agency.desks.sort(key=lambda each: each.code)

    async def minute(self, minute: int) -> None:
        """All that happens in one minute of the day. Agencies do not wait for each other."""
        if minute == NOON:
            await self._suspend()
        if minute == CLOSED_FROM:
            await self._close_for_a_while()
        if minute == CLOSED_UNTIL:
            await self._end_closures()
        if minute % LOOK_EVERY == 0:
            board = await self.public.sees("/board")
            waiting = {each["service_id"]: each["waiting"] for each in board["services"]}
            for agency in self.agencies.values():
                agency.look_at(waiting)
        await asyncio.gather(*(each.minute(minute) for each in self.agencies.values()))

    async def tidy(self) -> None:
        """Leave no counter open, nobody half served, and no agency suspended that was not so before."""
        await asyncio.gather(*(self._close(desk) for each in self.agencies.values() for desk in each.desks))
        await self._undo_ours()

    async def _man(self, agency: Agency, place: int, counter: Json) -> None:
        """Take an officer on for the counter (or find the one of an earlier day), and open it."""
        username = f"petugas.hari.{counter['code'].lower()}"
        found = await self.manager.all("/staff", username=username)
        if found:
            officer = await self.manager.does(f"/staff/{found[0]['id']}/password-reset")
        else:
            wanted = {"username": username, "name": f"Petugas {counter['code']}", "role": "officer"}
            officer = await self.manager.does("/staff", {**wanted, "agency_id": agency.id})
        if counter["status"] != "closed":
            if counter["officer_id"] != officer["id"]:
                self.told.refused["open", "somebody_else_has_it"] += 1
                return
            await self.manager.does(f"/counters/{counter['id']}/closing", {"force": True})
        asker = await PatientAsker.person(self.http, self.path, username, officer["password"])
        try:
            await asker.does(f"/counters/{counter['id']}/opening")
        except Refused as refused:
            self.told.refused["open", refused.code] += 1
            return
        self.told.done["opened"] += 1
        break_at = NOON - BREAK_MINUTES + place % 3 * BREAK_MINUTES
        agency.desks.append(Desk(counter["id"], counter["code"], asker, break_at))

    async def _suspend(self) -> None:
        agency = self.agencies.get(INTERRUPTED)
        rows = await self.manager.all("/agreements", agency_id=agency.id, status="signed") if agency else []
        in_force = [each["id"] for each in rows if each["in_force"]]
        if agency is None or len(in_force) != 1:
            return
        body = {"waiting_tickets": "cancel", "reason": REASON}
        await self.manager.does(f"/agreements/{in_force[0]}/suspension", body)
        self.told.done["suspended"] += 1
        self.told.lately = f"{agency.code}: suspended"
        agency.interrupt()

    async def _close_for_a_while(self) -> None:
        """Close the last counter of an agency that has others; who waits is called there meanwhile."""
        desks = self.agencies[CLOSED].desks if CLOSED in self.agencies else []
        if len(desks) < 2:  # noqa: PLR2004  # no other
            return
        body = {"counter_id": desks[-1].id, "reason": REPAIRS, "waiting_tickets": "keep"}
        await self.manager.does("/closures", body)
        desks[-1].closed_for_a_while = True
        self.told.done["closed for a while"] += 1
        self.told.lately = f"{desks[-1].code}: closed for a while"

    async def _end_closures(self) -> None:
        for each in await self.manager.all("/closures"):
            if each["reason"] == REPAIRS and each["ended_at"] is None:
                await self.manager.does(f"/closures/{each['id']}/ending")
                self.told.done["opened again"] += 1
        for agency in self.agencies.values():
            for desk in agency.desks:
                desk.closed_for_a_while = False

    async def _undo_ours(self) -> None:
        await self._end_closures()
        await self._reinstate_ours()

    async def _reinstate_ours(self) -> None:
        for each in await self.manager.all("/agreements", status="suspended"):
            ours = [one for one in each["suspensions"] if one["reinstated_from"] is None and one["reason"] == REASON]
            if ours:
                await self.manager.does(f"/agreements/{each['id']}/reinstatement")
                self.told.done["reinstated"] += 1

    async def _close(self, desk: Desk) -> None:
        """As its officer closes it: the one in hand is served, who is on hold goes back to waiting."""
        try:
            counter = await self.manager.sees(f"/counters/{desk.id}")
            if counter["status"] == "closed":
                return
            if counter["ticket"] and counter["ticket"]["status"] == "serving":
                await desk.officer.does(f"/tickets/{counter['ticket']['id']}/completion")
            for ticket_id in desk.held:
                await desk.officer.does(f"/tickets/{ticket_id}/return")
            if (await self.manager.sees(f"/counters/{desk.id}"))["status"] != "closed":
                await desk.officer.does(f"/counters/{desk.id}/closing")
        except Refused as refused:
            self.told.refused["close", refused.code] += 1
            await self._force(desk)

    async def _force(self, desk: Desk) -> None:
        try:
            await self.manager.does(f"/counters/{desk.id}/closing", {"force": True})
        except Refused as refused:
            self.told.refused["force", refused.code] += 1
