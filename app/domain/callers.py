"""Who acts: a person, a device, a partner's system, the public, or the program itself."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from app.domain.devices import DeviceKind
from app.domain.errors import Forbidden, NotThere, Unauthenticated
from app.domain.roles import TABLE, Anyone, Permission, Reach, Role, RoleBinding


class CallerKind(StrEnum):
    """What sort of caller it is."""

    PUBLIC = "public"
    ACCOUNT = "account"
    DEVICE = "device"
    CLIENT = "client"
    SYSTEM = "system"
    """What the program does by itself."""


@dataclass(frozen=True)
class Caller:
    """Whoever sent the request, with every part it plays."""

    kind: CallerKind
    id: UUID | None
    grants: tuple[RoleBinding, ...] = field(default=(RoleBinding(Anyone.PUBLIC),))
    username: str | None = None
    location_id: UUID | None = None
    """The building that a device stands in."""
    version: int | None = None
    """The version of an account's tokens when its caller was looked up."""
    only_in: int | None = None
    """The only mall whose grants are known here: what other malls have granted could not be read, or was not asked."""

    @property
    def key(self) -> str:
        """The caller as idempotency and limits know it."""
        return f"{self.kind}:{self.id or ''}"

    @property
    def actor(self) -> dict[str, str | None]:
        """The caller as the journal's entries name it."""
        return {"kind": self.kind, "id": str(self.id) if self.id else None}

    def must(self, verb: Permission, mall_id: int | None) -> None:
        """Raise unless some part of the caller may do this here."""
        self.agencies(verb, mall_id)

    def must_be(self, account_id: UUID) -> None:
        """Raise unless this account itself is asking."""
        if self.kind is not CallerKind.ACCOUNT or self.id != account_id:
            raise Forbidden(required=tuple(Role))

    def agencies(self, verb: Permission, mall_id: int | None) -> frozenset[UUID] | None:
        """The agencies for which the caller may do this; None is all of the mall.

        Raises Unauthenticated (nobody known may not), Forbidden (the role never may) or NotThere (another mall's).
        """
        cells = [(grant, TABLE[verb][grant.part]) for grant in self.grants if grant.part in TABLE[verb]]
        if not cells:
            raise Unauthenticated if self.kind is CallerKind.PUBLIC else Forbidden(required=tuple(TABLE[verb]))
        here = [(grant, reach) for grant, reach in cells if grant.mall_id in (None, mall_id)]
        if not here and mall_id is not None:
            raise NotThere(thing="mall")
        if any(reach is Reach.ALL for _, reach in here):
            return None
        return frozenset(grant.agency_id for grant, _ in here if grant.agency_id)

    def agencies_of_client(self) -> frozenset[UUID] | None:
        """The agency that a partner's system belongs to; None for everybody else."""
        if self.kind is not CallerKind.CLIENT:
            return None
        return frozenset(grant.agency_id for grant in self.grants if grant.agency_id)

    def may(self, verb: Permission, mall_id: int | None, agency_id: UUID) -> bool:
        """Whether the caller may do this for an agency of the mall."""
        try:
            agencies = self.agencies(verb, mall_id)
        except (Unauthenticated, Forbidden, NotThere):
            return False
        return agencies is None or agency_id in agencies

    def plays(self, part: Role | DeviceKind, mall_id: int) -> bool:
        """Whether it has this part in the mall."""
        return any(grant.part == part and grant.mall_id in (None, mall_id) for grant in self.grants)

    def may_manage(self, mall_id: int, agency_id: UUID) -> bool:
        """Whether it is the mall's manager, or the agency's."""
        return self.plays(Role.MALL_MANAGER, mall_id) or any(
            grant == RoleBinding(Role.AGENCY_MANAGER, mall_id, agency_id) for grant in self.grants
        )


PUBLIC = Caller(CallerKind.PUBLIC, None)
SYSTEM = Caller(CallerKind.SYSTEM, None, ())
