"""Whatever is done in a mall, in any order: what must always hold, holds after every act."""

from anyio.to_thread import run_sync
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.given import Given
from tests.journeys.any_day import AnyDay

BOUNDED = settings(
    max_examples=8,
    stateful_step_count=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
"""The same days in every run."""


async def test_whatever_is_done_what_must_always_hold_holds_after_every_act(given: Given) -> None:
    class Day(AnyDay):
        pass

    Day.given = given
    await run_sync(lambda: run_state_machine_as_test(Day, settings=BOUNDED))
