"""Any day of a mall: whatever officers, kiosks, visitors and managers do, and what must hold after each act.

Hypothesis picks the acts, and finds few that show a fault. It runs in a thread of its own; what it asks is asked in the
loop of the tests.
"""

import json
from collections import Counter
from collections.abc import Coroutine, Iterable
from datetime import timedelta
from itertools import pairwise
from typing import Any, ClassVar, TypeVar

import httpx
from anyio.from_thread import run
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from app import models
from app.domain.callers import PUBLIC, SYSTEM
from app.domain.statistics import LiveDays
from app.queries.counters import queue_at
from app.queries.tickets import by_claim, own_view
from app.schemas.counters import CounterQueue
from app.schemas.tickets import OwnTicket
from app.security.secrets import claim_hash
from tests.given import Agency, Asker, Given, Json, Mall, must_show
from tests.given.agreements import signature
from tests.lively_day import must_say_the_same, what_is_known_must_be_what_is_read

T = TypeVar("T")
ACTIVE = ("called", "serving")
OPEN = ("waiting", *ACTIVE, "on_hold")
NO_PLACE = ("visitor", "not_printed")
"""Who has ended a ticket so that its place in the quota is given again."""
QUOTA = 6
ANYBODY = some.integers(0, 50)
"""One of those who are there, whoever many that are."""
VERBS = {
    "called": ("start", "start", "start", "recall", "no-show", "return", "cancellation"),
    "serving": ("completion", "completion", "hold", "return", "cancellation"),
    "on_hold": ("return", "cancellation"),
    "no_show": ("return",),
}
"""What may be done with a ticket in each state. That the rest is refused, `tests/domain/test_lifecycles.py` shows."""
THEN = some.sampled_from(["serve", "cancel"])
PHONES = some.sampled_from([None, "0812-3456-7890", "0812-3456-7891"])
PLACES = (None, "old_place", "later", "first")


def asked(answer: Coroutine[Any, Any, T]) -> T:
    """What is answered in the loop of the tests."""

    async def wait() -> T:
        return await answer

    return run(wait)


def only_one_each(things: Iterable[object], what: str) -> None:
    """Insist that nothing is there twice."""
    twice = [thing for thing, number in Counter(things).items() if number > 1]
    assert not twice, f"{what}: {twice}"


def _but_for_estimates(shown: Json) -> Json:
    """What is shown without the estimates: where they are counted from now, they change between two looks."""
    lists = {name: [_but_for_estimates(each) for each in shown.get(name, ())] for name in ("waiting", "on_hold")}
    return {**shown, **lists, "estimate": None}


