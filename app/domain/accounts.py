"""Signing in, passwords, and the refusals of any request."""

from app.errors import Conflict, Invalid, domain_error

PASSWORD_LENGTH = (12, 128)


@domain_error
class UsernameTaken(Conflict):
    """A user name belongs to one account on the platform. Who has one already is granted a role by it."""

    pointer = "/username"


@domain_error
class PasswordIsUsername(Invalid):
    """A password is not the account's user name."""

    member: str


@domain_error
class PasswordWrong(Invalid):
    """The current password is required to set a new one, and this is not it."""

    pointer = "/current_password"


@domain_error
class OwnAccount(Conflict):
    """Nobody disables their own account or revokes its roles: otherwise nobody might be left who can undo it."""


def must_fit(password: str | None, username: str, member: str) -> None:
    """Raise PasswordIsUsername. Its length is in its shape."""
    if password is not None and password.lower() == username.lower():
        raise PasswordIsUsername(member=member)
