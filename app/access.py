"""Who is asking, and the doors: a row by its id, for someone. What is not yours looks like what is not there."""

from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from app import models
from app.domain.agencies import AgencyRetired
from app.domain.devices import DeviceKind
from app.domain.errors import Forbidden, NotThere, PreconditionFailed, Unauthenticated, UnknownReference
from app.domain.roles import TABLE, Anyone, Permission, Reach, Role, RoleBinding
from app.journal import Reading
from app.models.base import Versioned

Owned = TypeVar("Owned", bound=models.Base)
OfAgency = InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]


@dataclass(frozen=True)
class Caller:
    """Whoever sent the request, with every part it plays."""

    kind: str
    """`public`, `account`, `device` or `client`; `system` for what the program does by itself."""
    id: UUID | None
    grants: tuple[RoleBinding, ...] = field(default=(RoleBinding(Anyone.PUBLIC),))
    username: str | None = None

    @property
    def key(self) -> str:
        """The caller as idempotency and limits know it."""
        return f"{self.kind}:{self.id or ''}"

    @property
    def actor(self) -> dict[str, str | None]:
        """The caller as the journal knows it."""
        return {"kind": self.kind, "id": str(self.id) if self.id else None}

    def must(self, verb: Permission, mall_id: int | None) -> None:
        """Raise unless some part of the caller may do this here."""
        self.agencies(verb, mall_id)

    def must_be(self, account_id: UUID) -> None:
        """Raise unless this account itself is asking."""
        if self.kind != "account" or self.id != account_id:
            raise Forbidden

    def agencies(self, verb: Permission, mall_id: int | None) -> frozenset[UUID] | None:
        """The agencies for which the caller may do this; None is all of the mall.

        Raises Unauthenticated (nobody known may not), Forbidden (the role never may) or NotThere (another mall's).
        """
        cells = [(grant, TABLE[verb][grant.part]) for grant in self.grants if grant.part in TABLE[verb]]
        if not cells:
            raise Unauthenticated if self.kind == "public" else Forbidden
        here = [(grant, reach) for grant, reach in cells if grant.mall_id in (None, mall_id)]
        if not here and mall_id is not None:
            raise NotThere(thing="mall")
        if any(reach is Reach.ALL for _, reach in here):
            return None
        return frozenset(grant.agency_id for grant, _ in here if grant.agency_id)

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


SYSTEM = Caller("system", None, ())


def visible(caller: Caller, permission: Permission, reading: Reading, owner: OfAgency) -> list[ColumnElement[bool]]:
    """The conditions that leave the rows of agencies for which the caller may do this.

    `owner` is the column that names a row's agency. Raises Unauthenticated, Forbidden or NotThere.
    """
    agencies = caller.agencies(permission, reading.mall_id)
    return [] if agencies is None else [owner.in_(agencies)]


async def is_taken(reading: Reading, table: type[models.Base], **value: str) -> bool:
    """Whether a row of this mall has the value already: `is_taken(journal, models.Agency, code=code)`."""
    return await reading.session.scalar(reading.select(table).filter_by(**value).limit(1)) is not None


async def row(reading: Reading, kind: type[Owned], id_: UUID, thing: str) -> Owned:
    """A row of this mall by its id. Raises NotThere."""
    found = await reading.session.get(kind, (reading.mall_id, id_))
    if found is None:
        raise NotThere(thing=thing)
    return found


async def own(
    reading: Reading,
    by: Caller,
    verb: Permission,
    kind: type[Owned],
    id_: UUID,
    thing: str,
) -> Owned:
    """A row that belongs to an agency for which the caller may do this. Raises NotThere."""
    agencies = by.agencies(verb, reading.mall_id)
    found = await row(reading, kind, id_, thing)
    if agencies is not None and agency_of(found) not in agencies:
        raise NotThere(thing=thing)
    return found


async def agency_named(reading: Reading, agency_id: UUID) -> models.Agency:
    """The agency that a body names, for something to begin with it. Raises UnknownReference or AgencyRetired."""
    found = await reading.session.get(models.Agency, (reading.mall_id, agency_id))
    if found is None:
        raise UnknownReference(thing="agency", member="agency_id")
    if found.retired_on:
        raise AgencyRetired(retired_on=str(found.retired_on))
    return found


def agency_of(found: models.Base) -> UUID:
    """The agency that a row belongs to; an agency is its own."""
    owner: UUID = getattr(found, "id" if isinstance(found, models.Agency) else "agency_id")
    return owner


def must_match_version(found: Versioned, version: int) -> None:
    """An edit names the version it was made from. Raises PreconditionFailed."""
    if version != found.version:
        raise PreconditionFailed
