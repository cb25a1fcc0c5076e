"""Who may do what: one table, read by the doors, the docs page and the tests.

A cell says how far a role reaches with a verb: over the whole mall, or over its own (agency, counter, device) only.
What is not in the table is not allowed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.devices import DeviceKind


class Role(StrEnum):
    """A role of an account. Platform roles belong to the account itself, the others name a mall (and an agency)."""

    PLATFORM_ADMIN = "platform_admin"
    MINISTRY_OBSERVER = "ministry_observer"
    MALL_MANAGER = "mall_manager"
    AGENCY_MANAGER = "agency_manager"
    OFFICER = "officer"
    AUDITOR = "auditor"


PLATFORM_ROLES = (Role.PLATFORM_ADMIN, Role.MINISTRY_OBSERVER)
AGENCY_ROLES = (Role.AGENCY_MANAGER, Role.OFFICER)
MALL_ROLES = (Role.MALL_MANAGER, Role.AUDITOR, *AGENCY_ROLES)
GRANTABLE: dict[Role, tuple[Role, ...]] = {
    Role.PLATFORM_ADMIN: (Role.MALL_MANAGER,),
    Role.MALL_MANAGER: MALL_ROLES,
    Role.AGENCY_MANAGER: (Role.OFFICER,),
}
"""What each role may grant, within its own reach: nobody grants a role above their own."""


class Scope(StrEnum):
    """What a partner's system may do for its agency or the mall. Scopes that open no operation yet cannot be given."""

    CATALOGUE_READ = "catalogue:read"
    JOINING_READ = "joining:read"
    TICKETS_WRITE = "tickets:write"
    TICKETS_READ = "tickets:read"
    APPOINTMENTS_WRITE = "appointments:write"
    STATISTICS_READ = "statistics:read"
    EVENTS_READ = "events:read"
    MESSAGES_SEND = "messages:send"


class Anyone(StrEnum):
    """Callers without credentials."""

    PUBLIC = "public"


Part = Role | DeviceKind | Scope | Anyone


class Permission(StrEnum):
    """The rows of the table."""

    READ_CATALOGUE = "read_catalogue"
    CREATE_MALLS = "create_malls"
    CHANGE_MALL = "change_mall"
    CLOSE_FOR_A_WHILE = "close_for_a_while"
    CHANGE_AGENCIES = "change_agencies"
    READ_JOINING = "read_joining"
    CHANGE_JOINING = "change_joining"
    ANSWER_INVITATIONS = "answer_invitations"
    READ_NUMBER_SERIES = "read_number_series"
    CHANGE_SERVICES = "change_services"
    MANAGE_COUNTERS = "manage_counters"
    CHANGE_COUNTERS = "change_counters"
    OPERATE_COUNTERS = "operate_counters"
    CANCEL_TICKETS = "cancel_tickets"
    ISSUE_TICKETS = "issue_tickets"
    PRINT_TICKETS = "print_tickets"
    RESERVE_NUMBERS = "reserve_numbers"
    READ_NUMBER_BLOCKS = "read_number_blocks"
    READ_TICKETS = "read_tickets"
    LIST_TICKETS = "list_tickets"
    READ_STATISTICS = "read_statistics"
    READ_EVENTS = "read_events"
    USE_OWN_TICKET = "use_own_ticket"
    CONFIRM_PHONES = "confirm_phones"
    SEND_MESSAGES = "send_messages"
    READ_STAFF = "read_staff"
    APPOINT_STAFF = "appoint_staff"
    MANAGE_STAFF = "manage_staff"
    READ_DEVICES = "read_devices"
    CHANGE_DEVICES = "change_devices"
    READ_CLIENTS = "read_clients"
    CHANGE_CLIENTS = "change_clients"
    READ_WEBHOOKS = "read_webhooks"
    CHANGE_WEBHOOKS = "change_webhooks"
    MANAGE_ACCOUNTS = "manage_accounts"


class Reach(StrEnum):
    """How far."""

    OWN = "own"
    ALL = "all"


_EVERYONE: dict[Part, Reach] = {part: Reach.ALL for kind in (Role, DeviceKind, Anyone) for part in kind}
_OFFICE: dict[Part, Reach] = {
    Role.OFFICER: Reach.OWN,
    Role.AGENCY_MANAGER: Reach.OWN,
    Role.MALL_MANAGER: Reach.ALL,
}

