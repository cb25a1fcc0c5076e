"""Accounts on the wire."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.domain.accounts import PASSWORD_LENGTH
from app.domain.roles import Role
from app.schemas.base import Input, Instant, Line, Output, SecretMember, printable

Username = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{2,63}$"),
    Field(description="The user name to sign in with", examples=["petugas.disdukcapil.1"]),
]
PersonName = Annotated[Line, Field(description="The person's name, as colleagues know it", examples=["Dewi Lestari"])]
Password = Annotated[
    str,
    StringConstraints(min_length=PASSWORD_LENGTH[0], max_length=PASSWORD_LENGTH[1]),
    AfterValidator(printable),
    Field(json_schema_extra={"format": "password"}, examples=["sandi yang cukup panjang"]),
]
FirstPassword = Annotated[
    Password | None,
    Field(
        description="Hard to guess: `password_guessable` says what is refused. Null: one is generated, and shown once"
    ),
]
ShownOnce = Annotated[str | None, Field(examples=["7ZK3M-9QH2R-TX4B8-VD1WE"])]


class AccountRequest(Input):
    """An account that runs or watches the whole deployment."""

    username: Username
    name: PersonName
    role: Literal[Role.PLATFORM_ADMIN, Role.MINISTRY_OBSERVER]
    """What the account will be to the platform."""
    password: FirstPassword = None


class Account(Output):
    """An account that runs or watches the whole deployment."""

    id: UUID
    """The account's id; it never changes."""
    username: str
    name: PersonName
    role: Role
    """What the account is to the platform."""
    created_at: Instant
    disabled_at: Instant | None


class NewAccount(Account):
    """An account that was just created, or whose password was just reset."""

    secret: ClassVar = SecretMember("password", of="account")

    password: ShownOnce
    """Shown once, here; null if the request gave the password."""
