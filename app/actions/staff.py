"""People with a role in the mall: who is appointed, and how an appointment ends."""

from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from app import access, models
from app.actions import accounts, counters
from app.domain.errors import Forbidden, UnknownReference
from app.domain.events import Event
from app.domain.roles import AGENCY_ROLES, GRANTABLE, Permission, Role
from app.domain.staff import AccountBeyondReach, AgencyMisplaced, MallHasManager, RoleAlreadyGranted
from app.journal import Journal
from app.queries import accounts as account_queries
from app.queries import counters as counter_queries
from app.queries import staff as queries
from app.queries.staff import StaffView
from app.security.passwords import NewPassword


async def create(
    journal: Journal,
    *,
    username: str,
    name: str,
    role: Role,
    agency_id: UUID | None,
    password: NewPassword,
) -> StaffView:
    """Make an account and give it its first role, in one act."""
    await _must_be_able_to_grant(journal, role, agency_id)
    account = await accounts.create(journal, username=username, name=name, password_hash=password.hash)
    grant = await accounts.grant(journal, account, role, agency_id)
    return StaffView(account, [grant], password=password.shown)


async def grant(journal: Journal, *, username: str, role: Role, agency_id: UUID | None) -> models.Grant:
    """Give an account one more role. Its person says the user name: ids are seen by many."""
    await _must_be_able_to_grant(journal, role, agency_id)
    account = await account_queries.account_named(journal.session, username)
    if account is None or account.platform_role:
        raise UnknownReference(thing="account", member="username")
    if existing := await queries.granted(journal, account.id, role, agency_id):
        raise RoleAlreadyGranted(grant_id=existing)
    return await accounts.grant(journal, account, role, agency_id)


async def revoke(journal: Journal, account_id: UUID, grant_id: UUID) -> models.Grant:
    """Take a role away, and the session at a counter that no other role allows; the person stays signed in.

    Raises OwnAccount.
    """
    accounts.must_not_be_own(journal.caller, account_id)
    await accounts.look_again(journal)
    grant = await queries.grant(journal, journal.caller, account_id, grant_id)
    grant.revoke(journal.at)
    journal.record(Event.ROLE_REVOKED, grant)
    account = await journal.session.get_one(models.Account, account_id)
    left = await account_queries.caller_of(journal.session, account, journal.mall_id)
    session = await counter_queries.session_of(journal, account_id)
    if session and not left.may(Permission.OPERATE_COUNTERS, journal.mall_id, session.agency_id):
        await counters.end_by_force(journal, session)
    return grant


async def change(journal: Journal, account_id: UUID, versions: Container[int], changes: Mapping[str, Any]) -> StaffView:
    """Change what a person is called. Nobody is signed out by it, and the journal names nobody."""
    account = await _to_manage(journal, account_id)
    access.must_match_version(account, versions)
    journal.record_edit(Event.ACCOUNT_CHANGED, account, account.change(changes))
    return await queries.one(journal, journal.caller, account_id, Permission.MANAGE_STAFF)


async def disable(journal: Journal, account_id: UUID) -> StaffView:
    """Shut an account out; a counter that it has open is closed by force, and nobody is lost. Raises OwnAccount."""
    accounts.must_not_be_own(journal.caller, account_id)
    account = await _to_manage(journal, account_id)
    account.disable(journal.at)
    journal.record(Event.ACCOUNT_DISABLED, account)
    if session := await counter_queries.session_of(journal, account.id):
        await counters.end_by_force(journal, session)
    return await queries.one(journal, journal.caller, account_id, Permission.MANAGE_STAFF)


async def enable(journal: Journal, account_id: UUID) -> StaffView:
    """Let an account in again, with the roles it has."""
    account = await _to_manage(journal, account_id)
    account.enable()
    journal.record(Event.ACCOUNT_ENABLED, account)
    return await queries.one(journal, journal.caller, account_id, Permission.MANAGE_STAFF)


async def reset_password(journal: Journal, account_id: UUID, *, password: NewPassword) -> StaffView:
    """Give an account another password; whoever is signed in with the old one is out. Raises OwnAccount."""
    accounts.must_not_be_own(journal.caller, account_id)
    account = await _to_manage(journal, account_id)
    account.set_password(password.hash)
    journal.record(Event.ACCOUNT_PASSWORD_RESET, account)
    shown = await queries.one(journal, journal.caller, account_id, Permission.MANAGE_STAFF)
    return replace(shown, password=password.shown)


async def _must_be_able_to_grant(journal: Journal, role: Role, agency_id: UUID | None) -> None:
    """Nobody grants a role above their own, or beyond their own agency; the platform only where nobody else could."""
    await accounts.look_again(journal)
    journal.caller.must(Permission.APPOINT_STAFF, journal.mall_id)
    giving = [
        each
        for each in journal.caller.grants
        if isinstance(each.part, Role)
        and role in GRANTABLE.get(each.part, ())
        and each.mall_id in (None, journal.mall_id)
    ]
    if not giving:
        raise Forbidden(required=tuple(giver for giver, given in GRANTABLE.items() if role in given), member="role")
    if (agency_id is None) is (role in AGENCY_ROLES):
        raise AgencyMisplaced
    if agency_id:
        if all(each.agency_id not in (None, agency_id) for each in giving):
            raise UnknownReference(thing="agency", member="agency_id")
        await access.agency_named(journal, agency_id)
    if all(each.part is Role.PLATFORM_ADMIN for each in giving) and await queries.has_manager(journal):
        raise MallHasManager


async def _to_manage(journal: Journal, account_id: UUID) -> models.Account:
    """An account that is the caller's to manage, its row locked until the commit."""
    await accounts.look_again(journal, account_id)
    await queries.account(journal, journal.caller, Permission.MANAGE_STAFF, account_id)
    account = await accounts.lock_account(journal.session, account_id)
    if not await queries.is_managed(journal, journal.caller, account):
        raise AccountBeyondReach
    return account
