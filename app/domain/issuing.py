"""On which channel who issues tickets."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.callers import Caller
from app.domain.devices import DeviceKind
from app.domain.errors import Forbidden
from app.domain.roles import Anyone, Part, Role, Scope
from app.domain.services import Channel
from app.domain.visitors import PhoneRequired, ShownPhone
from app.errors import Conflict, Invalid, domain_error

OFFICE = (Role.OFFICER, Role.AGENCY_MANAGER, Role.MALL_MANAGER)
CHANNEL_OF: Mapping[Part, Channel] = {
    Anyone.PUBLIC: Channel.WEB,
    DeviceKind.KIOSK: Channel.KIOSK,
    **dict.fromkeys(OFFICE, Channel.KIOSK),
    Scope.TICKETS_WRITE: Channel.PARTNER,
}
"""A desk gives paper tickets, so it is a kiosk's."""


@domain_error
class ChannelNotYours(Invalid):
    """Each caller issues on a channel of its own."""

    pointer = "/channel"
    channel: Channel
    allowed: Channel
    """The channel on which the caller issues; it may be left out."""


@domain_error
class TooManyWaiting(Conflict):
    """So many tickets taken without credentials from one address wait already; cancelling one makes room."""

    limit: int
    """How many may wait at once."""


@dataclass(frozen=True)
class WebVisitor:
    """Somebody without credentials, of whom only the address is known, and a phone if they have proven one."""

    address_mark: bytes
    """Which address, without naming it (`security.secrets.address_mark`)."""
    most_waiting: int
    """How many tickets from there may wait at once."""
    phone: ShownPhone | None = None
    """The phone that they name as theirs."""

    def must_own_phone(self) -> None:
        """Raise PhoneNotProven or PhoneCodeInvalid, where they name a phone."""
        if self.phone:
            self.phone.must_be_theirs()

    def phone_mark(self, *, required: bool) -> bytes | None:
        """The mark of the phone that is theirs; None: they name none.

        Raises PhoneNotProven, PhoneCodeInvalid, or PhoneRequired where there must be one.
        """
        self.must_own_phone()
        if self.phone is None and required:
            raise PhoneRequired
        return self.phone.mark if self.phone else None

    def must_have_room(self, waiting: int) -> None:
        """Raise TooManyWaiting where so many wait already."""
        if waiting >= self.most_waiting:
            raise TooManyWaiting(limit=self.most_waiting)


def own_channel(caller: Caller, mall_id: int) -> Channel | None:
    """The channel on which the caller issues in the mall; None: it issues none."""
    parts = (grant.part for grant in caller.grants if grant.mall_id in (None, mall_id))
    return next((CHANNEL_OF[part] for part in parts if part in CHANNEL_OF), None)


def channel_for(caller: Caller, mall_id: int, wanted: Channel | None) -> Channel:
    """The channel on which a ticket is issued: the caller's own. Raises ChannelNotYours where another one is wanted."""
    own = own_channel(caller, mall_id)
    if own is None:
        raise Forbidden(required=tuple(CHANNEL_OF))
    if wanted not in (None, own):
        raise ChannelNotYours(channel=wanted, allowed=own)
    return own
