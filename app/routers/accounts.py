"""The platform's accounts, and one's own password."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from app.actions import accounts as actions
from app.database import PLATFORM_REF
from app.domain.accounts import OwnAccount, PasswordGuessable, PasswordWrong, UsernameTaken, must_fit
from app.domain.callers import Caller
from app.domain.errors import SecretAlreadyShown
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.queries import accounts as queries
from app.schemas.accounts import Account, AccountRequest, NewAccount
from app.schemas.base import Page
from app.schemas.me import ChangedPassword, PasswordChange
from app.schemas.sign_in import Token
from app.web.dependencies import Context, Person, needs_on_platform
from app.web.idempotency import Command, Write, creates
from app.web.paging import ListPage, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1")
Admin = Annotated[Caller, needs_on_platform(Permission.MANAGE_ACCOUNTS)]
NOBODY = UUID(int=0)
Creation = Annotated[Write, creates("/v1/accounts/{id}")]


@router.post("/me/password", tags=["sign-in"], responses=refuses(PasswordWrong, PasswordGuessable))
async def change_my_password(
    request: Request, body: PasswordChange, caller: Person, context: Context, command: Command
) -> Token:
    """Change your own password. All sessions end, this one too; the answer carries the tokens of a new one."""
    change = await context.sign_in.password_change(caller, body.current_password, body.new_password)
    changed = await command(
        PLATFORM_REF,
        caller,
        ChangedPassword,
        actions.change_password,
        caller.id or NOBODY,
        proven=change.proven,
        password=change.password,
    )
    return await context.sign_in.new_session(changed.id, changed.token_version)


@router.get("/accounts", tags=["people"])
async def list_accounts(
    caller: Admin, context: Context, page: Annotated[ListPage, paged_by("username")]
) -> Page[Account]:
    """List the accounts that run or watch the whole deployment. The people of a mall are listed at its `/staff`."""
    async with context.database.reading() as reading:
        return page.of(Account, await queries.platform_accounts(reading.session, page.asked))


@router.post(
    "/accounts",
    tags=["people"],
    status_code=201,
    responses=refuses(UsernameTaken, PasswordGuessable, SecretAlreadyShown),
)
async def create_account(body: AccountRequest, caller: Admin, context: Context, command: Creation) -> NewAccount:
    """Create an account that runs or watches the whole deployment.

    It is for administrators and observers; the people of a mall are added at its `/staff`. Without a `password` one is
    generated and shown once, in this answer. A user name belongs to one account on the whole platform.
    """
    must_fit(body.password, body.username, "password")
    given = body.model_dump(exclude={"password"})
    password = await context.passwords.new(body.password)
    return await command(PLATFORM_REF, caller, NewAccount, actions.create_platform, **given, password=password)


@router.get("/accounts/{account_id}", tags=["people"])
async def get_account(account_id: UUID, caller: Admin, context: Context) -> Account:
    """Read an account that runs or watches the whole deployment.

    A password is never shown. The people of a mall are no such accounts (404): they are read at its `/staff`.
    """
    async with context.database.reading() as reading:
        return Account.model_validate(await queries.platform_account(reading.session, account_id))


@router.post("/accounts/{account_id}/disabling", tags=["people"], responses=refuses(IllegalTransition, OwnAccount))
async def disable_account(account_id: UUID, caller: Admin, command: Command) -> Account:
    """Disable a platform account; its access ends within five seconds. Nobody can disable their own account."""
    return await command(PLATFORM_REF, caller, Account, actions.disable_platform, account_id)


@router.post("/accounts/{account_id}/enabling", tags=["people"], responses=refuses(IllegalTransition))
async def enable_account(account_id: UUID, caller: Admin, command: Command) -> Account:
    """Enable a disabled platform account again.

    The person signs in anew: what ended with the disabling stays ended, and the password is the one it was. An account
    that is not disabled answers `illegal_transition`.
    """
    return await command(PLATFORM_REF, caller, Account, actions.enable_platform, account_id)


@router.post(
    "/accounts/{account_id}/password-reset", tags=["people"], responses=refuses(OwnAccount, SecretAlreadyShown)
)
async def reset_account_password(account_id: UUID, caller: Admin, context: Context, command: Command) -> NewAccount:
    """Reset the password of a platform account. The new one is shown once, in this answer; all sessions end."""
    password = await context.passwords.new()
    return await command(
        PLATFORM_REF, caller, NewAccount, actions.reset_platform_password, account_id, password=password
    )
