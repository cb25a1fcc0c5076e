"""People with a role in a test's mall. Most sign in with no password: a token is made for them."""

import os
from uuid import UUID

import httpx

from app import models
from app.actions import accounts
from app.domain.callers import SYSTEM
from app.domain.roles import Role
from app.journal import Journal
from tests.given.asking import Asker, Json
from tests.given.base import Agency, MallBase, numbers

PASSWORD = "sandi yang cukup panjang"


def username(role: Role) -> str:
    """A name that nobody else has on the platform."""
    return f"{role}.{next(numbers)}.{os.getpid()}"


def someone(role: str, agency: Agency | None = None, **more: str) -> Json:
    """Somebody to take on."""
    name = f"staf.{os.getpid()}.{next(numbers)}"
    return {"username": name, "name": "Dewi", "role": role, "agency_id": agency and agency.id, **more}


class Staff(MallBase):
    """Managers, officers, auditors."""

    async def person(self, role: Role, agency: Agency | None = None) -> Asker:
        """Somebody with a role in this mall."""

        async def appear(journal: Journal) -> UUID:
            account = await accounts.create(journal, username=username(role), name="Dewi", password_hash="-")
            await accounts.grant(journal, account, role, UUID(agency.id) if agency else None)
            return account.id

        account_id = await self.database.write(self.ref, SYSTEM, appear)
        tokens = await self.context.sign_in.new_session(account_id, 1)
        return Asker(self.http, self.path, tokens.access_token, account_id)

    async def grant(self, person: Asker, role: Role, agency: Agency | None = None) -> None:
        """One more role in this mall for somebody."""

        async def appoint(journal: Journal) -> None:
            account = await journal.session.get_one(models.Account, person.id)
            await accounts.grant(journal, account, role, UUID(agency.id) if agency else None)

        await self.database.write(self.ref, SYSTEM, appoint)

    async def officer(self, agency: Agency) -> Asker:
        return await self.person(Role.OFFICER, agency)

    async def agency_manager(self, agency: Agency) -> Asker:
        return await self.person(Role.AGENCY_MANAGER, agency)

    async def tokens(self, username: str, password: str) -> httpx.Response:
        """What is answered to a user name and a password."""
        form = {"grant_type": "password", "username": username, "password": password}
        return await self.public.post("//v1/oauth/token", data=form)

    async def sign_in(self, staff: Json, password: str) -> tuple[Asker, str]:
        """The person at work, and the refresh token."""
        answer = await self.tokens(staff["username"], password)
        assert answer.is_success, answer.text
        tokens = answer.json()
        return Asker(self.public.http, self.path, tokens["access_token"], UUID(staff["id"])), tokens["refresh_token"]

    async def refreshes(self, token: str) -> bool:
        """Whether a refresh token still gives another one."""
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return (await self.public.post("//v1/oauth/token", data=form)).is_success