TABLE: Mapping[Permission, Mapping[Part, Reach]] = {
    Permission.READ_CATALOGUE: {**_EVERYONE, Scope.CATALOGUE_READ: Reach.ALL},
    Permission.CREATE_MALLS: {Role.PLATFORM_ADMIN: Reach.ALL},
    Permission.CHANGE_MALL: {Role.MALL_MANAGER: Reach.ALL},
    Permission.CLOSE_FOR_A_WHILE: {Role.AGENCY_MANAGER: Reach.OWN, Role.MALL_MANAGER: Reach.ALL},
    Permission.CHANGE_AGENCIES: {Role.MALL_MANAGER: Reach.ALL},
    Permission.READ_JOINING: {
        Role.AGENCY_MANAGER: Reach.OWN,
        Role.MALL_MANAGER: Reach.ALL,
        Role.AUDITOR: Reach.ALL,
        Role.PLATFORM_ADMIN: Reach.ALL,
        Scope.JOINING_READ: Reach.OWN,
    },
    Permission.CHANGE_JOINING: {Role.MALL_MANAGER: Reach.ALL},
    Permission.ANSWER_INVITATIONS: {Role.AGENCY_MANAGER: Reach.OWN, Role.MALL_MANAGER: Reach.ALL},
    Permission.READ_NUMBER_SERIES: {
        Role.AGENCY_MANAGER: Reach.ALL,
        Role.MALL_MANAGER: Reach.ALL,
        Role.AUDITOR: Reach.ALL,
    },
    Permission.CHANGE_SERVICES: {Role.AGENCY_MANAGER: Reach.OWN, Role.MALL_MANAGER: Reach.ALL},
    Permission.MANAGE_COUNTERS: {Role.MALL_MANAGER: Reach.ALL},
    Permission.CHANGE_COUNTERS: {Role.AGENCY_MANAGER: Reach.OWN, Role.MALL_MANAGER: Reach.ALL},
    Permission.OPERATE_COUNTERS: _OFFICE,
    Permission.CANCEL_TICKETS: {**_OFFICE, Scope.TICKETS_WRITE: Reach.OWN},
    Permission.ISSUE_TICKETS: {
        Anyone.PUBLIC: Reach.ALL,
        DeviceKind.KIOSK: Reach.ALL,
        Role.OFFICER: Reach.ALL,
        Role.AGENCY_MANAGER: Reach.ALL,
        Role.MALL_MANAGER: Reach.ALL,
        Scope.TICKETS_WRITE: Reach.OWN,
    },
    Permission.PRINT_TICKETS: {DeviceKind.KIOSK: Reach.OWN, **_OFFICE},
    Permission.RESERVE_NUMBERS: {DeviceKind.KIOSK: Reach.OWN},
    Permission.READ_NUMBER_BLOCKS: {
        DeviceKind.KIOSK: Reach.OWN,
        Role.MALL_MANAGER: Reach.ALL,
        Role.AUDITOR: Reach.ALL,
    },
    Permission.READ_TICKETS: {
        DeviceKind.KIOSK: Reach.OWN,
        **_OFFICE,
        Role.AUDITOR: Reach.ALL,
        Scope.TICKETS_READ: Reach.OWN,
    },
    Permission.LIST_TICKETS: {**_OFFICE, Role.AUDITOR: Reach.ALL, Scope.TICKETS_READ: Reach.OWN},
    Permission.READ_STATISTICS: {
        Role.AGENCY_MANAGER: Reach.OWN,
        Role.MALL_MANAGER: Reach.ALL,
        Role.AUDITOR: Reach.ALL,
        Role.MINISTRY_OBSERVER: Reach.ALL,
        Scope.STATISTICS_READ: Reach.OWN,
    },
    Permission.READ_EVENTS: {
        DeviceKind.DISPLAY: Reach.ALL,
        Role.AGENCY_MANAGER: Reach.OWN,
        Role.MALL_MANAGER: Reach.ALL,
        Role.AUDITOR: Reach.ALL,
        Scope.EVENTS_READ: Reach.OWN,
    },
    Permission.USE_OWN_TICKET: {**_EVERYONE, Scope.TICKETS_READ: Reach.ALL, Scope.TICKETS_WRITE: Reach.ALL},
    Permission.CONFIRM_PHONES: {Anyone.PUBLIC: Reach.ALL},
    Permission.SEND_MESSAGES: {Scope.MESSAGES_SEND: Reach.ALL},
    Permission.READ_STAFF: {Role.AGENCY_MANAGER: Reach.OWN, Role.MALL_MANAGER: Reach.ALL, Role.AUDITOR: Reach.ALL},
    Permission.APPOINT_STAFF: {
        Role.AGENCY_MANAGER: Reach.OWN,
        Role.MALL_MANAGER: Reach.ALL,
        Role.PLATFORM_ADMIN: Reach.ALL,
    },
    Permission.MANAGE_STAFF: {Role.AGENCY_MANAGER: Reach.OWN, Role.MALL_MANAGER: Reach.ALL},
    Permission.READ_DEVICES: {Role.MALL_MANAGER: Reach.ALL, Role.AUDITOR: Reach.ALL},
    Permission.CHANGE_DEVICES: {Role.MALL_MANAGER: Reach.ALL},
    Permission.READ_CLIENTS: {Role.AGENCY_MANAGER: Reach.OWN, Role.MALL_MANAGER: Reach.ALL, Role.AUDITOR: Reach.ALL},
    Permission.CHANGE_CLIENTS: {Role.AGENCY_MANAGER: Reach.OWN, Role.MALL_MANAGER: Reach.ALL},
    Permission.READ_WEBHOOKS: {
        Role.AGENCY_MANAGER: Reach.OWN,
        Role.MALL_MANAGER: Reach.ALL,
        Role.AUDITOR: Reach.ALL,
        Scope.EVENTS_READ: Reach.OWN,
    },
    Permission.CHANGE_WEBHOOKS: {Role.AGENCY_MANAGER: Reach.OWN, Role.MALL_MANAGER: Reach.ALL},
    Permission.MANAGE_ACCOUNTS: {Role.PLATFORM_ADMIN: Reach.ALL},
}
USABLE_SCOPES = tuple(scope for scope in Scope if any(scope in row for row in TABLE.values()))
"""The scopes that a client can be given: each opens something today."""
OF_THE_MALL = (Scope.MESSAGES_SEND,)
"""Scopes that reach over all agencies' visitors: only the mall's manager gives them, and their secrets."""


@dataclass(frozen=True)
class RoleBinding:
    """A part that a caller plays: everywhere (no mall), in a mall, or for one agency of it."""

    part: Part
    mall_id: int | None = None
    agency_id: UUID | None = None
