"""The doors: a row by its id, for someone. What is not yours looks like what is not there."""

from collections.abc import Container
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from app import models
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.errors import NotThere, PreconditionFailed, UnknownReference
from app.domain.roles import Permission
from app.journal import Reading
from app.models.base import Versioned

Owned = TypeVar("Owned", bound=models.Base)
ANY_VERSION = range(2**31)
"""What `If-Match: *` allows, and who edits without having looked."""
OfAgency = InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]


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
    caller: Caller,
    verb: Permission,
    kind: type[Owned],
    id_: UUID,
    thing: str,
) -> Owned:
    """A row that belongs to an agency for which the caller may do this. Raises NotThere."""
    agencies = caller.agencies(verb, reading.mall_id)
    found = await row(reading, kind, id_, thing)
    if agencies is not None and agency_of(found) not in agencies:
        raise NotThere(thing=thing)
    return found


async def must_be_there(reading: Reading, thing: str, kind: type[models.Base], id_: UUID | None) -> None:
    """Raise UnknownReference where a parameter names a thing that the mall does not have; None names nothing."""
    if id_ and await reading.get(kind, id_) is None:
        raise UnknownReference(thing=thing, member=f"#query/{thing}_id")


async def agency_named(reading: Reading, agency_id: UUID) -> models.Agency:
    """The agency that a body names, for something to begin with it. Raises UnknownReference or AgencyRetired."""
    found = await reading.session.get(models.Agency, (reading.mall_id, agency_id))
    if found is None:
        raise UnknownReference(thing="agency", member="agency_id")
    if found.retired_on:
        raise AgencyRetired(member="agency_id", retired_on=found.retired_on)
    return found


async def must_be_in_the_mall(reading: Reading, agency_id: UUID) -> None:
    """What has begun with an agency does not go on when it has retired. Raises AgencyRetired."""
    found = await row(reading, models.Agency, agency_id, "agency")
    if found.retired_on:
        raise AgencyRetired(member=None, retired_on=found.retired_on)


def agency_of(found: models.Base) -> UUID:
    """The agency that a row belongs to; an agency is its own."""
    owner: UUID = getattr(found, "id" if isinstance(found, models.Agency) else "agency_id")
    return owner


def must_match_version(found: Versioned | None, versions: Container[int]) -> None:
    """An edit names the version it was made from, 0 where there is none yet. Raises PreconditionFailed."""
    if (found.version if found else 0) not in versions:
        raise PreconditionFailed
