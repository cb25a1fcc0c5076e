"""Windows (*jam pengambilan nomor*): at which hours a service gives numbers on a channel, within its opening hours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from typing_extensions import TypedDict

from app.domain.calendar import Opening
from app.domain.hours import Span, minutes
from app.errors import Conflict, Invalid, domain_error

MOST_WINDOWS = 12
"""A day and channel."""
MOST_LOOKS = 60
"""So many openings are looked at for one that meets a window."""


class Window(TypedDict):
    """A stretch of every day, `HH:MM` in the mall's zone; `24:00` is the day's end."""

    opens: str
    closes: str


@domain_error
class WindowsInvalid(Invalid):
    """A window begins before it ends, and the windows of a channel do not overlap."""

    pointer = "/channel_windows"
    channel: str
    """The channel whose windows are wrong."""


@domain_error
class OutsideWindow(Conflict):
    """The service is open, but gives numbers on this channel at other hours only."""

    channel: str
    """The channel that was asked for."""
    next_opening_at: datetime | None
    """When numbers are given there again; null: not known."""


@dataclass(frozen=True)
class Windows:
    """The windows of a service's channels, seen at an instant."""

    by_channel: Mapping[str, Sequence[Window]]
    now: datetime
    """In the mall's zone."""
    opening_at: Callable[[datetime], Opening]
    """Whether the service is open at an instant, or when it opens next."""

    def shut(self, channel: str) -> OutsideWindow | None:
        """Why the channel gives no number now, or None. One without windows gives them whenever the service is open."""
        windows = self.by_channel.get(channel)
        if not windows or _next(windows, self.now) == self.now:
            return None
        return OutsideWindow(channel=channel, next_opening_at=self._next_opening(windows))

    def _next_opening(self, windows: Sequence[Window]) -> datetime | None:
        at = self.now
        for _ in range(MOST_LOOKS):
            at = _next(windows, at)
            opening = self.opening_at(at)
            if opening.is_open or opening.changes_at is None:
                return at if opening.is_open else None
            at = opening.changes_at.astimezone(at.tzinfo)
        return None


def must_be_windows(by_channel: Mapping[str, Sequence[Window]]) -> None:
    """Raise WindowsInvalid where one ends before it begins, or two overlap."""
    for channel, windows in by_channel.items():
        spans = _spans(windows)
        if any(each.starts >= each.ends for each in spans) or any(a.ends > b.starts for a, b in pairwise(spans)):
            raise WindowsInvalid(channel=channel)


def _spans(windows: Sequence[Window]) -> list[Span]:
    return sorted(Span(minutes(each["opens"]), minutes(each["closes"])) for each in windows)


def _next(windows: Sequence[Window], at: datetime) -> datetime:
    """The first instant from this one on that lies in a window: itself, where it does."""
    spans, minute = _spans(windows), at.hour * 60 + at.minute
    midnight = datetime.combine(at.date(), time(), at.tzinfo)
    for each in spans:
        if minute < each.ends:
            return at if each.starts <= minute else midnight + timedelta(minutes=each.starts)
    return midnight + timedelta(days=1, minutes=spans[0].starts)
