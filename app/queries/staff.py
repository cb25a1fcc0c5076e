"""People with a role in the mall. Their names are for those who may read staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, exists, select, true
from sqlalchemy.sql import ColumnElement

from app import models
from app.domain.callers import Caller
from app.domain.errors import NotThere
from app.domain.roles import Permission, Role
from app.domain.staff import belongs_to, covers, is_managed_by
from app.journal import Reading
from app.queries.paging import AgencyFilter, Page, PageRequest, page

SORTS = {"username": models.Account.username, "id": models.Account.id}


@dataclass(frozen=True)
class StaffView:
    """A person with the roles that the caller may know; a new password is shown once."""

    row: models.Account
    grants: Sequence[models.Grant]
    is_own: bool = True
    """Whether it belongs to the mall or agency of the caller, and was not made by others."""
    password: str | None = None

    @property
    def name(self) -> str | None:
        """What the person is called: who granted a role by user name is not told more than that."""
        return self.row.name if self.is_own else None


async def staff(
    reading: Reading, caller: Caller, asked: PageRequest, *, of: AgencyFilter, role: Role | None, username: str | None
) -> Page[StaffView]:
    """The accounts that have a role in the mall now; an agency's manager sees their own officers."""
    own = caller.agencies(Permission.READ_STAFF, reading.mall_id)
    account, grant = models.Account, models.Grant
    wanted = [grant.account_id == account.id, grant.revoked_at.is_(None), _within(reading, own)]
    wanted += of.conditions(reading.mall_id, grant.agency_id)
    if role:
        wanted.append(grant.role == role)
    statement = select(account).where(exists().where(*wanted))
    if username:
        statement = statement.where(account.username == username)
    found = await page(reading.session, statement, SORTS, asked)
    return found.showing(await views(reading, own, found.data))


async def account(reading: Reading, caller: Caller, verb: Permission, account_id: UUID) -> models.Account:
    """An account that has, or had, a role which the caller's reach covers. Raises NotThere."""
    own = caller.agencies(verb, reading.mall_id)
    account, grant = models.Account, models.Grant
    found = (
        await reading.session.scalars(
            select(account).where(
                account.id == account_id, exists().where(grant.account_id == account.id, _within(reading, own))
            )
        )
    ).one_or_none()
    if found is None:
        raise NotThere(thing="account")
    return found


async def one(
    reading: Reading, caller: Caller, account_id: UUID, verb: Permission = Permission.READ_STAFF
) -> StaffView:
    """The same, as it is shown."""
    found = await account(reading, caller, verb, account_id)
    return (await views(reading, caller.agencies(verb, reading.mall_id), [found]))[0]


async def views(reading: Reading, own: frozenset[UUID] | None, rows: Sequence[models.Account]) -> list[StaffView]:
    """Accounts with their roles in this mall, past ones too, as far as the reach goes."""
    by_account = await _grants(reading, [each.id for each in rows])
    return [
        StaffView(
            row=each,
            grants=[grant for grant in by_account[each.id] if covers(own, grant)],
            is_own=each.home_mall_id == reading.mall_id and belongs_to(own, by_account[each.id]),
        )
        for each in rows
    ]


async def is_managed(reading: Reading, caller: Caller, account: models.Account) -> bool:
    """Whether the caller may shut the account out, let it in, rename it, and reset its password."""
    own = caller.agencies(Permission.MANAGE_STAFF, reading.mall_id)
    grants = (await _grants(reading, [account.id]))[account.id]
    return account.home_mall_id == reading.mall_id and is_managed_by(own, grants)


async def _grants(reading: Reading, account_ids: Sequence[UUID]) -> dict[UUID, list[models.Grant]]:
    """Every grant of these accounts in this mall."""
    grant = models.Grant
    by_account: dict[UUID, list[models.Grant]] = {each: [] for each in account_ids}
    wanted = reading.select(grant).where(grant.account_id.in_(account_ids)).order_by(grant.id)
    for each in await reading.session.scalars(wanted):
        by_account[each.account_id].append(each)
    return by_account


async def has_manager(reading: Reading) -> bool:
    """Whether the mall has a manager who can sign in."""
    account, grant = models.Account, models.Grant
    managing = reading.select(grant).where(grant.role == Role.MALL_MANAGER, grant.revoked_at.is_(None)).subquery()
    found = select(account.id).join(managing, managing.c.account_id == account.id).where(account.disabled_at.is_(None))
    return await reading.session.scalar(found.limit(1)) is not None


async def grant(reading: Reading, caller: Caller, account_id: UUID, grant_id: UUID) -> models.Grant:
    """A role that the caller may take away. Raises NotThere."""
    own = caller.agencies(Permission.MANAGE_STAFF, reading.mall_id)
    grant = models.Grant
    found = (
        await reading.session.scalars(
            select(grant).where(grant.id == grant_id, grant.account_id == account_id, _within(reading, own))
        )
    ).one_or_none()
    if found is None:
        raise NotThere(thing="grant")
    return found


async def granted(reading: Reading, account_id: UUID, role: Role, agency_id: UUID | None) -> UUID | None:
    """The grant by which the account has the role in this mall now."""
    grant = models.Grant
    return await reading.session.scalar(
        select(grant.id).where(
            grant.mall_id == reading.mall_id,
            grant.account_id == account_id,
            grant.role == role,
            grant.agency_id.is_not_distinct_from(agency_id),
            grant.revoked_at.is_(None),
        )
    )


def _within(reading: Reading, own: frozenset[UUID] | None) -> ColumnElement[bool]:
    """The grants of this mall; for an agency's manager, its officers'."""
    grant = models.Grant
    narrowed = true() if own is None else and_(grant.role == Role.OFFICER, grant.agency_id.in_(own))
    return and_(grant.mall_id == reading.mall_id, narrowed)
