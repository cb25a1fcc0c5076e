"""Acts of the platform's that need no administrator yet, or no request: the first one, and signing keys."""

import argparse
import getpass
import os
from datetime import timedelta

from app.actions import accounts, signing_keys
from app.commands.data_folder import server_key
from app.commands.deployment import say, write_platform
from app.domain.accounts import PASSWORD_LENGTH, is_guessable
from app.domain.roles import Role
from app.domain.signing_keys import KEY_LEAD
from app.journal import Journal
from app.queries.accounts import account_named
from app.security.passwords import Passwords
from app.settings import Settings, SettingsError


def create_admin(settings: Settings, arguments: argparse.Namespace) -> None:
    """Create the first platform administrator of an empty deployment."""
    password = os.environ.get("MPP_ADMIN_PASSWORD") or getpass.getpass("Password: ")
    if not PASSWORD_LENGTH[0] <= len(password) <= PASSWORD_LENGTH[1]:
        raise SettingsError(f"A password has {PASSWORD_LENGTH[0]} to {PASSWORD_LENGTH[1]} characters.")
    if is_guessable(password, arguments.username):
        raise SettingsError("That password is among the first to be tried; use several random words.")
    password_hash = Passwords(quick=settings.quick_passwords).hash(password)

    async def create(journal: Journal) -> None:
        if await account_named(journal.session, arguments.username):
            raise SettingsError(f"There is an account {arguments.username} already.")
        await accounts.create(
            journal,
            username=arguments.username,
            name=arguments.name,
            password_hash=password_hash,
            platform_role=Role.PLATFORM_ADMIN,
        )

    write_platform(settings, create)
    say(f"Created the platform administrator {arguments.username}.")


def rotate_keys(settings: Settings, arguments: argparse.Namespace) -> None:
    """Make a new signing key. The JWKS shows it at once; it signs after a while, and the old ones leave after that."""
    leaked, key = arguments.leaked, server_key(settings)
    lead = KEY_LEAD if arguments.after is None else timedelta(seconds=arguments.after)
    after = timedelta() if leaked else lead

    kid = write_platform(settings, lambda journal: signing_keys.rotate(journal, key, after=after, forget=leaked))
    say(f"The key {kid} signs {f'in {after}' if after else 'from now on'}.")
