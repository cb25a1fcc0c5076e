"""The platform's accounts, and one's own password."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.actions import accounts as actions
from app.database import PLATFORM_REF
from app.domain.accounts import OwnAccount, PasswordIsUsername, PasswordWrong, UsernameTaken, must_fit
from app.domain.callers import Caller
from app.domain.errors import RateLimited, SecretAlreadyShown
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.queries import accounts as queries
from app.queries.paging import PageRequest
from app.schemas.accounts import Account, AccountRequest, NewAccount
from app.schemas.base import Page
from app.schemas.me import PasswordChange
from app.schemas.sign_in import Token
from app.web.callers import Person, TheHouse, address, needs_on_platform
from app.web.declared import refuses
from app.web.paging import Listed, asked_for
from app.web.sign_in import SignIn
from app.web.writing import Writes

router = APIRouter(prefix="/v1")
Admin = Annotated[Caller, needs_on_platform(Permission.MANAGE_ACCOUNTS)]


@router.post("/me/password", tags=["sign-in"], responses=refuses(PasswordWrong, PasswordIsUsername, RateLimited))
async def change_my_password(request: Request, body: PasswordChange, by: Person, write: Writes) -> Token:
    """Change the own password. All sessions end, this one too: the answer's tokens begin the next one."""
    sign_in: SignIn = request.app.state.sign_in
    return await sign_in.with_new_password(write, by, body.current_password, body.new_password, address(request))


@router.get("/accounts", tags=["people"])
async def list_accounts(
    by: Admin, house: TheHouse, asked: Annotated[PageRequest, asked_for("username")], listed: Listed
) -> Page[Account]:
    """List the accounts that run or watch the whole deployment. A mall's people are the mall's to list."""
    async with house.database.reading() as reading:
        return listed(await queries.platform_accounts(reading.session, asked), asked, Account)


@router.post(
    "/accounts",
    tags=["people"],
    status_code=201,
    responses=refuses(UsernameTaken, PasswordIsUsername, SecretAlreadyShown),
)
async def create_account(
    body: AccountRequest, by: Admin, house: TheHouse, write: Writes, response: Response
) -> NewAccount:
    """Make an account that runs or watches the whole deployment."""
    must_fit(body.password, body.username, "password")
    given = body.model_dump(exclude={"password"})
    password = await house.passwords.new(body.password)
    account = await write(PLATFORM_REF, by, NewAccount, actions.create_platform, **given, password=password)
    response.headers["Location"] = "/v1/accounts"
    return account


@router.post("/accounts/{account_id}/disabling", tags=["people"], responses=refuses(IllegalTransition, OwnAccount))
async def disable_account(account_id: UUID, by: Admin, write: Writes) -> Account:
    """Shut a platform account out, within five seconds. Nobody shuts out the own one."""
    return await write(PLATFORM_REF, by, Account, actions.disable_platform, account_id)


@router.post("/accounts/{account_id}/enabling", tags=["people"], responses=refuses(IllegalTransition))
async def enable_account(account_id: UUID, by: Admin, write: Writes) -> Account:
    """Let a platform account in again."""
    return await write(PLATFORM_REF, by, Account, actions.enable_platform, account_id)


@router.post("/accounts/{account_id}/password-reset", tags=["people"], responses=refuses(SecretAlreadyShown))
async def reset_account_password(account_id: UUID, by: Admin, house: TheHouse, write: Writes) -> NewAccount:
    """Give a platform account another password, shown in this answer once. Its sessions end."""
    password = await house.passwords.new()
    return await write(PLATFORM_REF, by, NewAccount, actions.reset_platform_password, account_id, password=password)
