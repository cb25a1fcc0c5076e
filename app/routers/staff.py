"""People with a role in the mall."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.actions import staff as actions
from app.domain.accounts import OwnAccount, PasswordGuessable, UsernameTaken, must_fit
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.errors import SecretAlreadyShown, UnknownReference
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.domain.staff import AccountBeyondReach, AgencyMisplaced, MallHasManager, RoleAlreadyGranted
from app.queries import staff as queries
from app.schemas.accounts import Username
from app.schemas.base import Page
from app.schemas.staff import (
    GrantRequest,
    MallRole,
    NewStaff,
    ResetStaff,
    Staff,
    StaffChanges,
    StaffGrant,
    StaffRequest,
)
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import Command, IfMatch, Write, creates
from app.web.paging import ListPage, OfAgency, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}", tags=["people"])
Reader = Annotated[Caller, needs(Permission.READ_STAFF)]
Appointer = Annotated[Caller, needs(Permission.APPOINT_STAFF)]
Manager = Annotated[Caller, needs(Permission.MANAGE_STAFF)]
Creation = Annotated[Write, creates("/v1/malls/{mall}/staff/{id}")]
GrantCreation = Annotated[Write, creates("/v1/malls/{mall}/staff/{account_id}")]


@router.get("/staff")
async def list_staff(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("username", "id")],
    agency: OfAgency,
    role: MallRole | None = None,
    username: Username | None = None,
) -> Page[Staff]:
    """List the people with a role in the mall now. An agency's manager sees the officers of their own agency."""
    async with context.database.reading(mall) as reading:
        found = await queries.staff(reading, caller, page.asked, of=agency, role=role, username=username)
        return page.of(Staff, found)


@router.post(
    "/staff",
    status_code=201,
    responses=refuses(
        UsernameTaken,
        PasswordGuessable,
        AgencyMisplaced,
        UnknownReference,
        AgencyRetired,
        MallHasManager,
        SecretAlreadyShown,
    ),
)
async def create_staff(
    mall: CurrentMall, body: StaffRequest, caller: Appointer, context: Context, command: Creation
) -> NewStaff:
    """Create a person's account with its first role, in one act.

    A user name belongs to one account on the whole platform. A person who has an account already, also in another mall,
    is granted a role by its user name (`POST …/grants`). A platform administrator appoints a mall's manager only where
    no manager can sign in.
    """
    must_fit(body.password, body.username, "password")
    given = body.model_dump(exclude={"password"})
    password = await context.passwords.new(body.password)
    return await command(mall, caller, NewStaff, actions.create, **given, password=password)


@router.get("/staff/{account_id}")
async def get_staff(
    mall: CurrentMall, account_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> Staff:
    """Read a person who has or had a role in the mall.

    An agency's manager reads those who are or were officers of their own agency; all others are a 404. Officers read
    nobody here, not even themselves (403): everybody's own name and roles are at `GET /v1/me`.
    """
    async with context.database.reading(mall) as reading:
        return conditional(Staff.model_validate(await queries.one(reading, caller, account_id)))


@router.patch("/staff/{account_id}", responses=refuses(AccountBeyondReach))
async def change_staff(
    mall: CurrentMall, account_id: UUID, body: StaffChanges, caller: Manager, edit: IfMatch
) -> Staff:
    """Change a person's name. Their sessions stay valid."""
    return await edit(mall, caller, Staff, actions.change, account_id, edit.versions, body.given())


@router.post(
    "/grants",
    status_code=201,
    responses=refuses(AgencyMisplaced, UnknownReference, AgencyRetired, RoleAlreadyGranted, MallHasManager),
)
async def grant_role(mall: CurrentMall, body: GrantRequest, caller: Appointer, command: GrantCreation) -> StaffGrant:
    """Grant the account with this user name a role in this mall. Nobody grants a role above their own.

    The account may have been created in another mall or agency. Then nothing of it is shown that was not sent, and who
    created it still manages it: its name, its password, and whether it is disabled.
    """
    return await command(mall, caller, StaffGrant, actions.grant, **body.model_dump())


@router.post("/staff/{account_id}/grants/{grant_id}/revocation", responses=refuses(IllegalTransition, OwnAccount))
async def revoke_role(
    mall: CurrentMall, account_id: UUID, grant_id: UUID, caller: Manager, command: Command
) -> StaffGrant:
    """Revoke a role. The person stays signed in with all other roles; a counter that none of them allows is closed."""
    return await command(mall, caller, StaffGrant, actions.revoke, account_id, grant_id)


@router.post("/staff/{account_id}/disabling", responses=refuses(IllegalTransition, AccountBeyondReach, OwnAccount))
async def disable_staff(mall: CurrentMall, account_id: UUID, caller: Manager, command: Command) -> Staff:
    """Disable an account; its access ends within five seconds.

    A counter that it has open is closed by force: the ticket at it goes back to waiting.
    """
    return await command(mall, caller, Staff, actions.disable, account_id)


@router.post("/staff/{account_id}/enabling", responses=refuses(IllegalTransition, AccountBeyondReach))
async def enable_staff(mall: CurrentMall, account_id: UUID, caller: Manager, command: Command) -> Staff:
    """Enable a disabled account again, with the roles it has.

    The person signs in anew: what ended with the disabling stays ended, and the counter stays closed. An account that
    is not disabled answers `illegal_transition`, one that others created `account_beyond_reach`.
    """
    return await command(mall, caller, Staff, actions.enable, account_id)


@router.post(
    "/staff/{account_id}/password-reset", responses=refuses(AccountBeyondReach, OwnAccount, SecretAlreadyShown)
)
async def reset_staff_password(
    mall: CurrentMall, account_id: UUID, caller: Manager, context: Context, command: Command
) -> ResetStaff:
    """Reset the password of an account. The new one is shown once, in this answer; all sessions end."""
    password = await context.passwords.new()
    return await command(mall, caller, ResetStaff, actions.reset_password, account_id, password=password)
