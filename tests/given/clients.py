"""Partners' systems in a test's mall."""

from uuid import UUID

from tests.given.asking import Asker, Json
from tests.given.base import Agency, MallBase

ALL_SCOPES = ["catalogue:read", "joining:read", "tickets:write", "tickets:read", "statistics:read", "events:read"]


def showing(client: Json, **more: str) -> dict[str, str]:
    """The form by which a client that was registered asks for a token."""
    form = {"client_id": client["id"], "client_secret": client["client_secret"]}
    return {"grant_type": "client_credentials", **form, **more}


class Clients(MallBase):
    """Systems that show a secret."""

    async def client(self, agency: Agency, *scopes: str) -> Json:
        """A partner's client of the agency, just registered, with all scopes unless some are named."""
        wanted = list(scopes) or ALL_SCOPES
        return await self.manager.does("/clients", {"agency_id": agency.id, "name": "Sistem mitra", "scopes": wanted})

    async def partner(self, agency: Agency, *scopes: str) -> Asker:
        """A partner's system of the agency, with a token for these scopes."""
        return await self.bearing(await self.client(agency, *scopes))

    async def bearing(self, client: Json, scope: str = "") -> Asker:
        """A system that was registered, with a token for all its scopes or for this one."""
        form = showing(client, scope=scope) if scope else showing(client)
        token = await self.public.does("//v1/oauth/token", data=form)
        return Asker(self.http, self.path, token["access_token"], UUID(client["id"]), channel="partner")
