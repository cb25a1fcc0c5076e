"""What entries say of accounts, roles, machines and keys: see `event_data.py`."""

import datetime as dt
from uuid import UUID

from typing_extensions import TypedDict

from app.domain.devices import DeviceKind
from app.domain.event_data import Edited
from app.domain.names import LocalizedText
from app.domain.roles import Role, Scope
from app.domain.webhooks import Backlog, DisabledBecause


class AccountData(TypedDict):
    """An account: whose it is stands in no entry."""

    platform_role: Role | None
    """Its role on the whole platform; null: none."""


class AccountChanged(AccountData, Edited):
    """An account after an edit."""


class RoleData(TypedDict):
    """A role of an account in the mall, or for the entry's agency."""

    account_id: UUID
    role: Role
    """The role."""


class DeviceData(TypedDict):
    """A kiosk or display."""

    kind: DeviceKind
    """A kiosk, or a display."""
    name: LocalizedText
    location_id: UUID


class DeviceChanged(DeviceData, Edited):
    """A device after an edit."""


class ClientData(TypedDict):
    """A partner's system of the entry's agency."""

    name: str
    scopes: list[Scope]


class ClientChanged(ClientData, Edited):
    """A partner's system after an edit."""


class ClientSecretRotated(ClientData):
    """A partner's system, and how long its old secret still works; null: it does not."""

    old_secret_until: dt.datetime | None
    """How long the old secret still works; null: it does not."""


class WebhookData(TypedDict):
    """Where events of the entry's agency are sent, or of the mall: no more of the address than its host."""

    name: str
    host: str
    event_types: list[str]


class WebhookChanged(WebhookData, Edited):
    """A webhook after an edit."""


class WebhookSecretRotated(WebhookData):
    """A webhook, and how long its old secret still signs beside the new one; null: it does not."""

    old_secret_until: dt.datetime | None


class WebhookDisabled(WebhookData):
    """A webhook that is sent nothing more, and why."""

    disabled_because: DisabledBecause


class WebhookEnabled(WebhookData):
    """A webhook that is sent events again, and what becomes of those that it was not sent."""

    backlog: Backlog


class WebhookReplayed(WebhookData):
    """A webhook to which these entries of the journal are sent again, the last one included."""

    from_sequence: int
    to_sequence: int


class SigningKeyData(TypedDict):
    """A key that signs access tokens."""

    signs_from: dt.datetime | None


class SigningKeyRotated(SigningKeyData):
    """A new key, and when those before it stop verifying."""

    others_leave_at: dt.datetime
