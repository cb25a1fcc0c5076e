"""Who may do what, cell by cell, as settled.md has it."""

import pytest

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

COLUMNS = "public kiosk display officer agency_manager mall_manager auditor ministry_observer platform_admin"
ROWS = """
    read_catalogue       all  all  all  all  all  all  all  all  all
    use_own_ticket       all  all  all  all  all  all  all  all  all
    create_malls         -    -    -    -    -    -    -    -    all
    change_mall          -    -    -    -    -    all  -    -    -
    change_agencies      -    -    -    -    -    all  -    -    -
    read_joining         -    -    -    -    own  all  all  -    all
    change_joining       -    -    -    -    -    all  -    -    -
    answer_invitations   -    -    -    -    own  all  -    -    -
    read_number_series   -    -    -    -    all  all  all  -    -
    change_services      -    -    -    -    own  all  -    -    -
    manage_counters      -    -    -    -    -    all  -    -    -
    change_counters      -    -    -    -    own  all  -    -    -
    operate_counters     -    -    -    own  own  all  -    -    -
    issue_tickets        all  all  -    all  all  all  -    -    -
    read_tickets         -    own  -    own  own  all  all  -    -
    list_tickets         -    -    -    own  own  all  all  -    -
    read_staff           -    -    -    -    own  all  all  -    -
    appoint_staff        -    -    -    -    own  all  -    -    all
    manage_staff         -    -    -    -    own  all  -    -    -
    read_devices         -    -    -    -    -    all  all  -    -
    change_devices       -    -    -    -    -    all  -    -    -
    read_clients         -    -    -    -    own  all  all  -    -
    change_clients       -    -    -    -    own  all  -    -    -
    manage_accounts      -    -    -    -    -    -    -    -    all
"""
SCOPES = """
    catalogue:read  read_catalogue all
    joining:read    read_joining own
    tickets:write   issue_tickets own, use_own_ticket  all
    tickets:read    read_tickets own, list_tickets own, use_own_ticket  all
"""
"""What a partner's client may, by scope."""
EXPECTED = {
    verb: {part: reach for part, reach in zip(COLUMNS.split(), reaches, strict=True) if reach != "-"}
    for verb, *reaches in (row.split() for row in ROWS.strip().splitlines())
}
for scope, cells in (row.split(maxsplit=1) for row in SCOPES.strip().splitlines()):
    for cell in cells.split(", "):
        verb, reach = cell.split()
        EXPECTED[verb][scope] = reach


@pytest.mark.parametrize("verb", Permission)
def test_a_verb_is_for_those_listed_and_nobody_else(verb: Permission) -> None:
    assert {part.value: reach.value for part, reach in TABLE[verb].items()} == EXPECTED[verb]


def test_the_table_has_a_row_for_every_verb_and_a_column_for_everybody() -> None:
    assert set(TABLE) == set(Permission)
    assert set(EXPECTED) == {verb.value for verb in Permission}
    assert set(COLUMNS.split()) == {part.value for kind in (Role, DeviceKind, Anyone) for part in kind}
    assert [row.split()[0] for row in SCOPES.strip().splitlines()] == list(USABLE_SCOPES)


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


def test_nobody_grants_a_role_above_the_own_one() -> None:
    ranks = [Role.OFFICER, Role.AGENCY_MANAGER, Role.MALL_MANAGER, Role.PLATFORM_ADMIN]
    for role, granted in GRANTABLE.items():
        assert set(granted) <= set(MALL_ROLES), "a platform's role is never granted in a mall"
        assert role in TABLE[Permission.APPOINT_STAFF]
        assert all(ranks.index(each) <= ranks.index(role) for each in granted if each in ranks)
    assert set(GRANTABLE) == set(TABLE[Permission.APPOINT_STAFF])
    assert Role.AGENCY_MANAGER not in GRANTABLE[Role.AGENCY_MANAGER]
    assert GRANTABLE[Role.PLATFORM_ADMIN] == (Role.MALL_MANAGER,)
