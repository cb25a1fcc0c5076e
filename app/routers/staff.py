"""People with a role in the mall."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.actions import staff as actions
from app.domain.accounts import OwnAccount, PasswordIsUsername, UsernameTaken, must_fit
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.errors import SecretAlreadyShown, UnknownReference
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.domain.staff import AccountBeyondReach, AgencyMisplaced, RoleAlreadyGranted
from app.queries import staff as queries
from app.queries.paging import PageRequest
from app.schemas.accounts import Username
from app.schemas.base import Page
from app.schemas.staff import MallRole, NewStaff, ResetStaff, RoleRequest, Staff, StaffChanges, StaffGrant, StaffRequest
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, Whose, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}/staff", tags=["people"])
Reader = Annotated[Caller, needs(Permission.READ_STAFF)]
Appointer = Annotated[Caller, needs(Permission.APPOINT_STAFF)]
Manager = Annotated[Caller, needs(Permission.MANAGE_STAFF)]


@router.get("")
async def list_staff(
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("username", "id")],
    listed: Listed,
    whose: Whose,
    role: MallRole | None = None,
    username: Username | None = None,
) -> Page[Staff]:
    """List who has a role in the mall now; an agency's manager sees the own officers."""
    async with house.database.reading(mall) as reading:
        found = await queries.staff(reading, by, asked, of=whose, role=role, username=username)
        return listed(found, asked, Staff)


@router.post(
    "",
    status_code=201,
    responses=refuses(
        UsernameTaken, PasswordIsUsername, AgencyMisplaced, UnknownReference, AgencyRetired, SecretAlreadyShown
    ),
)
async def create_staff(
    mall: CurrentMall, body: StaffRequest, by: Appointer, house: TheHouse, write: Writes, response: Response
) -> NewStaff:
    """Make a person's account and give it its first role, in one act.

    A user name is one account's on the whole platform. Who has an account already, also in another mall, is granted
    a role by the account's id.
    """
    must_fit(body.password, body.username, "password")
    given = body.model_dump(exclude={"password"})
    password = await house.passwords.new(body.password)
    staff = await write(mall, by, NewStaff, actions.create, **given, password=password)
    response.headers["Location"] = f"/v1/malls/{mall.slug}/staff/{staff.id}"
    return staff


@router.get("/{account_id}")
async def get_staff(mall: CurrentMall, account_id: UUID, by: Reader, house: TheHouse, fresh: Tagged) -> Staff:
    """Read a person who has or had a role in the mall."""
    async with house.database.reading(mall) as reading:
        return fresh(Staff.model_validate(await queries.one(reading, by, account_id)))


@router.patch("/{account_id}", responses=refuses(AccountBeyondReach))
async def change_staff(
    mall: CurrentMall,
    account_id: UUID,
    body: StaffChanges,
    by: Manager,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> Staff:
    """Change what a person is called. Nobody is signed out by it."""
    return fresh(await write(mall, by, Staff, actions.change, account_id, version, body.given()))


@router.post(
    "/{account_id}/grants",
    status_code=201,
    responses=refuses(AgencyMisplaced, UnknownReference, AgencyRetired, RoleAlreadyGranted),
)
async def grant_role(
    mall: CurrentMall, account_id: UUID, body: RoleRequest, by: Appointer, write: Writes, response: Response
) -> StaffGrant:
    """Give an account a role in this mall; nobody grants one above the own.

    The account may be another mall's: its id is all that one needs, and all that one learns here.
    """
    grant = await write(mall, by, StaffGrant, actions.grant, account_id, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/staff/{account_id}"
    return grant


@router.post("/{account_id}/grants/{grant_id}/revocation", responses=refuses(IllegalTransition, OwnAccount))
async def revoke_role(mall: CurrentMall, account_id: UUID, grant_id: UUID, by: Manager, write: Writes) -> StaffGrant:
    """Take a role away. The account's sessions end, and a counter that it may not have open any more is closed."""
    return await write(mall, by, StaffGrant, actions.revoke, account_id, grant_id)


@router.post("/{account_id}/disabling", responses=refuses(IllegalTransition, AccountBeyondReach, OwnAccount))
async def disable_staff(mall: CurrentMall, account_id: UUID, by: Manager, write: Writes) -> Staff:
    """Shut an account out, within five seconds.

    A counter that it has open is closed as a manager closes it by force: a ticket in hand goes back to waiting.
    """
    return await write(mall, by, Staff, actions.disable, account_id)


@router.post("/{account_id}/enabling", responses=refuses(IllegalTransition, AccountBeyondReach))
async def enable_staff(mall: CurrentMall, account_id: UUID, by: Manager, write: Writes) -> Staff:
    """Let an account in again, with the roles it has."""
    return await write(mall, by, Staff, actions.enable, account_id)


@router.post("/{account_id}/password-reset", responses=refuses(AccountBeyondReach, SecretAlreadyShown))
async def reset_staff_password(
    mall: CurrentMall, account_id: UUID, by: Manager, house: TheHouse, write: Writes
) -> ResetStaff:
    """Give an account another password, shown in this answer once. Its sessions end."""
    password = await house.passwords.new()
    return await write(mall, by, ResetStaff, actions.reset_password, account_id, password=password)