class AnyDay(RuleBasedStateMachine):
    """A mall with two agencies: two services at three counters that share them, and one at a counter of its own."""

    given: ClassVar[Given]
    """Makes the malls, one an example."""
    mall: Mall

    @initialize()
    def the_mall_opens(self) -> None:
        asked(self._furnish())

    async def _furnish(self) -> None:
        self.mall = mall = await self.given.mall(at="2027-03-05T07:00")
        civil, tax = await mall.agency(services=0, counters=0), await mall.agency("TAX")
        early = {
            "head_start_minutes": {"elderly": 20},
            "priority_calls_in_a_row": 2,
            "no_show_calls": 1,
            "no_shows_before_block": 1,
        }
        strict = {**early, "no_shows_before_block": 1, "daily_quota": QUOTA}
        one, other = [await mall.service(civil, code, **strict) for code in ("KTP", "KK")]
        for served in ([one], [one, other], [other]):
            await mall.counter(civil, served)
        self.services = [one, other, tax.service]
        self.agencies: dict[str, Agency] = {**dict.fromkeys(civil.counters, civil), tax.counter: tax}
        self.counters = list(self.agencies)
        self.officers = {each: await mall.officer(agency) for each, agency in self.agencies.items()}
        self.visits: list[str] = []
        self.in_order: set[str] = set()
        self.claims: list[str] = []
        self.told: dict[str, int] = {}
        self.live = LiveDays()
        self.tickets: list[Json] = []
        for counter, officer in self.officers.items():
            await officer.does(f"/counters/{counter}/opening")
        for service in (one, other, one):  # three visitors, each with a ticket of the other agency, too
            ticket = await mall.kiosk.takes(service)
            also = await mall.kiosk.takes(tax.service, visit_id=ticket["visit_id"])
            self.visits.append(ticket["visit_id"])
            self.claims += [ticket["claim_code"], also["claim_code"]]

    def tries(self, path: str, json: Json | None = None, by: Asker | None = None) -> httpx.Response:
        """Ask for an act. It may be refused, and must not be a defect."""
        answer = asked((by or self.mall.manager).post(path, json))
        assert answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR, f"{path} {answer.text}"
        return answer

    def at_random(self, which: int, status: tuple[str, ...]) -> Json | None:
        """One of the tickets in such a state."""
        found = [each for each in self.tickets if each["status"] in status]
        return found[which % len(found)] if found else None

    def counter(self, which: int) -> str:
        return self.counters[which % len(self.counters)]

    # what happens

    @rule(which=ANYBODY, web=some.booleans(), elderly=some.booleans(), more=some.booleans(), phone=PHONES)
    def a_visitor_comes(self, which: int, *, web: bool, elderly: bool, more: bool, phone: str | None) -> None:
        """Somebody takes a number, for one more service of the same trip perhaps."""
        service = self.services[which % len(self.services)]
        visit = self.visits[which % len(self.visits)] if more and self.visits else None
        asker, how = (self.mall.public if web else self.mall.kiosk), "elderly" if elderly else "none"
        phone = None if web else phone
        answer = asked(asker.issue(service, visit_id=visit, priority_class=how, phone=phone))
        if answer.is_success:
            ticket = answer.json()
            self.visits.append(ticket["visit_id"])
            self.claims.append(ticket["claim_code"])
            self.told = {ticket["id"]: ticket["position"]}
            issued = [each for each in self.tickets if each["closed_by"] not in NO_PLACE]
            taken = sum(self.issued_for[each["id"]] == service for each in issued)
            assert taken < QUOTA or service == self.services[2], "a place beyond the quota"
        else:
            assert answer.json()["code"] in self.refusals, answer.text

    @rule(first=ANYBODY, second=ANYBODY, web=some.booleans(), in_order=some.booleans())
    def a_visitor_plans_a_visit(self, first: int, second: int, *, web: bool, in_order: bool) -> None:
        """Somebody takes a number for each of two services, or gets none of them."""
        one = self.services[first % len(self.services)]
        other = next(each for each in self.services[second % 2 :] if each != one)
        answer = asked((self.mall.public if web else self.mall.kiosk).plan(one, other, in_order=in_order))
        if answer.is_success:
            visit = answer.json()
            self.visits.append(visit["id"])
            self.in_order |= {visit["id"]} if in_order else set()
            self.claims += [each["claim_code"] for each in visit["tickets"]]
            self.told = {each["id"]: each["position"] for each in visit["tickets"]}
        else:
            assert answer.json()["code"] in self.refusals, answer.text
            assert answer.json()["errors"][0]["pointer"] in ("/service_ids/0", "/service_ids/1")

    refusals = ("quota_exhausted", "already_waiting", "membership_not_in_force", "service_closed", "no_counter")

    def a_counter_calls(self, which: int) -> None:
        """It takes whom its screen says is next; it says who is missing where nobody is."""
        counter = self.counter(which)
        screen = asked(self.mall.manager.sees(f"/counters/{counter}/queue"))
        answer = self.tries(f"/counters/{counter}/calls", by=self.officers[counter])
        if answer.is_success:
            must_show(answer.json(), id=screen["next_ticket_id"])
            return
        match answer.json()["code"]:
            case "nobody_waiting":
                must_show(screen, waiting_count=0, elsewhere_count=0)
            case "waiting_elsewhere":
                must_show(screen, waiting_count=0, elsewhere_count=answer.json()["waiting"])
            case "counter_busy":
                must_show(screen["ticket"], id=answer.json()["ticket_id"])
            case code:
                assert code == "counter_not_open", answer.text

    @rule(which=ANYBODY, who=ANYBODY)
    def a_counter_calls_one_by_name(self, which: int, who: int) -> None:
        if ticket := self.at_random(who, ("waiting", "on_hold")):
            counter = self.counter(which)
            self.tries(f"/counters/{counter}/calls", {"ticket_id": ticket["id"]}, self.officers[counter])

    @rule(who=ANYBODY, verb=some.integers(0, 6), place=some.sampled_from(PLACES))
    def a_ticket_is_handled(self, who: int, verb: int, place: str | None) -> None:
        if ticket := self.at_random(who, tuple(VERBS)):
            verbs = VERBS[ticket["status"]]
            wanted = verbs[verb % len(verbs)]
            done = self.tries(f"/tickets/{ticket['id']}/{wanted}", {"place": place} if wanted == "return" else None)
            assert done.is_success or done.json()["code"] in self.stopped, done.text

    stopped = ("already_waiting", "queue_stopped", "not_your_counter", "no_show_too_early")
    """Why the visitor does not come back, or not be given up."""

    @rule(which=ANYBODY, verb=some.integers(0, 6))
    def a_counter_works(self, which: int, verb: int) -> None:
        """It calls whom it has not, and goes on with whom it has."""
        here = [each for each in self.tickets if each["status"] in ACTIVE]
        if not any(each["counter_id"] == self.counter(which) for each in here):
            self.a_counter_calls(which)
        else:
            [ticket] = [each for each in here if each["counter_id"] == self.counter(which)]
            verbs = VERBS[ticket["status"]]
            self.tries(f"/tickets/{ticket['id']}/{verbs[verb % len(verbs)]}", by=self.officers[self.counter(which)])

    @rule(who=ANYBODY, which=ANYBODY, keep=some.booleans())
    def a_ticket_goes_on_to_another_service(self, who: int, which: int, *, keep: bool) -> None:
        if ticket := self.at_random(who, OPEN):
            body = {"service_id": self.services[which % len(self.services)], "keep_arrival": keep}
            self.tries(f"/tickets/{ticket['id']}/transfer", body)

    @rule(who=ANYBODY)
    def a_visitor_goes(self, who: int) -> None:
        if self.claims:
            self.tries(f"/claims/{self.claims[who % len(self.claims)]}/cancellation", by=self.mall.public)

    @rule(who=ANYBODY, places=some.integers(1, 4))
    def a_visitor_lets_others_go_first(self, who: int, places: int) -> None:
        if self.claims:
            path = f"/claims/{self.claims[who % len(self.claims)]}/postponement"
            self.tries(path, {"places": places}, self.mall.public)

    @rule(which=ANYBODY, verb=some.sampled_from(["opening", "closing", "break", "resumption"]), force=some.booleans())
    def a_counter_opens_or_closes(self, which: int, verb: str, *, force: bool) -> None:
        body = {"force": force} if verb == "closing" else None
        by = self.mall.manager if verb == "closing" else self.officers[self.counter(which)]
        self.tries(f"/counters/{self.counter(which)}/{verb}", body, by)

    @rule(which=ANYBODY, wanted=some.integers(1, 3))
    def a_counter_serves_other_services(self, which: int, wanted: int) -> None:
        """Of the first agency's two, one or the other or both."""
        services = [each for bit, each in enumerate(self.services[:2]) if wanted & 1 << bit]
        asked(self.mall.manager.edits(f"/counters/{self.counters[which % 3]}", {"service_ids": services}))

    @rule(minutes=some.integers(1, 15))
    def time_passes(self, minutes: int) -> None:
        self.mall.pass_time(timedelta(minutes=minutes))

    @rule(which=ANYBODY, verb=some.sampled_from(["suspension", "reinstatement", "retirement"]), then=THEN)
    def something_stops_or_goes_on(self, which: int, verb: str, then: str) -> None:
        counter = self.counter(which)
        agreement = self.agencies[counter].agreement_id
        thing = f"/counters/{counter}" if verb == "retirement" else f"/agreements/{agreement}"
        self.tries(f"{thing}/{verb}", {} if verb == "reinstatement" else {"waiting_tickets": then})

    @rule(which=ANYBODY, start=some.sampled_from(["2020-01-01", "2099-01-01"]), then=THEN)
    def an_agreement_is_corrected(self, which: int, start: str, then: str) -> None:
        path = f"/agreements/{self.agencies[self.counter(which)].agreement_id}/correction"
        self.tries(path, {**signature(start), "waiting_tickets": then})

    # what must hold

    @invariant()
    def everything_holds(self) -> None:
        asked(self._look())
        self._numbers_are_unique_and_have_no_gaps()
        self._nobody_is_at_two_places()
        self._absences_are_the_no_shows_of_phones()
        self._each_ticket_is_a_chain()
        self._the_board_shows_the_tickets()
        self._positions_are_the_order_of_calling()

    async def _look(self) -> None:
        """Read all that there is, as the API shows it, and what it does not show."""
        mall = self.mall
        self.tickets = await mall.manager.all("/tickets")
        self.board = await mall.display.sees("/board")
        self.living = [set(each["service_ids"]) for each in await mall.manager.all("/counters")]
        self.retired = [set(each["service_ids"]) for each in await mall.manager.all("/counters", retired=True)]
        ticket, interval = models.Ticket, models.TicketInterval
        async with mall.database.reading(mall.ref) as reading:
            rows = await reading.session.scalars(select(ticket).where(ticket.mall_id == mall.ref.id))
            kept = {str(each.id): each for each in rows}
            found = await reading.session.scalars(
                select(interval).where(interval.mall_id == mall.ref.id).order_by(interval.started_at, interval.id)
            )
            self.stretches: dict[str, list[models.TicketInterval]] = {each: [] for each in kept}
            for each in found:
                self.stretches[str(each.ticket_id)].append(each)
        self.absent = {id_ for id_, each in kept.items() if each.absence_mark}
        self.with_phone = {id_ for id_, each in kept.items() if each.phone_mark}
        self.arrivals = {id_: each.effective_arrival for id_, each in kept.items()}
        self.issued_for = {id_: str(each.issued_service_id) for id_, each in kept.items()}
        self.ends = {id_: each.ended_at for id_, each in kept.items()}
        await self._what_is_kept_is_what_is_read_anew()
        await must_say_the_same(mall, self.live)
        await mall.database.write(mall.ref, SYSTEM, what_is_known_must_be_what_is_read)
        busy = {each["visit_id"] for each in self.tickets if each["status"] in ACTIVE}
        self.waiting = [each for each in self.tickets if each["status"] == "waiting"]
        self.callable = [each for each in self.waiting if each["visit_id"] not in busy and each["after_step"] is None]

    async def _what_is_kept_is_what_is_read_anew(self) -> None:
        """An officer's screen and a visitor's own ticket, which memory answers until something changes."""
        mall, counter, claim = self.mall, self.counters[1], self.claims[0]
        kept = await mall.manager.sees(f"/counters/{counter}/queue"), await mall.public.sees(f"/claims/{claim}")
        async with mall.database.reading(mall.ref, snapshot=True) as reading:
            screen = await queue_at(reading, await reading.session.get_one(models.Counter, (mall.ref.id, counter)), 20)
            ticket = await own_view(reading, PUBLIC, await by_claim(reading, claim_hash(claim)))
        anew = CounterQueue.model_validate(screen), OwnTicket.model_validate(ticket)
        moving = reading.changes_at and reading.changes_at <= reading.at
        for was, now in zip(kept, (json.loads(each.model_dump_json()) for each in anew), strict=True):
            assert (_but_for_estimates(was) == _but_for_estimates(now)) if moving else was == now

    def _numbers_are_unique_and_have_no_gaps(self) -> None:
        numbers = sorted(each["number"].split("-") for each in self.tickets)
        for prefix, total in Counter(prefix for prefix, _ in numbers).items():
            ordinals = [int(ordinal) for each, ordinal in numbers if each == prefix]
            assert ordinals == list(range(1, total + 1))

    def _nobody_is_at_two_places(self) -> None:
        active = [each for each in self.tickets if each["status"] in ACTIVE]
        for member in ("counter_id", "officer_id", "visit_id"):
            only_one_each([each[member] for each in active], member)
        places = [(each["visit_id"], each["service_id"]) for each in self.tickets if each["status"] in OPEN]
        only_one_each(places, "one place a service")

    def _absences_are_the_no_shows_of_phones(self) -> None:
        """At the services that count them, and no longer than they are no-shows."""
        counted = {each["id"] for each in self.tickets if each["service_id"] in self.services[:2]}
        absent = {each["id"] for each in self.tickets if each["status"] == "no_show"}
        assert self.absent == counted & absent & self.with_phone

    def _each_ticket_is_a_chain(self) -> None:
        """Every stretch begins where the one before ended; only an absent visitor may have been away between."""
        for ticket in self.tickets:
            stretches = self.stretches[ticket["id"]]
            for before, after in pairwise(stretches):
                assert before.outcome
                assert before.ended_at is not None
                joined = before.ended_at == after.started_at
                away = before.outcome == "mark_no_show" and before.ended_at < after.started_at
                assert joined or away, f"{ticket['number']}: {before.outcome}"
            last = stretches[-1]
            assert (last.outcome is None) is (ticket["status"] in OPEN)
            assert last.ended_at == self.ends[ticket["id"]]
            assert ticket["status"] not in OPEN or last.kind == ticket["status"]
            assert ticket["status"] not in OPEN or str(last.service_id) == ticket["service_id"]

    def _the_board_shows_the_tickets(self) -> None:
        shown = Counter({each["service_id"]: each["waiting"] for each in self.board["services"]})
        counted = Counter(each["service_id"] for each in self.callable)
        assert +shown == counted
        here = {(each["number"], each["status"]) for each in self.board["now_serving"]}
        assert here == {(each["number"], each["status"]) for each in self.tickets if each["status"] in ACTIVE}

    def _positions_are_the_order_of_calling(self) -> None:
        """Those retired today may still open for whom no other may call; the order is that of the living."""
        for ticket in self.waiting:
            service = ticket["service_id"]
            assert any(service in each for each in self.living + self.retired), (
                f"nobody can ever call {ticket['number']}"
            )
            together = {service}.union(*(each for each in self.living if service in each))
            own = self.arrivals[ticket["id"]]
            assert ticket["after_step"] == self._due_before(ticket)
            assert (ticket["position"] is None) is (ticket["after_step"] is not None)
            before = [each for each in self.callable if each["service_id"] in together]
            place = 1 + sum(self.arrivals[each["id"]] < own for each in before)
            assert ticket["position"] in (None, place)
            assert self.told.pop(ticket["id"], ticket["position"]) == ticket["position"], "told when it was issued"

    def _due_before(self, ticket: Json) -> int | None:
        """The first step of a ticket's visit that is not over, where that is before it and the visit is in order."""
        if ticket["visit_id"] not in self.in_order or ticket["visit_step"] is None:
            return None
        same = [each for each in self.tickets if each["visit_id"] == ticket["visit_id"] and each["status"] in OPEN]
        steps = [each["visit_step"] or ticket["visit_step"] for each in same]
        return min((each for each in steps if each < ticket["visit_step"]), default=None)

    def teardown(self) -> None:
        """Serve at every counter that opens until nobody is left; fail where somebody is left whom none can call."""
        if not hasattr(self, "mall"):
            return
        left = self._left()
        while left:
            for counter in self.counters:
                self.tries(f"/counters/{counter}/resumption", by=self.officers[counter])
                self.tries(f"/counters/{counter}/opening", by=self.officers[counter])
                for ticket in self._left():
                    self.tries(f"/counters/{counter}/calls", {"ticket_id": ticket["id"]})
                    self.tries(f"/tickets/{ticket['id']}/start")
                    self.tries(f"/tickets/{ticket['id']}/completion")
            before, left = left, self._left()
            assert len(left) < len(before), left

    def _left(self) -> list[Json]:
        return [each for each in asked(self.mall.manager.all("/tickets")) if each["status"] in OPEN]
