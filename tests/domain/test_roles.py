"""What must be true of the table of roles, whatever its cells; `tests/api/test_permissions.py` tries the cells."""

from app.domain.devices import DeviceKind
from app.domain.roles import (
    AGENCY_ROLES,
    GRANTABLE,
    MALL_ROLES,
    PLATFORM_ROLES,
    TABLE,
    USABLE_SCOPES,
    Anyone,
    Permission,
    Role,
)


def test_the_table_has_a_row_for_every_verb_and_a_cell_for_everybody() -> None:
    assert set(TABLE) == set(Permission)
    assert all(TABLE.values())
    named = {part for row in TABLE.values() for part in row}
    assert named == {*Role, *DeviceKind, *Anyone, *USABLE_SCOPES}


def test_a_role_is_the_platforms_or_an_agencys_or_the_malls() -> None:
    assert set(PLATFORM_ROLES) == {Role.PLATFORM_ADMIN, Role.MINISTRY_OBSERVER}
    assert set(AGENCY_ROLES) == {Role.AGENCY_MANAGER, Role.OFFICER}
    for verb, row in TABLE.items():
        reaching_far = {part for part in AGENCY_ROLES if row.get(part) == "all"}
        assert not reaching_far or verb in {
            Permission.READ_CATALOGUE,
            Permission.USE_OWN_TICKET,
            Permission.READ_NUMBER_SERIES,
            Permission.ISSUE_TICKETS,
        }, f"{verb}: an agency's people reach over their own agency only"


def test_nobody_grants_a_role_above_their_own() -> None:
    ranks = [Role.OFFICER, Role.AGENCY_MANAGER, Role.MALL_MANAGER, Role.PLATFORM_ADMIN]
    for role, granted in GRANTABLE.items():
        assert set(granted) <= set(MALL_ROLES), "a platform's role is never granted in a mall"
        assert role in TABLE[Permission.APPOINT_STAFF]
        assert all(ranks.index(each) <= ranks.index(role) for each in granted if each in ranks)
    assert set(GRANTABLE) == set(TABLE[Permission.APPOINT_STAFF])
    assert Role.AGENCY_MANAGER not in GRANTABLE[Role.AGENCY_MANAGER]
    assert GRANTABLE[Role.PLATFORM_ADMIN] == (Role.MALL_MANAGER,)
