"""One agency's day: its visitors come, its counters call, serve, rest and close."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any

from app.demo.asking import Json, PatientAsker, Refused
from app.demo.day import BREAK_MINUTES, Errand, Fate, Hours, Visitor, Way

STRANGER_MINUTES = 8
"""How long somebody is served whom the plan does not know: a newcomer who tries the demo."""
BACK_MINUTES = 3
"""How long it takes once the paper is there."""


@dataclass
class Told:
    """What has happened so far."""

    tickets: dict[str, str] = field(default_factory=dict)
    """The numbers given, by ticket id."""
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What the program said no to, and with which code."""
    lately: str = ""
    """The last thing to look at, without a name."""


class Stand(Enum):
    """How a counter stands."""

    OPEN = auto()
    RESTING = auto()
    SHUT = auto()


@dataclass
class Desk:
    """A counter with its officer."""

    id: str
    code: str
    officer: PatientAsker
    break_at: int
    stand: Stand = Stand.OPEN
    rested: bool = False
    closed_for_a_while: bool = False
    """Whoever is there is served; nobody is called until that ends."""
    ticket: Json | None = None
    until: int = 0
    held: dict[str, int] = field(default_factory=dict)
    """When who is on hold comes back, by ticket id."""


@dataclass
class Agency:
    """An agency of the mall on this day. What it does, it does one after the other."""

    code: str
    id: str
    hours: Hours
    services: dict[str, Json]
    public: PatientAsker
    kiosk: PatientAsker
    told: Told
    others: Mapping[str, "Agency"]
    """All agencies of the day, by code."""
    desks: list[Desk] = field(default_factory=list)
    interrupted: bool = False

    def __post_init__(self) -> None:
        self._coming = list(reversed(self.hours.visitors))
        self._known: dict[str, Visitor] = {}
        self._again: set[str] = set()
        self._leaving: dict[str, tuple[int, str]] = {}
        self._reporting: dict[str, int] = {}
        self._hopeful = True
        """Whether somebody may wait: an idle counter calls nobody for as long as it knows of nobody."""

    def look_at(self, waiting: Mapping[str, int]) -> None:
        """See on the board whether somebody waits whom the plan does not know; how many wait, by service id."""
        self._hopeful = self._hopeful or any(waiting.get(each["id"]) for each in self.services.values())

    async def minute(self, minute: int) -> None:
        """What happens in this minute: some come, some give up, some report back, and the counters go on."""
        while self._coming and self._coming[-1].minute <= minute:
            await self._tell("issue", self._arrive(self._coming.pop()))
        for ticket_id, (at, claim_code) in list(self._leaving.items()):
            if at <= minute:
                del self._leaving[ticket_id]
                await self._tell("give up", self._give_up(claim_code))
        for ticket_id, at in list(self._reporting.items()):
            if at <= minute:
                del self._reporting[ticket_id]
                await self._tell("report back", self._return(self.desks[0], ticket_id))
        for desk in self.desks:
            if desk.stand is not Stand.SHUT and not await self._tell(desk.code, self._advance(desk, minute)):
                await self._look(desk, minute)

    def interrupt(self) -> None:
        """The agency is out of force: who waited was cancelled, and the counters closed, save for those amid work."""
        self.interrupted = True
        self._leaving.clear()
        self._reporting.clear()
        for desk in self.desks:
            desk.held.clear()
            if desk.ticket is None:
                desk.stand = Stand.SHUT

    async def _tell(self, what: str, doing: Any) -> bool:  # noqa: ANN401  # one of the coroutines below
        """Do it, or note why not."""
        try:
            await doing
        except Refused as refused:
            self.told.refused[what, refused.code] += 1
            return False
        return True

    async def _arrive(self, visitor: Visitor) -> None:
        if visitor.errand and visitor.errand.agency in self.others:
            await self._plan(visitor, visitor.errand)
            return
        ticket = await self._take(visitor, None)
        if visitor.fate is Fate.GIVES_UP:
            self._leaving[ticket["id"]] = (visitor.minute + visitor.away, ticket["claim_code"])
        if visitor.also not in (None, visitor.service):  # one visitor has one place a service
            await self._take(replace(visitor, service=visitor.also, fate=Fate.SERVED), ticket["visit_id"])

    async def _plan(self, visitor: Visitor, errand: Errand) -> None:
        """Take both numbers at once, here and at the other agency."""
        other = self.others[errand.agency]
        body = {
            "service_ids": [self.services[visitor.service]["id"], other.services[errand.service]["id"]],
            "in_order": errand.in_order,
            "priority_class": visitor.priority,
            "access_needs": visitor.access_needs,
        }
        visit = await self.kiosk.does("/visits", body)
        here, there = visit["tickets"]
        self._expect(here, visitor)
        other._expect(there, replace(visitor, service=errand.service, handling=errand.handling))  # noqa: SLF001  # its like
        self.told.done["visit"] += 1
        self.told.lately = f"{here['number']} + {there['number']}"

    def _expect(self, ticket: Json, visitor: Visitor) -> None:
        """Know who holds a ticket of the agency."""
        self._known[ticket["id"]], self._hopeful = visitor, True
        self.told.tickets[ticket["id"]] = ticket["number"]
        self.told.done[f"by {visitor.way}"] += 1

    async def _take(self, visitor: Visitor, visit_id: str | None) -> Json:
        body = {
            "service_id": self.services[visitor.service]["id"],
            "channel": "kiosk",
            "priority_class": visitor.priority,
            "access_needs": visitor.access_needs,
            "visit_id": visit_id,
        }
        at_desk = visitor.way is Way.DESK and self.desks
        asker = self.desks[0].officer if at_desk else self.kiosk
        ticket = None
        if visitor.way is Way.WEB:
            ticket = await self._by_web(body)
        ticket = ticket or await asker.does("/tickets", body)
        self._expect(ticket, visitor)
        return ticket

    async def _by_web(self, body: Json) -> Json | None:
        """A number by the web; None where this address has taken too many lately: then the kiosk gives one."""
        try:
            return await self.public.does("/tickets", {**body, "channel": "web"}, patient=False)
        except Refused as refused:
            if refused.code != "rate_limited":
                raise
            return None

    async def _give_up(self, claim_code: str) -> None:
        await self.public.does(f"/claims/{claim_code}/cancellation")
        self.told.done["given up"] += 1

    async def _advance(self, desk: Desk, minute: int) -> None:
        if desk.stand is Stand.RESTING:
            if minute < desk.break_at:
                return
            await desk.officer.does(f"/counters/{desk.id}/resumption")
            desk.stand = Stand.OPEN
        if desk.ticket and desk.ticket["status"] == "called":
            await self._receive(desk, desk.ticket, minute)
        elif desk.ticket and minute >= desk.until:
            await self._settle(desk, desk.ticket, minute)
        if desk.ticket is None:
            await self._go_on(desk, minute)

    async def _receive(self, desk: Desk, ticket: Json, minute: int) -> None:
        """Begin to serve who comes; call who does not come again, and then no more."""
        visitor = self._known.get(ticket["id"])
        again = ticket["id"] in self._again
        if visitor and visitor.fate in (Fate.ABSENT, Fate.LATE) and not again:
            if ticket["call_count"] < self._calls_of(ticket):
                desk.ticket = await self._verb(desk, ticket, "recall")
                return
            await self._verb(desk, ticket, "no-show")
            desk.ticket = None
            if visitor.fate is Fate.LATE and not self.interrupted:
                self._reporting[ticket["id"]] = minute + visitor.away
            return
        desk.ticket = await self._verb(desk, ticket, "start")
        shortly = again and visitor and visitor.fate is not Fate.LATE
        desk.until = minute + (BACK_MINUTES if shortly else visitor.handling if visitor else STRANGER_MINUTES)

    async def _settle(self, desk: Desk, ticket: Json, minute: int) -> None:
        """The time is over: done, or a paper is missing."""
        visitor = self._known.get(ticket["id"])
        fate = Fate.SERVED if visitor is None or ticket["id"] in self._again or self.interrupted else visitor.fate
        if visitor and fate is Fate.FETCHES:
            await self._verb(desk, ticket, "hold")
            self._again.add(ticket["id"])
            desk.held[ticket["id"]] = minute + visitor.away
        elif fate is Fate.FORGOT:
            await self._return(desk, ticket["id"])
        elif visitor and fate is Fate.SENT_ON and (other := self._other_than(visitor)):
            await self._transfer(desk, ticket["id"], other)
        else:
            await self._verb(desk, ticket, "completion")
        desk.ticket = None

    async def _return(self, desk: Desk, ticket_id: str) -> None:
        self._again.add(ticket_id)
        await desk.officer.does(f"/tickets/{ticket_id}/return", {"place": "later"})
        self.told.done["return"] += 1
        self._hopeful = True

    def _other_than(self, visitor: Visitor) -> Json | None:
        """A service of the agency for which the visitor has no number."""
        return next((each for code, each in self.services.items() if code not in (visitor.service, visitor.also)), None)

    async def _transfer(self, desk: Desk, ticket_id: str, service: Json) -> None:
        self._again.add(ticket_id)
        await desk.officer.does(f"/tickets/{ticket_id}/transfer", {"service_id": service["id"]})
        self.told.done["transfer"] += 1
        self._hopeful = True

    async def _go_on(self, desk: Desk, minute: int) -> None:
        """The counter is free: it closes, rests, takes who is back with the paper, or calls the next."""
        if desk.closed_for_a_while:
            return
        back = [ticket_id for ticket_id, at in desk.held.items() if at <= minute]
        if self.interrupted:
            desk.stand = Stand.SHUT
        elif back:
            await self._call(desk, back[0])
        elif minute >= self.hours.closes:
            if not desk.held:
                await desk.officer.does(f"/counters/{desk.id}/closing")
                desk.stand = Stand.SHUT
        elif minute >= desk.break_at and not desk.rested:
            await desk.officer.does(f"/counters/{desk.id}/break")
            desk.stand, desk.rested, desk.break_at = Stand.RESTING, True, minute + BREAK_MINUTES
            self.told.done["break"] += 1
        elif self._hopeful:
            await self._call(desk, None)

    async def _call(self, desk: Desk, ticket_id: str | None) -> None:
        try:
            desk.ticket = await desk.officer.does(f"/counters/{desk.id}/calls", {"ticket_id": ticket_id})
        except Refused as refused:
            if refused.code in ("nobody_waiting", "waiting_elsewhere"):
                self._hopeful = False
            elif refused.code != "visit_busy":  # called elsewhere with another ticket: later, then
                desk.held.pop(ticket_id or "", None)
                raise
            return
        desk.held.pop(ticket_id or "", None)
        self._leaving.pop(desk.ticket["id"], None)
        self.told.done["call"] += 1
        self.told.lately = f"{desk.ticket['number']} -> {desk.code}"

    async def _verb(self, desk: Desk, ticket: Json, verb: str) -> Json:
        done = await desk.officer.does(f"/tickets/{ticket['id']}/{verb}")
        self.told.done[verb] += 1
        return done

    async def _look(self, desk: Desk, minute: int) -> None:
        """Something was not as expected: somebody else was here. See how the counter stands now."""
        counter = await desk.officer.sees(f"/counters/{desk.id}")
        stands = {"closed": Stand.SHUT, "on_break": Stand.RESTING}
        desk.stand, desk.ticket, desk.until = stands.get(counter["status"], Stand.OPEN), counter["ticket"], minute

    def _calls_of(self, ticket: Json) -> int:
        services = {each["id"]: each for each in self.services.values()}
        calls: int = services[ticket["service_id"]]["no_show_calls"]
        return calls
