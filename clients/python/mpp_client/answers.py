"""What an operation answers: what was asked for, or a problem with its code and facts; and lists, page by page."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from mpp_client.generated.types import UNSET, Unset

T = TypeVar("T")
Item_co = TypeVar("Item_co", covariant=True)


class Refused(Exception):
    """The operation was refused; `problem` is what the program said."""

    def __init__(self, problem: object) -> None:
        super().__init__(f"{getattr(problem, 'code', 'no answer')}: {getattr(problem, 'detail', problem)}")
        self.problem = problem


class Page(Protocol[Item_co]):
    """A part of a list."""

    @property
    def data(self) -> Sequence[Item_co]:
        """Its items."""

    @property
    def next_cursor(self) -> str | None:
        """Where the next part begins; None: this was the last."""


def must(kind: type[T], answer: object) -> T:
    """What was asked for. Raises Refused where it was refused."""
    if not isinstance(answer, kind):
        raise Refused(answer)
    return answer


def every(kind: type[Page[Item_co]], ask: Callable[[str | Unset], object]) -> Iterator[Item_co]:
    """Every item of a list: `every(CounterPage, lambda cursor: list_counters.sync(mall, client=…, cursor=cursor))`."""
    cursor: str | Unset | None = UNSET
    while cursor is not None:
        page = must(kind, ask(cursor))
        yield from page.data
        cursor = page.next_cursor
