"""Fair calling, for any morning that can be made up: who waits is called in time, and when it was promised."""

from datetime import timedelta

from anyio.to_thread import run_sync
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as for_any
from hypothesis import strategies as some

from tests.given import Given, Json, Mall
from tests.journeys.any_day import asked

HEAD_STARTS = {"elderly": 20, "disability": 45}
CAP = 2
"""So many with priority are called one after another at a counter while others wait."""
COMES = some.tuples(some.sampled_from(["none", "none", *HEAD_STARTS]), some.integers(0, 20), some.integers(0, 1))
"""In which class, how many minutes after the one before, and whether the counter calls somebody then."""
MORNINGS = some.lists(COMES, min_size=5, max_size=12)
BOUNDED = settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


class Morning:
    """One counter, and those who come to it."""

    def __init__(self, mall: Mall) -> None:
        self.mall, self.minute = mall, 0
        self.waiting: list[Json] = []
        self.called: list[Json] = []
        self.calls_left: dict[str, int] = {}
        """How many more may be called up to each once nobody comes any more, as its position says."""

    async def opens(self) -> None:
        agency = await self.mall.agency(services=0)
        how = {"head_start_minutes": HEAD_STARTS, "priority_calls_in_a_row": CAP}
        self.service = await self.mall.service(agency, "KTP", **how)
        self.officer, self.counter = await self.mall.open_counter(agency, await self.mall.counter(agency))

    async def comes(self, priority_class: str, minutes: int) -> None:
        self.mall.pass_time(timedelta(minutes=minutes))
        self.minute += minutes
        ticket = await self.mall.kiosk.takes(self.service, priority_class=priority_class)
        counts = self.minute - HEAD_STARTS.get(priority_class, 0)
        self.waiting.append({**ticket, "counts": (counts, len(self.waiting) + len(self.called))})

    async def promises(self) -> None:
        self.calls_left = {
            each["id"]: (await self.mall.kiosk.sees(f"/tickets/{each['id']}"))["position"] for each in self.waiting
        }

    async def calls(self) -> None:
        """Call and serve the next; it must be who should be."""
        if not self.waiting:
            return
        called = await self.officer.calls(self.counter)
        await self.officer.handles(called, "start", "completion")
        [ticket] = [each for each in self.waiting if each["id"] == called["id"]]
        self._must_be_its_turn(ticket)
        self.waiting.remove(ticket)
        self.called.append({**ticket, "chosen": called["chosen"]})

    def _must_be_its_turn(self, ticket: Json) -> None:
        plain = [each for each in self.waiting if each["priority_class"] == "none"]
        before = [each["priority_class"] != "none" for each in self.called[-CAP:]]
        turn = plain and len(before) == CAP and all(before)
        line = sorted(plain if turn else self.waiting, key=lambda each: each["counts"])
        assert ticket is line[0], "first in line, and after so many with priority the first without"
        alike = [each for each in self.waiting if each["priority_class"] == ticket["priority_class"]]
        assert ticket is alike[0], "who came first of a class"

    def _must_keep_the_promise(self, first: int) -> None:
        """`first`: how many were called before the promise. With K in a row, one in K + 1 may pass."""
        for number, ticket in enumerate(self.called[first:], 1):
            position = self.calls_left[ticket["id"]]
            passed = 1 + position // CAP if ticket["priority_class"] != "none" else 0
            assert number <= position + passed, f"{ticket['number']} was promised {position}, and is {number}"

    async def ends(self) -> None:
        """Nobody comes any more: everybody is called, nobody later than was promised."""
        await self.promises()
        first = len(self.called)
        while self.waiting:
            await self.calls()
        self._must_keep_the_promise(first)


async def test_nobody_starves_alike_is_as_they_came_the_cap_and_what_was_promised_hold(given: Given) -> None:
    @BOUNDED
    @for_any(MORNINGS)
    def holds(comers: list[tuple[str, int, int]]) -> None:
        morning = Morning(asked(given.mall(at="2027-03-05T07:00")))
        asked(morning.opens())
        for priority_class, minutes, call in comers:
            asked(morning.comes(priority_class, minutes))
            if call:
                asked(morning.calls())
        asked(morning.ends())
        assert not morning.waiting, "everybody was called"

    await run_sync(holds)
