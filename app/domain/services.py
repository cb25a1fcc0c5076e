"""Services (*layanan*): what a citizen comes for, and whether one issues a ticket now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.domain.calendar import Opening, ServiceClosed
from app.domain.members import Membership, MembershipNotInForce
from app.domain.windows import OutsideWindow, Windows
from app.errors import Conflict, MallError, domain_error


class ServiceKind(StrEnum):
    """Goods, services and administrative services, as UU 25/2009 names them."""

    GOODS = "goods"
    SERVICE = "service"
    ADMINISTRATIVE = "administrative"


class GovernmentLevel(StrEnum):
    """Whose task the service is."""

    CENTRAL = "central"
    PROVINCIAL = "provincial"
    CITY = "city"
    NOT_GOVERNMENT = "not_government"


class ServiceScope(StrEnum):
    """Whether the mall does all of it; the scope note says where the rest is done."""

    WHOLE = "whole"
    PARTIAL = "partial"


class Channel(StrEnum):
    """How a visitor gets a ticket."""

    KIOSK = "kiosk"
    WEB = "web"
    PARTNER = "partner"
    APPOINTMENT = "appointment"


@domain_error
class ChannelNotAllowed(Conflict):
    """The service does not issue tickets on this channel."""

    pointer = "/channel"
    channel: Channel
    """The channel that was asked for."""


class QuotaOf(StrEnum):
    """Whose quota it is: the whole service's, or one channel's of it."""

    SERVICE = "service"
    CHANNEL = "channel"


@domain_error
class QuotaExhausted(Conflict):
    """All tickets of the day are issued, for the service or for the channel."""

    quota: int
    quota_of: QuotaOf
    """Whether it is the quota of the service or of the channel."""
    next_numbers_at: datetime | None
    """When the service gives numbers again: as it opens on its next day; null: not known, or the quota is none."""
    other_channels: list[Channel]
    """The channels of the service that still have numbers today."""


@domain_error
class NoCounter(Conflict):
    """None of the counters that serve the service is there today: they are retired, or have other weekdays.

    One that has had no counter yet issues tickets, but takes none from another service.
    """


@domain_error
class ServiceRetired(Conflict):
    """A retired service issues no tickets and is added to no counter."""

    retired_on: date


class Limit(NamedTuple):
    """A quota, and whose it is."""

    of: QuotaOf
    quota: int


@dataclass(frozen=True)
class Quotas:
    """Tickets a service gives a day, in all and by channel. None: no limit."""

    daily: int | None
    by_channel: Mapping[str, int]

    @property
    def limit(self) -> bool:
        """Whether there is one at all."""
        return self.daily is not None or bool(self.by_channel)

    def exhausted(self, issued: Mapping[str, int], channel: Channel) -> Limit | None:
        """The quota that stops one more ticket on this channel, if one does."""
        if self.daily is not None and sum(issued.values()) >= self.daily:
            return Limit(QuotaOf.SERVICE, self.daily)
        quota = self.by_channel.get(channel)
        return Limit(QuotaOf.CHANNEL, quota) if quota is not None and issued.get(channel, 0) >= quota else None

    def remaining(self, issued: Mapping[str, int], channel: Channel) -> int | None:
        """How many tickets are left on this channel today."""
        left = [] if self.daily is None else [self.daily - sum(issued.values())]
        if channel in self.by_channel:
            left.append(self.by_channel[channel] - issued.get(channel, 0))
        return max(0, min(left)) if left else None


@dataclass(frozen=True)
class Gate:
    """What decides whether a service is open at an instant, whatever the channel."""

    agency_id: UUID
    not_in_force: Membership | None
    """What the agency is instead of a member in force; None: it is in force."""
    is_attended: bool
    """False: none of the counters that serve it is there today."""
    retired_on: date | None
    opening: Opening

    def closed(self) -> MallError | None:
        """Why the service is closed, or None. The board, `/availability` and issuing ask here."""
        if self.retired_on:
            return ServiceRetired(retired_on=self.retired_on)
        if self.not_in_force:
            return MembershipNotInForce(agency_id=self.agency_id, membership=self.not_in_force)
        if not self.is_attended:
            return NoCounter()
        if not self.opening.is_open:
            return ServiceClosed(
                next_opening_at=self.opening.changes_at,
                reason=self.opening.reasons[0]["text"],
                reasons=self.opening.reasons,
            )
        return None


@dataclass(frozen=True)
class Offer:
    """All that decides whether a service gives a ticket on some channel at an instant."""

    gate: Gate
    channels: frozenset[str]
    quotas: Quotas
    issued: Mapping[str, int]
    """Tickets given today, by channel."""
    next_day_opening: Callable[[], datetime | None]
    """When the service opens on its next day; asked only where today's numbers are used up."""
    windows: Windows | None = None
    """At which hours its channels give numbers; None: whenever it is open."""

    def others(self, channel: Channel) -> list[Channel]:
        """The other channels that still have numbers; appointments have slots instead."""
        return [
            each
            for each in Channel
            if each in self.channels - {channel, Channel.APPOINTMENT} and self.quotas.remaining(self.issued, each) != 0
        ]


def refusal(offer: Offer, channel: Channel) -> MallError | None:
    """Why no ticket is issued, or None. Issuing and `/availability` ask the same question here."""
    if offer.gate.retired_on is None and channel not in offer.channels:
        return ChannelNotAllowed(channel=channel)
    if closed := offer.gate.closed():
        return closed
    if offer.windows and (shut := offer.windows.shut(channel)):
        return shut
    if limit := offer.quotas.exhausted(offer.issued, channel):
        return QuotaExhausted(
            quota=limit.quota,
            quota_of=limit.of,
            next_numbers_at=offer.next_day_opening() if limit.quota else None,
            other_channels=offer.others(channel),
        )
    return None


def next_opening_at(opening: Opening, refused: MallError | None) -> datetime | None:
    """When a service gives numbers again that gives none because of the hour; None: it is open, or it is not known."""
    if isinstance(refused, OutsideWindow):
        return refused.next_opening_at
    return None if opening.is_open else opening.changes_at


def soonest(instants: list[datetime | None]) -> datetime | None:
    """The first of the instants that are known."""
    return min((each for each in instants if each), default=None)
