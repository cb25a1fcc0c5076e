"""People's accounts and grants, and their tokens."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.domain.accounts import OwnAccount, PasswordWrong, UsernameTaken
from app.domain.callers import Caller
from app.domain.errors import NotThere, TokenInvalid
from app.domain.events import Event
from app.domain.roles import Permission, Role
from app.journal import Journal, lock_row, lock_rows
from app.queries import accounts as queries
from app.queries.accounts import AccountView
from app.security.passwords import NewPassword


async def create(
    journal: Journal, *, username: str, name: str, password_hash: str, platform_role: Role | None = None
) -> models.Account:
    """Make an account. The platform's journal records platform accounts, a mall's its own people's, and manages them.

    Accounts stand above the malls, whose journals do not exclude each other: so the name is taken in one statement.
    """
    made = (
        insert(models.Account)
        .values(
            id=models.new_id(),
            username=username.lower(),
            name=name,
            password_hash=password_hash,
            platform_role=platform_role,
            home_mall_id=None if platform_role else journal.mall_id,
            created_at=journal.at,
            token_version=1,
            version=1,
        )
        .on_conflict_do_nothing(index_elements=[models.Account.username])
        .returning(models.Account)
    )
    account = (await journal.session.scalars(made)).one_or_none()
    if account is None:
        raise UsernameTaken
    journal.record(Event.ACCOUNT_CREATED, account)
    return account


async def create_platform(
    journal: Journal, *, username: str, name: str, role: Role, password: NewPassword
) -> AccountView:
    """Make an account that runs or watches the whole deployment."""
    await look_again(journal)
    journal.caller.must(Permission.MANAGE_ACCOUNTS, None)
    account = await create(journal, username=username, name=name, password_hash=password.hash, platform_role=role)
    return AccountView(account, password.shown)


async def disable_platform(journal: Journal, account_id: UUID) -> AccountView:
    """Shut a platform account out. An administrator is always left: the one who does it. Raises OwnAccount."""
    must_not_be_own(journal.caller, account_id)
    account = await _platform(journal, account_id)
    account.disable(journal.at)
    journal.record(Event.ACCOUNT_DISABLED, account)
    return AccountView(account)


async def enable_platform(journal: Journal, account_id: UUID) -> AccountView:
    """Let a platform account in again."""
    account = await _platform(journal, account_id)
    account.enable()
    journal.record(Event.ACCOUNT_ENABLED, account)
    return AccountView(account)


async def reset_platform_password(journal: Journal, account_id: UUID, *, password: NewPassword) -> AccountView:
    """Give a platform account another password; whoever is signed in with the old one is out. Raises OwnAccount."""
    must_not_be_own(journal.caller, account_id)
    account = await _platform(journal, account_id)
    account.set_password(password.hash)
    journal.record(Event.ACCOUNT_PASSWORD_RESET, account)
    return AccountView(account, password.shown)


async def _platform(journal: Journal, account_id: UUID) -> models.Account:
    """A platform account, its row locked until the commit. Raises NotThere."""
    await look_again(journal, account_id)
    journal.caller.must(Permission.MANAGE_ACCOUNTS, None)
    found = await journal.session.get(models.Account, account_id)
    if found is None or found.platform_role is None:
        raise NotThere(thing="account")
    return await lock_account(journal.session, account_id)


async def grant(journal: Journal, account: models.Account, role: Role, agency_id: UUID | None = None) -> models.Grant:
    """Give an account a role in the mall, for one agency where the role is an agency's."""
    row = models.Grant(
        mall_id=journal.mall_id, account_id=account.id, role=role, agency_id=agency_id, granted_at=journal.at
    )
    journal.session.add(row)
    journal.record(Event.ROLE_GRANTED, row)
    return row


async def look_again(journal: Journal, at: UUID | None = None) -> None:
    """Go by the roles that the caller has at this instant: an act that gives power, or takes it, begins with this.

    Otherwise who lost a role a moment ago would use what the process still remembers to keep it. Where the act is `at`
    an account, both rows are locked in one order: two who act at each other, each in a mall of their own, wait in no
    ring. Raises TokenInvalid.
    """
    if at and journal.caller.id:
        await lock_rows(journal.session, models.Account.id, [at, journal.caller.id])
    journal.caller = await queries.refreshed(journal, journal.caller)


async def lock_account(session: AsyncSession, account_id: UUID) -> models.Account:
    """Lock an account's row until the commit: another mall's journal does not keep others from it."""
    return await lock_row(session, models.Account, account_id)


def must_not_be_own(caller: Caller, account_id: UUID) -> None:
    """Raise OwnAccount where somebody would shut out themselves, or set their password without the present one."""
    if caller.id == account_id:
        raise OwnAccount


async def change_password(
    journal: Journal, account_id: UUID, *, proven: int | None, password: NewPassword
) -> models.Account:
    """Change one's own password, if the present one was proven for the version that the account still has."""
    journal.caller.must_be(account_id)
    if proven is None:
        raise PasswordWrong
    account = await lock_account(journal.session, account_id)
    if account.disabled_at or account.token_version != proven:
        raise TokenInvalid
    account.set_password(password.hash)
    journal.record(Event.ACCOUNT_PASSWORD_CHANGED, account)
    return account
