"""Who may sign in, and what is refused at the door."""

from app.errors import Conflict, Invalid, domain_error

PASSWORD_LENGTH = (12, 128)


@domain_error
class UsernameTaken(Conflict):
    """A user name belongs to one account on the platform. A person of another mall is granted a role by id."""

    pointer = "/username"


@domain_error
class PasswordIsUsername(Invalid):
    """A password is not the account's user name."""

    member: str


@domain_error
class PasswordWrong(Invalid):
    """Whoever changes the own password says the present one."""

    pointer = "/current_password"


@domain_error
class OwnAccount(Conflict):
    """Nobody shuts out the own account or takes its roles away: nobody might be left who lets people in."""


def must_fit(password: str | None, username: str, member: str) -> None:
    """Raise PasswordIsUsername. Its length is in its shape."""
    if password is not None and password.lower() == username.lower():
        raise PasswordIsUsername(member=member)
